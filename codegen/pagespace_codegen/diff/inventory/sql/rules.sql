-- Rewrite rules except those that views are made of.
SELECT 'pg_rewrite'::regclass::oid AS class, r.oid, 0 AS sub, 'rule' AS kind,
       quote_ident(r.rulename) || ' ON ' || c.oid::regclass AS name,
       CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'table' END AS parent_kind,
       c.oid::regclass::text AS parent, 'RULE ' || quote_ident(r.rulename) || ' ON ' || c.oid::regclass AS target,
       jsonb_build_object('name', quote_ident(r.rulename), 'table', c.oid::regclass::text,
                          'definition', rtrim(pg_get_ruledef(r.oid), ';'), 'enabled', r.ev_enabled) AS facts
  FROM pg_rewrite r
  JOIN pg_class c ON c.oid = r.ev_class
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE r.rulename <> '_RETURN' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
