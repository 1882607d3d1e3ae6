-- Composite types of their own: attributes in order.
SELECT 'pg_type'::regclass::oid AS class, t.oid, 0 AS sub, 'composite' AS kind, t.oid::regtype::text AS name,
       NULL::text AS parent_kind, NULL::text AS parent, 'TYPE ' || t.oid::regtype AS target,
       jsonb_build_object(
           'schema', quote_ident(n.nspname), 'name', quote_ident(t.typname),
           'attributes', coalesce((
               SELECT jsonb_agg(quote_ident(a.attname) ORDER BY a.attnum)
                 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'),
           'types', coalesce((
               SELECT jsonb_agg(concat_ws(' COLLATE ', format_type(a.atttypid, a.atttypmod),
                                          CASE WHEN a.attcollation <> b.typcollation
                                               THEN a.attcollation::regcollation::text END) ORDER BY a.attnum)
                 FROM pg_attribute a JOIN pg_type b ON b.oid = a.atttypid
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]')) AS facts
  FROM pg_class c
  JOIN pg_type t ON t.oid = c.reltype
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'c' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
