-- Domains, without their checks and defaults, which are objects of their own.
SELECT 'pg_type'::regclass::oid AS class, t.oid, 0 AS sub, 'domain' AS kind, t.oid::regtype::text AS name,
       NULL::text AS parent_kind, NULL::text AS parent, 'DOMAIN ' || t.oid::regtype AS target,
       jsonb_build_object(
           'schema', quote_ident(n.nspname), 'name', quote_ident(t.typname),
           'type', format_type(t.typbasetype, t.typtypmod),
           'collation', CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END,
           'is_not_null', t.typnotnull,
           -- A constraint with a name since version 17; one that the server would choose itself is no fact.
           'not_null_name', CASE WHEN nn.conname <> t.typname || '_not_null' AND octet_length(t.typname) < 55
                                 THEN quote_ident(nn.conname) END,
           'not_null_constraint', quote_ident(nn.conname)) AS facts
  FROM pg_type t
  JOIN pg_type b ON b.oid = t.typbasetype
  JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_constraint nn ON nn.contypid = t.oid AND nn.contype = 'n'
 WHERE t.typtype = 'd' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
