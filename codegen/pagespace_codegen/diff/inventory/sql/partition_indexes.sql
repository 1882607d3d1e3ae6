-- Indexes and constraints that a partition has from its table: all that is their own is their name.
SELECT 0::oid AS class, c.oid, 0 AS sub, 'partition index' AS kind,
       t.oid::regclass || ' OF ' || i.inhparent::regclass AS name, 'table' AS parent_kind, t.oid::regclass::text AS parent,
       CASE WHEN o.oid IS NULL THEN 'INDEX ' ELSE 'TABLE ' || t.oid::regclass END AS target,
       jsonb_build_object('schema', quote_ident(n.nspname), 'name', quote_ident(c.relname),
                          'is_constraint', o.oid IS NOT NULL) AS facts
  FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('i', 'I')
  JOIN pg_index x ON x.indexrelid = c.oid
  JOIN pg_class t ON t.oid = x.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_constraint o ON o.conindid = c.oid AND o.contype IN ('p', 'u', 'x')
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL
SELECT 0, o.oid, 0, 'partition index', o.conrelid::regclass || ' OF ' || quote_ident(p.conname) || ' ON '
       || p.conrelid::regclass, 'table', o.conrelid::regclass::text, 'TABLE ' || o.conrelid::regclass,
       jsonb_build_object('schema', quote_ident(n.nspname), 'name', quote_ident(o.conname), 'is_constraint', true)
  FROM pg_constraint o
  JOIN pg_constraint p ON p.oid = o.conparentid
  JOIN pg_namespace n ON n.oid = o.connamespace
 WHERE o.contype = 'f' AND o.conrelid <> p.conrelid
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
