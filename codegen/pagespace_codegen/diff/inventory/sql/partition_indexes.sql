-- Indexes and constraints that a partition has from its table: all that is their own is their name, and where the rows
-- are, storage parameters. `definition` is what the same thing would say of itself if it stood alone.
SELECT 0::oid AS class, c.oid, 0 AS sub, 'partition index' AS kind,
       t.oid::regclass || ' OF ' || i.inhparent::regclass AS name, 'table' AS parent_kind, t.oid::regclass::text AS parent,
       CASE WHEN o.oid IS NULL THEN 'INDEX ' ELSE 'TABLE ' || t.oid::regclass END AS target,
       jsonb_build_object('schema', quote_ident(n.nspname), 'name', quote_ident(c.relname),
                          'is_constraint', o.oid IS NOT NULL,
                          'is_own_key', o.oid IS NOT NULL AND o.conparentid = 0,
                          'is_unique', x.indisunique,
                          'is_valid', x.indisvalid,
                          'is_attached_by_name', NOT p.indisvalid,
                          'above', i.inhparent::regclass::text,
                          'options', CASE WHEN c.relkind = 'i' THEN (
                              SELECT jsonb_agg(quote_ident(option_name) || '=' || quote_literal(option_value)
                                               ORDER BY option_name)
                                FROM pg_options_to_table(c.reloptions)) END,
                          'definition', CASE WHEN o.oid IS NOT NULL THEN pg_get_constraintdef(o.oid) ELSE substr(
                              pg_get_indexdef(c.oid),
                              length(concat('CREATE ', CASE WHEN x.indisunique THEN 'UNIQUE ' END, 'INDEX ',
                                            quote_ident(c.relname), ' ON ', CASE WHEN c.relkind = 'I' THEN 'ONLY ' END,
                                            t.oid::regclass)) + 2) END,
                          'of', CASE WHEN pi.inhrelid IS NOT NULL THEN jsonb_build_array(
                                         'partition index', p.indrelid::regclass || ' OF ' || pi.inhparent::regclass)
                                     WHEN po.oid IS NOT NULL THEN jsonb_build_array(
                                         'constraint', quote_ident(po.conname) || ' ON ' || po.conrelid::regclass)
                                     ELSE jsonb_build_array('index', i.inhparent::regclass::text) END) AS facts
  FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('i', 'I')
  JOIN pg_index x ON x.indexrelid = c.oid
  JOIN pg_class t ON t.oid = x.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_index p ON p.indexrelid = i.inhparent
  LEFT JOIN pg_inherits pi ON pi.inhrelid = i.inhparent
  LEFT JOIN pg_constraint o ON o.conindid = c.oid AND o.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_constraint po ON po.conindid = i.inhparent AND po.contype IN ('p', 'u', 'x')
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL
SELECT 0, o.oid, 0, 'partition index', o.conrelid::regclass || ' OF ' || quote_ident(p.conname) || ' ON '
       || p.conrelid::regclass, 'table', o.conrelid::regclass::text, 'TABLE ' || o.conrelid::regclass,
       jsonb_build_object('schema', quote_ident(n.nspname), 'name', quote_ident(o.conname), 'is_constraint', true,
                          'is_own_key', false, 'is_attached_by_name', false,
                          'definition', pg_get_constraintdef(o.oid),
                          'of', CASE WHEN p.conparentid = 0
                                     THEN jsonb_build_array('foreign key', quote_ident(p.conname) || ' ON ' || p.conrelid::regclass)
                                     ELSE jsonb_build_array('partition index', p.conrelid::regclass || ' OF ' || quote_ident(pp.conname)
                                                            || ' ON ' || p.conrelid::regclass) END)
  FROM pg_constraint o
  JOIN pg_constraint p ON p.oid = o.conparentid
  LEFT JOIN pg_constraint pp ON pp.oid = p.conparentid
  JOIN pg_namespace n ON n.oid = o.connamespace
 WHERE o.contype = 'f' AND o.conrelid <> p.conrelid
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
