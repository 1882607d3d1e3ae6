-- ALTER DEFAULT PRIVILEGES of the current role. What is there by default is not listed by the server.
SELECT 'pg_default_acl'::regclass::oid AS class, d.oid, 0 AS sub, 'default privileges' AS kind,
       concat_ws(' ', CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                                           WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END,
                 'IN SCHEMA ' || quote_ident(n.nspname),
                 CASE WHEN NOT d.is_of_current_role
                      THEN 'FOR ROLE ' || quote_ident(pg_get_userbyid(d.defaclrole)) END) AS name,
       CASE WHEN n.oid IS NOT NULL THEN 'schema' END AS parent_kind, quote_ident(n.nspname) AS parent,
       concat_ws(' ', 'DEFAULT PRIVILEGES',
                 CASE WHEN NOT d.is_of_current_role
                      THEN 'FOR ROLE ' || quote_ident(pg_get_userbyid(d.defaclrole)) END,
                 'IN SCHEMA ' || quote_ident(n.nspname)) AS target,
       jsonb_build_object(
           'type', d.defaclobjtype,
           'is_of_current_role', d.is_of_current_role,
           'schema', quote_ident(n.nspname),
           'on', CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                                      WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END,
           'granted', coalesce((
               SELECT jsonb_agg(DISTINCT jsonb_build_array(
                          e.privilege_type,
                          CASE WHEN e.grantee = 0 THEN 'PUBLIC'
                               WHEN e.grantee = d.defaclrole AND d.is_of_current_role THEN 'CURRENT_USER'
                               ELSE quote_ident(pg_get_userbyid(e.grantee)) END,
                          e.is_grantable AND e.grantee <> d.defaclrole))
                 FROM aclexplode(d.defaclacl) e), '[]'),
           'by_default', CASE WHEN d.defaclnamespace <> 0 THEN '[]' ELSE coalesce((
               SELECT jsonb_agg(DISTINCT jsonb_build_array(
                          e.privilege_type,
                          CASE WHEN e.grantee = 0 THEN 'PUBLIC' WHEN d.is_of_current_role THEN 'CURRENT_USER'
                               ELSE quote_ident(pg_get_userbyid(e.grantee)) END, false))
                 FROM aclexplode(acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END,
                                            d.defaclrole)) e), '[]') END) AS facts
  FROM (SELECT *, defaclrole = (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user) AS is_of_current_role
          FROM pg_default_acl) AS d
  LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
