-- Functions and procedures. Aggregates are another file's.
SELECT 'pg_proc'::regclass::oid AS class, p.oid, 0 AS sub, 'function' AS kind, p.oid::regprocedure::text AS name,
       NULL::text AS parent_kind, NULL::text AS parent,
       CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || p.oid::regprocedure AS target,
       jsonb_build_object(
           'schema', quote_ident(n.nspname), 'name', quote_ident(p.proname),
           'definition', rtrim(pg_get_functiondef(p.oid), E'\n'),
           'language', l.lanname,
           'kind', p.prokind,
           'result', pg_get_function_result(p.oid),
           -- What OR REPLACE cannot change: the kind, the result, names of parameters; and defaults cannot be removed.
           'parameters', coalesce((SELECT jsonb_agg(concat_ws(' ', m.mode, quote_ident(m.name), format_type(m.type, NULL))
                                                    ORDER BY m.place)
                                     FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]),
                                                 coalesce(p.proargmodes, array_fill('i'::"char", ARRAY[p.pronargs::integer])),
                                                 p.proargnames)
                                          WITH ORDINALITY AS m (type, mode, name, place)), '[]'),
           'defaults', p.pronargdefaults,
           'body', CASE WHEN l.lanname IN ('sql', 'plpgsql') AND to_jsonb(p) ->> 'prosqlbody' IS NULL
                        THEN p.prosrc END) AS facts
  FROM pg_proc p
  JOIN pg_language l ON l.oid = p.prolang
  JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE p.prokind IN ('f', 'p', 'w') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend d  -- the constructors of a range type
                    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
