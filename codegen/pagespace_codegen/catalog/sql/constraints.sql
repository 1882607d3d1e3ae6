-- Constraints of tables. NOT NULL is a property of the column; what a partition inherits is its parent's.
SELECT n.nspname AS schema, r.relname AS relation,
       c.conname AS name,
       c.contype::text AS kind,
       ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k (attnum, place)
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum ORDER BY k.place) AS columns,
       fn.nspname AS referenced_schema, f.relname AS referenced,
       ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k (attnum, place)
             JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum ORDER BY k.place) AS referenced_columns,
       pg_get_constraintdef(c.oid) AS definition
FROM pg_constraint c
JOIN pg_class r ON r.oid = c.conrelid
JOIN pg_namespace n ON n.oid = r.relnamespace
LEFT JOIN pg_class f ON f.oid = nullif(c.confrelid, 0)
LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
WHERE c.contype IN ('c', 'f', 'p', 'u', 'x')
  AND c.conparentid = 0
  AND NOT r.relispartition
  AND n.nspname <> 'information_schema'
  AND n.nspname !~ '^pg_'
ORDER BY n.nspname COLLATE "C", r.relname COLLATE "C", c.conname COLLATE "C"
