-- Procedural languages that no extension brought.
SELECT 'pg_language'::regclass::oid AS class, l.oid, 0 AS sub, 'language' AS kind, quote_ident(l.lanname) AS name,
       NULL::text AS parent_kind, NULL::text AS parent, 'LANGUAGE ' || quote_ident(l.lanname) AS target,
       jsonb_build_object('create', jsonb_build_array(
           concat_ws(' ', 'CREATE', CASE WHEN l.lanpltrusted THEN 'TRUSTED' END, 'LANGUAGE', quote_ident(l.lanname),
                     'HANDLER', l.lanplcallfoid::regproc,
                     'INLINE ' || nullif(l.laninline, 0)::regproc::text,
                     'VALIDATOR ' || nullif(l.lanvalidator, 0)::regproc::text))) AS facts
  FROM pg_language l
 WHERE l.lanispl AND l.oid >= 16384
