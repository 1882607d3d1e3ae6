-- Publications with everything they publish.
SELECT 'pg_publication'::regclass::oid AS class, p.oid, 0 AS sub, 'publication' AS kind, quote_ident(p.pubname) AS name,
       NULL::text AS parent_kind, NULL::text AS parent, 'PUBLICATION ' || quote_ident(p.pubname) AS target,
       jsonb_build_object(
           'name', quote_ident(p.pubname),
           'is_for_all_tables', p.puballtables,
           'options', jsonb_build_array(
               'publish = ' || quote_literal(concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END,
                   CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END,
                   CASE WHEN p.pubtruncate THEN 'truncate' END)),
               'publish_via_partition_root = ' || p.pubviaroot)
               || CASE WHEN to_jsonb(p) ->> 'pubgencols' = 's' THEN '["publish_generated_columns = stored"]'::jsonb
                       ELSE '[]' END) AS facts
  FROM pg_publication p
