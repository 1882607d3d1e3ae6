-- Transforms of types for languages.
SELECT 'pg_transform'::regclass::oid AS class, t.oid, 0 AS sub, 'transform' AS kind,
       format('FOR %s LANGUAGE %I', t.trftype::regtype, l.lanname) AS name,
       NULL::text AS parent_kind, NULL::text AS parent,
       format('TRANSFORM FOR %s LANGUAGE %I', t.trftype::regtype, l.lanname) AS target,
       jsonb_build_object('create', jsonb_build_array(
           format('CREATE TRANSFORM FOR %s LANGUAGE %I (%s)', t.trftype::regtype, l.lanname, concat_ws(', ',
                  'FROM SQL WITH FUNCTION ' || nullif(t.trffromsql, 0)::regprocedure,
                  'TO SQL WITH FUNCTION ' || nullif(t.trftosql, 0)::regprocedure)))) AS facts
  FROM pg_transform t
  JOIN pg_language l ON l.oid = t.trflang
 WHERE t.oid >= 16384
