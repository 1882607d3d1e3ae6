-- Composite types that stand alone, one row for each field; a type without fields gives one row of NULLs.
SELECT n.nspname AS schema, c.relname AS name,
       obj_description(c.reltype, 'pg_type') AS comment,
       x.extname AS extension,
       a.attname AS field,
       tn.nspname AS type_schema, coalesce(e.typname, t.typname) AS type_name, e.oid IS NOT NULL AS is_array,
       format_type(a.atttypid, a.atttypmod) AS text, format_type(a.atttypid, -1) AS text_unmodified,
       a.attndims AS dimensions,
       col_description(c.oid, a.attnum) AS field_comment
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type e ON e.typarray = t.oid
LEFT JOIN pg_namespace tn ON tn.oid = coalesce(e.typnamespace, t.typnamespace)
LEFT JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = c.reltype AND d.deptype = 'e'
LEFT JOIN pg_extension x ON x.oid = d.refobjid
WHERE c.relkind = 'c'
  AND n.nspname !~ '^pg_'
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum
