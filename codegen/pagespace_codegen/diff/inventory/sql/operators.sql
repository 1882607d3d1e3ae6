-- Operators. One that is only announced as the commutator of another has no function, and is not an object yet.
SELECT 'pg_operator'::regclass::oid AS class, o.oid, 0 AS sub, 'operator' AS kind, o.oid::regoperator::text AS name,
       NULL::text AS parent_kind, NULL::text AS parent, 'OPERATOR ' || o.oid::regoperator AS target,
       jsonb_build_object('create', jsonb_build_array(
           format('CREATE OPERATOR %I.%s (%s)', n.nspname, o.oprname, concat_ws(', ',
               'FUNCTION = ' || o.oprcode,
               'LEFTARG = ' || nullif(o.oprleft, 0)::regtype,
               'RIGHTARG = ' || nullif(o.oprright, 0)::regtype,
               (SELECT format('COMMUTATOR = OPERATOR(%I.%s)', cn.nspname, c.oprname)
                  FROM pg_operator c JOIN pg_namespace cn ON cn.oid = c.oprnamespace WHERE c.oid = o.oprcom),
               (SELECT format('NEGATOR = OPERATOR(%I.%s)', cn.nspname, c.oprname)
                  FROM pg_operator c JOIN pg_namespace cn ON cn.oid = c.oprnamespace WHERE c.oid = o.oprnegate),
               'RESTRICT = ' || nullif(o.oprrest, 0)::regproc,
               'JOIN = ' || nullif(o.oprjoin, 0)::regproc,
               CASE WHEN o.oprcanhash THEN 'HASHES' END,
               CASE WHEN o.oprcanmerge THEN 'MERGES' END)))) AS facts
  FROM pg_operator o
  JOIN pg_namespace n ON n.oid = o.oprnamespace
 WHERE o.oprcode <> 0 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
