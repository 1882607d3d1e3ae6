-- Access methods.
SELECT 'pg_am'::regclass::oid AS class, a.oid, 0 AS sub, 'access method' AS kind, quote_ident(a.amname) AS name,
       NULL::text AS parent_kind, NULL::text AS parent, 'ACCESS METHOD ' || quote_ident(a.amname) AS target,
       jsonb_build_object('create', jsonb_build_array(
           format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', a.amname,
                  CASE a.amtype WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END, a.amhandler))) AS facts
  FROM pg_am a
 WHERE a.oid >= 16384
