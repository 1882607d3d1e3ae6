-- Constraints of tables and domains that no parent has too. NOT NULL belongs to the column or the domain.
SELECT 'pg_constraint'::regclass::oid AS class, o.oid, 0 AS sub,
       CASE o.contype WHEN 'f' THEN 'foreign key' ELSE 'constraint' END AS kind,
       quote_ident(o.conname) || ' ON ' || CASE WHEN o.conrelid <> 0 THEN o.conrelid::regclass::text
                                                ELSE 'DOMAIN ' || o.contypid::regtype END AS name,
       CASE WHEN o.conrelid <> 0 THEN 'table' ELSE 'domain' END AS parent_kind,
       CASE WHEN o.conrelid <> 0 THEN o.conrelid::regclass::text ELSE o.contypid::regtype::text END AS parent,
       'CONSTRAINT ' || quote_ident(o.conname) || ' ON '
       || CASE WHEN o.conrelid <> 0 THEN o.conrelid::regclass::text ELSE 'DOMAIN ' || o.contypid::regtype END AS target,
       jsonb_build_object(
           'name', quote_ident(o.conname),
           'schema', quote_ident(n.nspname),
           'owner', CASE WHEN o.conrelid <> 0 THEN 'TABLE ' || o.conrelid::regclass
                         ELSE 'DOMAIN ' || o.contypid::regtype END,
           'type', o.contype,
           'definition', pg_get_constraintdef(o.oid),
           'is_validated', o.convalidated,
           'is_deferrable', o.condeferrable,
           'is_deferred', o.condeferred,
           'is_enforced', coalesce((to_jsonb(o) ->> 'conenforced')::boolean, true),
           'index_options', coalesce((SELECT jsonb_agg(quote_ident(option_name) || '=' || quote_literal(option_value)
                                                       ORDER BY place)
                                        FROM pg_options_to_table(i.reloptions)
                                             WITH ORDINALITY p(option_name, option_value, place)), '[]'),
           'tablespace', (SELECT quote_ident(s.spcname) FROM pg_tablespace s WHERE s.oid = i.reltablespace),
           'is_valid', coalesce(x.indisvalid, true),
           'is_clustered', coalesce(x.indisclustered, false),
           'is_replica_identity', coalesce(x.indisreplident, false)) AS facts
  FROM pg_constraint o
  JOIN pg_namespace n ON n.oid = o.connamespace
  LEFT JOIN pg_class c ON c.oid = o.conrelid
  LEFT JOIN pg_class i ON i.oid = o.conindid AND o.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_index x ON x.indexrelid = i.oid
 WHERE o.contype IN ('c', 'f', 'p', 'u', 'x') AND o.conparentid = 0
   AND NOT (o.contype = 'c' AND o.coninhcount > 0)
   AND coalesce(c.relpersistence, 'p') <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
