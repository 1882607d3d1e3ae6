-- Extensions; plpgsql is there in every database.
SELECT 'pg_extension'::regclass::oid AS class, e.oid, 0 AS sub, 'extension' AS kind, quote_ident(e.extname) AS name,
       NULL::text AS parent_kind, NULL::text AS parent, 'EXTENSION ' || quote_ident(e.extname) AS target,
       jsonb_build_object(
           'name', quote_ident(e.extname),
           'schema', quote_ident(n.nspname),
           'version', e.extversion,
           'is_default_version', e.extversion = (SELECT a.default_version FROM pg_available_extensions a
                                                  WHERE a.name = e.extname),
           'default_comment', (SELECT quote_literal(a.comment) FROM pg_available_extensions a WHERE a.name = e.extname),
           'is_relocatable', e.extrelocatable) AS facts
  FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace
 WHERE e.extname <> 'plpgsql'
