-- A partition's place in its table, or a table's parents by INHERITS.
SELECT 0::oid AS class, c.oid, min(i.inhseqno) AS sub, 'attachment' AS kind,
       c.oid::regclass || CASE WHEN c.relispartition THEN '' ELSE ' ' || i.inhparent::regclass END AS name,
       'table' AS parent_kind, c.oid::regclass::text AS parent, 'TABLE ' || c.oid::regclass AS target,
       jsonb_build_object(
           'of', i.inhparent::regclass::text,
           'bound', CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END) AS facts
  FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 GROUP BY c.oid, i.inhparent, c.relispartition, c.relpartbound
