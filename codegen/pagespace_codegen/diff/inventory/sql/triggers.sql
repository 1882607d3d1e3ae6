-- Triggers, except those of foreign keys and those that a partition has from its table.
SELECT 'pg_trigger'::regclass::oid AS class, t.oid, 0 AS sub, 'trigger' AS kind,
       quote_ident(t.tgname) || ' ON ' || c.oid::regclass AS name,
       CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS parent_kind,
       c.oid::regclass::text AS parent, 'TRIGGER ' || quote_ident(t.tgname) || ' ON ' || c.oid::regclass AS target,
       jsonb_build_object('name', quote_ident(t.tgname), 'table', c.oid::regclass::text,
                          'definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled,
                          'is_constraint', t.tgconstraint <> 0) AS facts
  FROM pg_trigger t
  JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
