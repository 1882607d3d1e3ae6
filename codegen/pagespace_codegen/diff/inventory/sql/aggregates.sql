-- Aggregates: pg_get_functiondef does not know them.
SELECT 'pg_proc'::regclass::oid AS class, p.oid, 0 AS sub, 'aggregate' AS kind,
       format('%I.%I(%s)', n.nspname, p.proname, CASE WHEN p.pronargs = 0 THEN '*'
                                                      ELSE pg_get_function_identity_arguments(p.oid) END) AS name,
       NULL::text AS parent_kind, NULL::text AS parent,
       format('AGGREGATE %I.%I(%s)', n.nspname, p.proname, CASE WHEN p.pronargs = 0 THEN '*'
                                                      ELSE pg_get_function_identity_arguments(p.oid) END) AS target,
       jsonb_build_object('signature', p.oid::regprocedure, 'create', jsonb_build_array(
           format('CREATE AGGREGATE %I.%I(%s) (%s)', n.nspname, p.proname,
                  CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END,
                  concat_ws(', ',
                      'SFUNC = ' || a.aggtransfn,
                      'STYPE = ' || format_type(a.aggtranstype, NULL),
                      'SSPACE = ' || nullif(a.aggtransspace, 0),
                      'FINALFUNC = ' || nullif(a.aggfinalfn, 0)::regproc,
                      CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
                      CASE WHEN a.aggfinalfn <> 0 AND a.aggfinalmodify <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END
                           THEN 'FINALFUNC_MODIFY = ' || CASE a.aggfinalmodify WHEN 'r' THEN 'READ_ONLY'
                                                              WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
                      'COMBINEFUNC = ' || nullif(a.aggcombinefn, 0)::regproc,
                      'SERIALFUNC = ' || nullif(a.aggserialfn, 0)::regproc,
                      'DESERIALFUNC = ' || nullif(a.aggdeserialfn, 0)::regproc,
                      'INITCOND = ' || quote_literal(a.agginitval),
                      'MSFUNC = ' || nullif(a.aggmtransfn, 0)::regproc,
                      'MINVFUNC = ' || nullif(a.aggminvtransfn, 0)::regproc,
                      'MSTYPE = ' || format_type(nullif(a.aggmtranstype, 0), NULL),
                      'MSSPACE = ' || nullif(a.aggmtransspace, 0),
                      'MFINALFUNC = ' || nullif(a.aggmfinalfn, 0)::regproc,
                      CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
                      CASE WHEN a.aggmfinalfn <> 0 AND a.aggmfinalmodify <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END
                           THEN 'MFINALFUNC_MODIFY = ' || CASE a.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY'
                                                               WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
                      'MINITCOND = ' || quote_literal(a.aggminitval),
                      CASE WHEN a.aggsortop <> 0 THEN
                          (SELECT format('SORTOP = OPERATOR(%I.%s)', sn.nspname, o.oprname) FROM pg_operator o
                             JOIN pg_namespace sn ON sn.oid = o.oprnamespace WHERE o.oid = a.aggsortop) END,
                      CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END,
                      CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END)))) AS facts
  FROM pg_proc p
  JOIN pg_aggregate a ON a.aggfnoid = p.oid
  JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
