-- Tables, partitioned tables and foreign tables, without what hangs on them.
SELECT 'pg_class'::regclass::oid AS class, c.oid, 0 AS sub, 'table' AS kind, c.oid::regclass::text AS name,
       NULL::text AS parent_kind, NULL::text AS parent,
       CASE c.relkind WHEN 'f' THEN 'FOREIGN TABLE ' ELSE 'TABLE ' END || c.oid::regclass AS target,
       jsonb_build_object(
           'schema', quote_ident(n.nspname), 'name', quote_ident(c.relname),
           'is_unlogged', c.relpersistence = 'u',
           'partition_key', pg_get_partkeydef(c.oid),
           'of_type', CASE WHEN c.reloftype <> 0 THEN c.reloftype::regtype::text END,
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
           'access_method', (SELECT quote_ident(amname) FROM pg_am WHERE pg_am.oid = c.relam),
           'tablespace', (SELECT quote_ident(spcname) FROM pg_tablespace s WHERE s.oid = c.reltablespace),
           'has_row_security', c.relrowsecurity,
           'forces_row_security', c.relforcerowsecurity,
           'replica_identity', CASE WHEN c.relkind <> 'f' THEN
               CASE c.relreplident WHEN 'n' THEN 'NOTHING' WHEN 'f' THEN 'FULL' END END,
           'server', (SELECT quote_ident(s.srvname) FROM pg_foreign_table f
                        JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid),
           'server_options', coalesce((
               SELECT jsonb_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value) ORDER BY o.option_name)
                 FROM pg_foreign_table f, pg_options_to_table(f.ftoptions) o WHERE f.ftrelid = c.oid), '[]'),
           -- Checks that a child has of its own although a parent gives them too: only CREATE TABLE can say that.
           'merged_checks', coalesce((
               SELECT jsonb_agg('CONSTRAINT ' || quote_ident(o.conname) || ' ' || pg_get_constraintdef(o.oid)
                                ORDER BY o.conname)
                 FROM pg_constraint o
                WHERE o.conrelid = c.oid AND o.contype = 'c' AND o.coninhcount > 0 AND o.conislocal
                  AND NOT c.relispartition), '[]')) AS facts
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
