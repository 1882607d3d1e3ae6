-- Collations. Columns of the catalog were renamed between versions, hence to_jsonb.
SELECT 'pg_collation'::regclass::oid AS class, c.oid, 0 AS sub, 'collation' AS kind, c.oid::regcollation::text AS name,
       NULL::text AS parent_kind, NULL::text AS parent, 'COLLATION ' || c.oid::regcollation AS target,
       jsonb_build_object('create', jsonb_build_array(
           format('CREATE COLLATION %s (%s)', c.oid::regcollation, concat_ws(', ',
               'PROVIDER = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
               CASE WHEN NOT c.collisdeterministic THEN 'DETERMINISTIC = false' END,
               CASE WHEN c.collcollate = c.collctype AND c.collprovider = 'c'
                    THEN 'LOCALE = ' || quote_literal(c.collcollate)
                    ELSE nullif(concat_ws(', ', 'LC_COLLATE = ' || quote_literal(c.collcollate),
                                                'LC_CTYPE = ' || quote_literal(c.collctype)), '') END,
               'LOCALE = ' || quote_literal(coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale')),
               'RULES = ' || quote_literal(to_jsonb(c) ->> 'collicurules'))))) AS facts
  FROM pg_collation c
  JOIN pg_namespace n ON n.oid = c.collnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
