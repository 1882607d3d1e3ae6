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
           'options', coalesce((
               SELECT jsonb_agg(o.option ORDER BY o.is_toast, o.place)
                 FROM (SELECT quote_ident(option_name) || '=' || quote_literal(option_value), false, place
                         FROM pg_options_to_table(c.reloptions)
                              WITH ORDINALITY p(option_name, option_value, place)
                       UNION ALL
                       SELECT 'toast.' || quote_ident(option_name) || '=' || quote_literal(option_value), true, place
                         FROM pg_class t,
                              pg_options_to_table(t.reloptions) WITH ORDINALITY p(option_name, option_value, place)
                        WHERE t.oid = c.reltoastrelid
                      ) AS o (option, is_toast, place)), '[]'),
           'access_method', CASE WHEN c.relkind = 'm' THEN
               (SELECT quote_ident(amname) FROM pg_am WHERE pg_am.oid = c.relam) END,
           'tablespace', (SELECT quote_ident(s.spcname) FROM pg_tablespace s WHERE s.oid = c.reltablespace),
           'is_populated', c.relispopulated,
           'stored_columns', CASE WHEN c.relkind = 'm' THEN (
               SELECT jsonb_object_agg(quote_ident(a.attname), jsonb_build_object(
                          'storage', CASE WHEN a.attstorage <> t.typstorage THEN
                              CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'
                                                ELSE 'EXTENDED' END END,
                          'default_storage', CASE t.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
                                                               WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END,
                          'compression', CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
                          'statistics', nullif(coalesce(a.attstattarget, -1), -1),
                          'options', coalesce((
                              SELECT jsonb_agg(quote_ident(option_name) || '=' || quote_literal(option_value)
                                               ORDER BY option_name)
                                FROM pg_options_to_table(a.attoptions)), '[]'),
                          'server_options', '[]'::jsonb))
                 FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                WHERE a.attrelid = c.oid AND a.attnum > 0) END) AS facts
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
