-- Schemas of the user; `public` is one of them, as it can be dropped.
SELECT 'pg_namespace'::regclass::oid AS class, n.oid, 0 AS sub, 'schema' AS kind, quote_ident(n.nspname) AS name,
       NULL::text AS parent_kind, NULL::text AS parent, 'SCHEMA ' || quote_ident(n.nspname) AS target,
       jsonb_build_object() AS facts
  FROM pg_namespace n
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
