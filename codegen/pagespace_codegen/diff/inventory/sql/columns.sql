-- Columns of tables. A default is an object of its own; the expression of a generated column is part of it.
SELECT 'pg_class'::regclass::oid AS class, c.oid, a.attnum::integer AS sub, 'column' AS kind,
       c.oid::regclass || '.' || quote_ident(a.attname) AS name,
       'table' AS parent_kind, c.oid::regclass::text AS parent,
       'COLUMN ' || c.oid::regclass || '.' || quote_ident(a.attname) AS target,
       jsonb_build_object(
           'column', quote_ident(a.attname),
           'type', format_type(a.atttypid, a.atttypmod),
           'collation', CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
           'is_not_null', a.attnotnull,
           -- Named constraints since version 18; a name that the server would choose itself is no fact.
           'not_null_name', CASE WHEN nn.conname <> concat_ws('_', c.relname, a.attname, 'not_null')
                                  AND octet_length(concat_ws('_', c.relname, a.attname, 'not_null')) < 64
                                  AND CASE WHEN c.relispartition  -- which has its table's when it was made as one
                                           THEN NOT EXISTS (
                                               SELECT FROM pg_inherits i
                                                 JOIN pg_attribute p ON p.attrelid = i.inhparent
                                                                    AND p.attname = a.attname
                                                 JOIN pg_constraint o ON o.conrelid = i.inhparent AND o.contype = 'n'
                                                                     AND o.conkey[1] = p.attnum
                                                WHERE i.inhrelid = c.oid AND o.conname = nn.conname)
                                           ELSE nn.coninhcount = 0 OR nn.conislocal END
                                 THEN quote_ident(nn.conname) END,
           'not_null_constraint', quote_ident(nn.conname),
           'not_null_suffix', CASE WHEN nn.oid IS NOT NULL THEN
               concat(CASE WHEN nn.connoinherit THEN ' NO INHERIT' END,
                      CASE WHEN NOT nn.convalidated THEN ' NOT VALID' END) ELSE '' END,
           'is_not_null_inherited', coalesce(nn.coninhcount > 0 AND NOT nn.conislocal, false),
           'is_not_null_fixed', coalesce(nn.coninhcount > 0, false),  -- its name cannot be changed
           'identity', CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END,
           'sequence', CASE WHEN a.attidentity <> '' THEN (
               SELECT jsonb_build_object(
                          'schema', quote_ident(sn.nspname), 'name', quote_ident(sc.relname),
                          'literal', quote_literal(format('%I.%I', sn.nspname, sc.relname)),
                          'type', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement,
                          'min', s.seqmin, 'max', s.seqmax, 'cache', s.seqcache, 'is_cycle', s.seqcycle,
                          'is_unlogged', sc.relpersistence = 'u')
                 FROM pg_depend d
                 JOIN pg_sequence s ON s.seqrelid = d.objid
                 JOIN pg_class sc ON sc.oid = s.seqrelid
                 JOIN pg_namespace sn ON sn.oid = sc.relnamespace
                WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
                  AND d.refobjid = c.oid AND d.refobjsubid = a.attnum AND d.deptype = 'i') END,
           'generated', CASE WHEN a.attgenerated <> '' THEN
               '(' || pg_get_expr(d.adbin, d.adrelid) || ')'
               || CASE a.attgenerated WHEN 's' THEN ' STORED' ELSE ' VIRTUAL' END END,
           'storage', CASE WHEN a.attstorage <> t.typstorage THEN
               CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'
                                 ELSE 'EXTENDED' END END,
           'default_storage', CASE t.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'
                                                ELSE 'EXTENDED' END,
           'compression', CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
           'statistics', nullif(coalesce(a.attstattarget, -1), -1),
           'options', coalesce((SELECT jsonb_agg(quote_ident(option_name) || '=' || quote_literal(option_value)
                                                 ORDER BY option_name)
                                  FROM pg_options_to_table(a.attoptions)), '[]'),
           'server_options', coalesce((
               SELECT jsonb_agg(quote_ident(option_name) || ' ' || quote_literal(option_value) ORDER BY option_name)
                 FROM pg_options_to_table(a.attfdwoptions)), '[]'),
           'is_partition_key', c.relkind = 'p' AND EXISTS (
               SELECT FROM pg_depend k
                WHERE k.classid = 'pg_class'::regclass AND k.objid = c.oid AND k.objsubid = a.attnum
                  AND k.refclassid = 'pg_class'::regclass AND k.refobjid = c.oid AND k.refobjsubid = 0
                  AND k.deptype = 'i'),
           'is_inherited', a.attinhcount > 0,
           'is_local', a.attislocal) AS facts
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  LEFT JOIN pg_constraint nn ON nn.conrelid = c.oid AND nn.contype = 'n' AND nn.conkey[1] = a.attnum
 WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
