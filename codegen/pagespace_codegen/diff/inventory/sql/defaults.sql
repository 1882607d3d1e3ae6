-- Defaults of columns, of views' columns too, and of domains.
SELECT 'pg_attrdef'::regclass::oid AS class, d.oid, 0 AS sub, 'default' AS kind,
       c.oid::regclass || '.' || quote_ident(a.attname) AS name,
       CASE c.relkind WHEN 'v' THEN 'view' ELSE 'column' END AS parent_kind,
       CASE c.relkind WHEN 'v' THEN c.oid::regclass::text
            ELSE c.oid::regclass || '.' || quote_ident(a.attname) END AS parent,
       'TABLE ONLY ' || c.oid::regclass || ' ALTER COLUMN ' || quote_ident(a.attname) AS target,
       jsonb_build_object('table', c.oid::regclass::text, 'column', quote_ident(a.attname),
                          'expression', pg_get_expr(d.adbin, d.adrelid),
                          -- pg_depend does not list the server's own functions; the stored tree names all of them
                          'is_volatile', EXISTS (SELECT FROM regexp_matches(d.adbin::text, ':(?:op)?funcid (\d+)', 'g') f
                                                   JOIN pg_proc p ON p.oid = f[1]::oid
                                                  WHERE p.provolatile = 'v')) AS facts
  FROM pg_attrdef d
  JOIN pg_class c ON c.oid = d.adrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum AND NOT a.attisdropped
 WHERE a.attgenerated = '' AND c.relkind IN ('r', 'p', 'f', 'v') AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL
SELECT 0, t.oid, 0, 'default', t.oid::regtype::text, 'domain', t.oid::regtype::text, 'DOMAIN ' || t.oid::regtype,
       jsonb_build_object('expression', CASE WHEN t.typdefaultbin IS NOT NULL THEN pg_get_expr(t.typdefaultbin, 0)
                                             ELSE quote_literal(t.typdefault) END)
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'd' AND (t.typdefaultbin IS NOT NULL OR t.typdefault IS NOT NULL)
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
