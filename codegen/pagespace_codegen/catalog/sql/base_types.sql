-- Scalar types from outside the system's schemas; array types are left out.
SELECT n.nspname AS schema, t.typname AS name,
       obj_description(t.oid, 'pg_type') AS comment,
       x.extname AS extension
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
LEFT JOIN pg_extension x ON x.oid = d.refobjid
WHERE t.typtype = 'b'
  AND t.typisdefined
  AND n.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C"
