-- Sequences of their own, those of serial columns among them; the sequence of an identity belongs to its column.
SELECT 'pg_class'::regclass::oid AS class, c.oid, 0 AS sub, 'sequence' AS kind, c.oid::regclass::text AS name,
       NULL::text AS parent_kind, NULL::text AS parent, 'SEQUENCE ' || c.oid::regclass AS target,
       jsonb_build_object(
           'schema', quote_ident(n.nspname), 'name', quote_ident(c.relname),
           'type', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement, 'min', s.seqmin,
           'max', s.seqmax, 'cache', s.seqcache, 'is_cycle', s.seqcycle, 'is_unlogged', c.relpersistence = 'u') AS facts
  FROM pg_sequence s
  JOIN pg_class c ON c.oid = s.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i'
                      AND d.refclassid = 'pg_class'::regclass)
