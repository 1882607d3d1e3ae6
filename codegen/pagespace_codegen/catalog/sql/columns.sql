-- Columns of every relation of the user, in the order of the table.
SELECT n.nspname AS schema, c.relname AS relation,
       a.attname AS name,
       tn.nspname AS type_schema, coalesce(e.typname, t.typname) AS type_name, e.oid IS NOT NULL AS is_array,
       format_type(a.atttypid, a.atttypmod) AS text, format_type(a.atttypid, -1) AS text_unmodified,
       -- servers differ in what they say of a view
       CASE WHEN c.relkind IN ('v', 'm') THEN 0 ELSE a.attndims END AS dimensions,
       a.attnotnull AND c.relkind NOT IN ('v', 'm') AS is_not_null,
       pg_get_expr(ad.adbin, ad.adrelid) AS expression,
       a.attidentity::text AS identity,
       a.attgenerated::text AS generated,
       col_description(c.oid, a.attnum) AS comment
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type e ON e.typarray = t.oid
JOIN pg_namespace tn ON tn.oid = coalesce(e.typnamespace, t.typnamespace)
LEFT JOIN pg_attrdef ad ON ad.adrelid = c.oid AND ad.adnum = a.attnum
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm')
  AND NOT c.relispartition
  AND n.nspname <> 'information_schema'
  AND n.nspname !~ '^pg_'
ORDER BY c.oid, a.attnum
