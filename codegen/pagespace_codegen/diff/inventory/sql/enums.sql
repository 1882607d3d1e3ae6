-- Enums: their labels in order, as literals.
SELECT 'pg_type'::regclass::oid AS class, t.oid, 0 AS sub, 'enum' AS kind, t.oid::regtype::text AS name,
       NULL::text AS parent_kind, NULL::text AS parent, 'TYPE ' || t.oid::regtype AS target,
       jsonb_build_object(
           'schema', quote_ident(n.nspname), 'name', quote_ident(t.typname),
           'labels', coalesce((SELECT jsonb_agg(quote_literal(e.enumlabel) ORDER BY e.enumsortorder)
                                 FROM pg_enum e WHERE e.enumtypid = t.oid), '[]')) AS facts
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'e' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
