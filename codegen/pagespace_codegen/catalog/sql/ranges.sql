-- Range types that users and extensions made, with their multiranges.
SELECT n.nspname AS schema, t.typname AS name,
       mn.nspname AS multirange_schema, m.typname AS multirange,
       bn.nspname AS type_schema, coalesce(e.typname, b.typname) AS type_name, e.oid IS NOT NULL AS is_array,
       format_type(b.oid, -1) AS text,
       obj_description(t.oid, 'pg_type') AS comment,
       x.extname AS extension
FROM pg_range r
JOIN pg_type t ON t.oid = r.rngtypid
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_type m ON m.oid = r.rngmultitypid
JOIN pg_namespace mn ON mn.oid = m.typnamespace
JOIN pg_type b ON b.oid = r.rngsubtype
LEFT JOIN pg_type e ON e.typarray = b.oid
JOIN pg_namespace bn ON bn.oid = coalesce(e.typnamespace, b.typnamespace)
LEFT JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
LEFT JOIN pg_extension x ON x.oid = d.refobjid
WHERE n.nspname !~ '^pg_'
ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C"
