-- Range types with everything that CREATE TYPE ... AS RANGE can say.
SELECT 'pg_type'::regclass::oid AS class, t.oid, 0 AS sub, 'range' AS kind, t.oid::regtype::text AS name,
       NULL::text AS parent_kind, NULL::text AS parent, 'TYPE ' || t.oid::regtype AS target,
       jsonb_build_object(
           'schema', quote_ident(n.nspname), 'name', quote_ident(t.typname),
           'multirange', r.rngmultitypid::regtype,
           'multirange_name', (SELECT quote_ident(m.typname) FROM pg_type m WHERE m.oid = r.rngmultitypid),
           -- Functions that CREATE TYPE makes, and that keep their names when the type gets another one.
           'constructors', (SELECT jsonb_object_agg(p.oid::regprocedure, quote_ident(p.proname))
                              FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
                             WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_type'::regclass
                               AND d.refobjid IN (r.rngtypid, r.rngmultitypid) AND d.deptype = 'i'),
           'options', jsonb_build_array(
               'SUBTYPE = ' || format_type(r.rngsubtype, NULL),
               CASE WHEN NOT o.opcdefault
                    THEN 'SUBTYPE_OPCLASS = ' || quote_ident(p.nspname) || '.' || quote_ident(o.opcname) END,
               CASE WHEN r.rngcollation <> s.typcollation
                    THEN 'COLLATION = ' || r.rngcollation::regcollation END,
               CASE WHEN r.rngcanonical <> 0 THEN 'CANONICAL = ' || r.rngcanonical END,
               CASE WHEN r.rngsubdiff <> 0 THEN 'SUBTYPE_DIFF = ' || r.rngsubdiff END,
               'MULTIRANGE_TYPE_NAME = ' || r.rngmultitypid::regtype)) AS facts
  FROM pg_range r
  JOIN pg_type t ON t.oid = r.rngtypid
  JOIN pg_type s ON s.oid = r.rngsubtype
  JOIN pg_opclass o ON o.oid = r.rngsubopc
  JOIN pg_namespace p ON p.oid = o.opcnamespace
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
