-- The column that a sequence is OWNED BY.
SELECT 0::oid AS class, c.oid, 0 AS sub, 'sequence owner' AS kind, c.oid::regclass::text AS name,
       'sequence' AS parent_kind, c.oid::regclass::text AS parent, 'SEQUENCE ' || c.oid::regclass AS target,
       jsonb_build_object('table', d.refobjid::regclass::text,
                          'column', d.refobjid::regclass || '.' || quote_ident(a.attname)) AS facts
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'a'
                  AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
  JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
 WHERE c.relkind = 'S' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
