-- Triggers that a partition has from its table: all that is their own is whether they are enabled.
SELECT 0::oid AS class, t.oid, 0 AS sub, 'partition trigger' AS kind, quote_ident(t.tgname) || ' ON ' || c.oid::regclass AS name,
       'table' AS parent_kind, c.oid::regclass::text AS parent,
       'TRIGGER ' || quote_ident(t.tgname) || ' ON ' || c.oid::regclass AS target,
       jsonb_build_object(
           'name', quote_ident(t.tgname), 'table', c.oid::regclass::text, 'enabled', t.tgenabled,
           'of', jsonb_build_array(CASE WHEN p.tgparentid = 0 THEN 'trigger' ELSE 'partition trigger' END,
                                   quote_ident(p.tgname) || ' ON ' || p.tgrelid::regclass)) AS facts
  FROM pg_trigger t
  JOIN pg_trigger p ON p.oid = t.tgparentid
  JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT t.tgisinternal AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
