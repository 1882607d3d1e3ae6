-- Foreign data wrappers, servers and user mappings. Options are literals; a mapping may hold a password.
SELECT 'pg_foreign_data_wrapper'::regclass::oid AS class, w.oid, 0 AS sub, 'foreign data wrapper' AS kind,
       quote_ident(w.fdwname) AS name, NULL::text AS parent_kind, NULL::text AS parent,
       'FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname) AS target,
       jsonb_build_object(
           'code', jsonb_strip_nulls(jsonb_build_object(
               'HANDLER', CASE WHEN w.fdwhandler <> 0 THEN w.fdwhandler::regprocedure::text END,
               'VALIDATOR', CASE WHEN w.fdwvalidator <> 0 THEN w.fdwvalidator::regprocedure::text END)),
           'options', coalesce((SELECT jsonb_object_agg(quote_ident(option_name), quote_literal(option_value))
                                  FROM pg_options_to_table(w.fdwoptions)), '{}')) AS facts
  FROM pg_foreign_data_wrapper w
UNION ALL
SELECT 'pg_foreign_server'::regclass, s.oid, 0, 'foreign server', quote_ident(s.srvname), NULL, NULL,
       'SERVER ' || quote_ident(s.srvname),
       jsonb_build_object(
           'type', quote_literal(s.srvtype), 'version', quote_literal(s.srvversion), 'wrapper', quote_ident(w.fdwname),
           'options', coalesce((SELECT jsonb_object_agg(quote_ident(option_name), quote_literal(option_value))
                                  FROM pg_options_to_table(s.srvoptions)), '{}'))
  FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
UNION ALL
SELECT 'pg_user_mapping'::regclass, m.umid, 0, 'user mapping',
       format('FOR %s SERVER %I', CASE m.umuser WHEN 0 THEN 'PUBLIC' ELSE CASE WHEN m.usename = current_user THEN
              'CURRENT_USER' ELSE quote_ident(m.usename) END END, m.srvname), NULL, NULL,
       format('USER MAPPING FOR %s SERVER %I', CASE m.umuser WHEN 0 THEN 'PUBLIC' ELSE CASE
              WHEN m.usename = current_user THEN 'CURRENT_USER' ELSE quote_ident(m.usename) END END, m.srvname),
       jsonb_build_object(
           'options', coalesce((SELECT jsonb_object_agg(quote_ident(option_name), quote_literal(option_value))
                                  FROM pg_options_to_table(m.umoptions)), '{}'))
  FROM pg_user_mappings m
