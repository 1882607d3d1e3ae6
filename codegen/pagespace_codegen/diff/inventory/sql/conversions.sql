-- Conversions between encodings.
SELECT 'pg_conversion'::regclass::oid AS class, c.oid, 0 AS sub, 'conversion' AS kind,
       format('%I.%I', n.nspname, c.conname) AS name, NULL::text AS parent_kind, NULL::text AS parent,
       format('CONVERSION %I.%I', n.nspname, c.conname) AS target,
       jsonb_build_object('create', jsonb_build_array(
           format('CREATE %sCONVERSION %I.%I FOR %L TO %L FROM %s', CASE WHEN c.condefault THEN 'DEFAULT ' END,
                  n.nspname, c.conname, pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding),
                  c.conproc))) AS facts
  FROM pg_conversion c
  JOIN pg_namespace n ON n.oid = c.connamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
