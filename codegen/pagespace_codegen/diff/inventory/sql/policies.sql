-- Policies of row security.
SELECT 'pg_policy'::regclass::oid AS class, p.oid, 0 AS sub, 'policy' AS kind,
       quote_ident(p.polname) || ' ON ' || p.polrelid::regclass AS name,
       'table' AS parent_kind, p.polrelid::regclass::text AS parent,
       'POLICY ' || quote_ident(p.polname) || ' ON ' || p.polrelid::regclass AS target,
       jsonb_build_object(
           'command', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                                    WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
           'is_permissive', p.polpermissive,
           'roles', (SELECT jsonb_agg(CASE WHEN r.oid = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r.oid)) END
                                      ORDER BY pg_get_userbyid(r.oid)) FROM unnest(p.polroles) AS r (oid)),
           'using', pg_get_expr(p.polqual, p.polrelid),
           'check', pg_get_expr(p.polwithcheck, p.polrelid)) AS facts
  FROM pg_policy p
  JOIN pg_class c ON c.oid = p.polrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
