-- Tables of publications, as version 15 and later record them.
SELECT 'pg_publication_rel'::regclass::oid AS class, r.oid, 0 AS sub, 'publication member' AS kind,
       quote_ident(p.pubname) || ' TABLE ' || r.prrelid::regclass AS name,
       'publication' AS parent_kind, quote_ident(p.pubname) AS parent,
       'PUBLICATION ' || quote_ident(p.pubname) AS target,
       jsonb_build_object(
           'member', 'TABLE ' || r.prrelid::regclass,
           'suffix', concat(
               (SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')'
                  FROM pg_attribute a
                 WHERE a.attrelid = r.prrelid
                   AND a.attnum::text = ANY (string_to_array(r.prattrs::text, ' '))),
               (SELECT ' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')'
                 WHERE r.prqual IS NOT NULL))) AS facts
  FROM pg_publication_rel r
  JOIN pg_publication p ON p.oid = r.prpubid
