-- Indexes that no constraint made and that are no partition of another index.
SELECT 'pg_class'::regclass::oid AS class, c.oid, 0 AS sub, 'index' AS kind, c.oid::regclass::text AS name,
       CASE t.relkind WHEN 'm' THEN 'materialized view' ELSE 'table' END AS parent_kind,
       t.oid::regclass::text AS parent, 'INDEX ' || c.oid::regclass AS target,
       jsonb_build_object(
           'schema', quote_ident(n.nspname), 'name', quote_ident(c.relname),
           'table', t.oid::regclass::text,
           'is_unique', x.indisunique,
           'is_partitioned', c.relkind = 'I',
           -- What follows `CREATE [UNIQUE] INDEX name ON [ONLY] table`.
           'definition', d.definition,
           -- The same without storage parameters.
           'core', replace(d.definition, coalesce(o.clause, ''), ''),
           'options', coalesce(o.options, '[]'),
           'tablespace', (SELECT quote_ident(s.spcname) FROM pg_tablespace s WHERE s.oid = c.reltablespace),
           'statistics', coalesce((SELECT jsonb_object_agg(a.attnum, a.attstattarget) FROM pg_attribute a
                                    WHERE a.attrelid = c.oid AND a.attstattarget >= 0), '{}'),
           'is_valid', x.indisvalid,
           'is_clustered', x.indisclustered,
           'is_replica_identity', x.indisreplident) AS facts
  FROM pg_index x
  JOIN pg_class c ON c.oid = x.indexrelid
  JOIN pg_class t ON t.oid = x.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (
       SELECT substr(pg_get_indexdef(c.oid),
                     length(concat('CREATE ', CASE WHEN x.indisunique THEN 'UNIQUE ' END, 'INDEX ',
                                   quote_ident(c.relname), ' ON ', CASE WHEN c.relkind = 'I' THEN 'ONLY ' END,
                                   t.oid::regclass)) + 2) AS definition) d
  CROSS JOIN LATERAL (
       SELECT jsonb_agg(quote_ident(option_name) || '=' || quote_literal(option_value) ORDER BY place) AS options,
              ' WITH (' || string_agg(
                  quote_ident(option_name) || '=' || CASE WHEN quote_ident(option_value) = option_value
                                                          THEN option_value ELSE quote_literal(option_value) END,
                  ', ' ORDER BY place) || ')' AS clause
         FROM pg_options_to_table(c.reloptions) WITH ORDINALITY p(option_name, option_value, place)) o
 WHERE NOT c.relispartition AND t.relpersistence <> 't'
   AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = c.oid AND o.contype IN ('p', 'u', 'x'))
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
