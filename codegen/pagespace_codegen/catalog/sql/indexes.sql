-- Indexes of tables and materialized views.
SELECT n.nspname AS schema, i.relname AS name,
       rn.nspname AS relation_schema, r.relname AS relation,
       ARRAY(SELECT a.attname::text
             FROM unnest(x.indkey::int2[]) WITH ORDINALITY k (attnum, place)
             LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum AND k.attnum <> 0
             WHERE k.place <= x.indnkeyatts ORDER BY k.place) AS columns,
       x.indisunique AS is_unique,
       x.indpred IS NOT NULL AS is_partial,
       c.conname AS constraint,
       ARRAY(SELECT pg_get_indexdef(x.indexrelid, place, false) FROM generate_series(1, x.indnkeyatts) AS place) AS keys,
       pg_get_expr(x.indpred, x.indrelid) AS predicate,
       pg_get_indexdef(x.indexrelid) AS definition
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_namespace n ON n.oid = i.relnamespace
JOIN pg_class r ON r.oid = x.indrelid
JOIN pg_namespace rn ON rn.oid = r.relnamespace
LEFT JOIN pg_constraint c ON c.conindid = x.indexrelid AND c.conrelid = x.indrelid AND c.contype IN ('p', 'u', 'x')
WHERE NOT r.relispartition
  AND rn.nspname <> 'information_schema'
  AND rn.nspname !~ '^pg_'
ORDER BY n.nspname COLLATE "C", i.relname COLLATE "C"
