-- Domains, those of information_schema included: a view may expose them.
SELECT n.nspname AS schema, t.typname AS name,
       bn.nspname AS type_schema, coalesce(e.typname, b.typname) AS type_name, e.oid IS NOT NULL AS is_array,
       format_type(b.oid, t.typtypmod) AS text, format_type(b.oid, -1) AS text_unmodified,
       t.typndims AS dimensions,
       t.typnotnull AS is_not_null,
       coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault) AS "default",
       ARRAY(SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c
             WHERE c.contypid = t.oid AND c.contype = 'c' ORDER BY c.conname COLLATE "C") AS checks,
       obj_description(t.oid, 'pg_type') AS comment,
       x.extname AS extension
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_type b ON b.oid = t.typbasetype
LEFT JOIN pg_type e ON e.typarray = b.oid
JOIN pg_namespace bn ON bn.oid = coalesce(e.typnamespace, b.typnamespace)
LEFT JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
LEFT JOIN pg_extension x ON x.oid = d.refobjid
WHERE t.typtype = 'd'
  AND n.nspname !~ '^pg_'
ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C"
