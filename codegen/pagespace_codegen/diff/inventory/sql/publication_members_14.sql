-- Tables of publications, without column lists and filters: those came with version 15.
SELECT 'pg_publication_rel'::regclass::oid AS class, r.oid, 0 AS sub, 'publication member' AS kind,
       quote_ident(p.pubname) || ' TABLE ' || r.prrelid::regclass AS name,
       'publication' AS parent_kind, quote_ident(p.pubname) AS parent,
       'PUBLICATION ' || quote_ident(p.pubname) AS target,
       jsonb_build_object('member', 'TABLE ' || r.prrelid::regclass, 'suffix', '') AS facts
  FROM pg_publication_rel r
  JOIN pg_publication p ON p.oid = r.prpubid
