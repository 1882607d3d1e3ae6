-- Schemas of publications; the catalog exists from version 15 on.
SELECT 'pg_publication_namespace'::regclass::oid AS class, r.oid, 0 AS sub, 'publication member' AS kind,
       quote_ident(p.pubname) || ' SCHEMA ' || quote_ident(n.nspname) AS name,
       'publication' AS parent_kind, quote_ident(p.pubname) AS parent,
       'PUBLICATION ' || quote_ident(p.pubname) AS target,
       jsonb_build_object('member', 'TABLES IN SCHEMA ' || quote_ident(n.nspname), 'suffix', '') AS facts
  FROM pg_publication_namespace r
  JOIN pg_publication p ON p.oid = r.pnpubid
  JOIN pg_namespace n ON n.oid = r.pnnspid
