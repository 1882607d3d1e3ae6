-- Views and materialized views.
SELECT 'pg_class'::regclass::oid AS class, c.oid, 0 AS sub,
       CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind, c.oid::regclass::text AS name,
       NULL::text AS parent_kind, NULL::text AS parent,
       CASE c.relkind WHEN 'v' THEN 'VIEW ' ELSE 'MATERIALIZED VIEW ' END || c.oid::regclass AS target,
       jsonb_build_object(
           'schema', quote_ident(n.nspname), 'name', quote_ident(c.relname),
           'query', rtrim(pg_get_viewdef(c.oid), ';'),
           'columns', (SELECT jsonb_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                                                  'COLLATE ' || nullif(a.attcollation, 0)::regcollation)
                                        ORDER BY a.attnum)
                         FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
           'column_names', (SELECT jsonb_agg(quote_ident(a.attname) ORDER BY a.attnum)
                              FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
           'options', coalesce((SELECT jsonb_agg(quote_ident(option_name) || '=' || quote_literal(option_value)
                                                 ORDER BY place)
                                  FROM pg_options_to_table(c.reloptions)
                                       WITH ORDINALITY p(option_name, option_value, place)), '[]'),
           'access_method', CASE WHEN c.relkind = 'm' THEN
               (SELECT quote_ident(amname) FROM pg_am WHERE pg_am.oid = c.relam) END,
           'tablespace', (SELECT quote_ident(s.spcname) FROM pg_tablespace s WHERE s.oid = c.reltablespace),
           'is_populated', c.relispopulated,
           'column_settings', CASE WHEN c.relkind = 'm' THEN coalesce((
               SELECT jsonb_agg(s.setting ORDER BY a.attnum, s.setting)
                 FROM pg_attribute a
                 JOIN pg_type t ON t.oid = a.atttypid
                 CROSS JOIN LATERAL (VALUES
                     ('ALTER COLUMN ' || quote_ident(a.attname) || ' SET STATISTICS ' || nullif(a.attstattarget, -1)),
                     (CASE WHEN a.attstorage <> t.typstorage THEN
                          'ALTER COLUMN ' || quote_ident(a.attname) || ' SET STORAGE '
                          || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'
                                               ELSE 'EXTENDED' END END)) AS s (setting)
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND s.setting IS NOT NULL), '[]') ELSE '[]' END) AS facts
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
