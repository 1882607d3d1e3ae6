-- Privileges of every object that can have some, next to what its kind has by default. The owner is CURRENT_USER.
WITH acls (class, oid, sub, type, owner, acl, on_text, columns) AS (
    SELECT 'pg_class'::regclass::oid, c.oid, 0, CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner,
           c.relacl, CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || c.oid::regclass, ''
      FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.oid >= 16384
    UNION ALL
    SELECT 'pg_class'::regclass, c.oid, a.attnum, 'c', c.relowner, a.attacl, 'TABLE ' || c.oid::regclass,
           ' (' || quote_ident(a.attname) || ')'
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.oid >= 16384 AND a.attacl IS NOT NULL AND NOT a.attisdropped
    UNION ALL
    SELECT 'pg_proc'::regclass, p.oid, 0, 'f', p.proowner, p.proacl,
           CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END
           || p.oid::regprocedure, ''
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid >= 16384
    UNION ALL
    SELECT 'pg_namespace'::regclass, n.oid, 0, 'n', n.nspowner, n.nspacl, 'SCHEMA ' || quote_ident(n.nspname), ''
      FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid, 0, 'T', t.typowner, t.typacl, 'TYPE ' || t.oid::regtype, ''
      FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
     WHERE t.oid >= 16384 AND t.typtype IN ('e', 'd', 'c', 'r') AND coalesce(c.relkind, 'c') = 'c'
    UNION ALL
    SELECT 'pg_language'::regclass, l.oid, 0, 'l', l.lanowner, l.lanacl, 'LANGUAGE ' || quote_ident(l.lanname), ''
      FROM pg_language l WHERE l.oid >= 16384
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, w.oid, 0, 'F', w.fdwowner, w.fdwacl,
           'FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname), '' FROM pg_foreign_data_wrapper w
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, s.oid, 0, 'S', s.srvowner, s.srvacl,
           'FOREIGN SERVER ' || quote_ident(s.srvname), '' FROM pg_foreign_server s
)
SELECT a.class, a.oid, a.sub, a.type, a.on_text, a.columns,
       coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_array(
                            e.privilege_type,
                            CASE WHEN e.grantee = 0 THEN 'PUBLIC'
                                 WHEN e.grantee IN (a.owner, m.oid) THEN 'CURRENT_USER' ELSE quote_ident(pg_get_userbyid(e.grantee)) END,
                            e.is_grantable AND e.grantee NOT IN (a.owner, m.oid)))
                   FROM aclexplode(coalesce(a.acl, acldefault(a.type, a.owner))) e), '[]') AS granted,
       coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_array(
                            e.privilege_type,
                            CASE e.grantee WHEN 0 THEN 'PUBLIC' ELSE 'CURRENT_USER' END, false))
                   FROM aclexplode(acldefault(a.type, a.owner)) e), '[]') AS by_default
  FROM acls a, (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user) AS m
