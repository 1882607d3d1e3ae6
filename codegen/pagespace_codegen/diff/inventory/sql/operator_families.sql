-- Operator families, but for those that CREATE OPERATOR CLASS makes of its own accord.
SELECT 'pg_opfamily'::regclass::oid AS class, f.oid, 0 AS sub, 'operator family' AS kind,
       format('%I.%I USING %I', n.nspname, f.opfname, a.amname) AS name,
       NULL::text AS parent_kind, NULL::text AS parent,
       format('OPERATOR FAMILY %I.%I USING %I', n.nspname, f.opfname, a.amname) AS target,
       jsonb_build_object('create', jsonb_build_array(
           format('CREATE OPERATOR FAMILY %I.%I USING %I', n.nspname, f.opfname, a.amname))
           || coalesce((
               SELECT jsonb_build_array(format('ALTER OPERATOR FAMILY %I.%I USING %I ADD %s', n.nspname, f.opfname,
                                               a.amname, string_agg(m.member, ', ' ORDER BY m.member)))
                 FROM (SELECT format('OPERATOR %s %s%s', o.amopstrategy, o.amopopr::regoperator,
                                     (SELECT format(' FOR ORDER BY %I.%I', sn.nspname, s.opfname) FROM pg_opfamily s
                                        JOIN pg_namespace sn ON sn.oid = s.opfnamespace WHERE s.oid = o.amopsortfamily))
                         FROM pg_amop o JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = o.oid
                                                        AND d.refclassid = 'pg_opfamily'::regclass AND d.deptype = 'a'
                        WHERE o.amopfamily = f.oid
                       UNION ALL
                       SELECT format('FUNCTION %s (%s, %s) %s', p.amprocnum, p.amproclefttype::regtype,
                                     p.amprocrighttype::regtype, p.amproc::regprocedure)
                         FROM pg_amproc p JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = p.oid
                                                          AND d.refclassid = 'pg_opfamily'::regclass AND d.deptype = 'a'
                        WHERE p.amprocfamily = f.oid) AS m (member)
               HAVING count(*) > 0), '[]')) AS facts
  FROM pg_opfamily f
  JOIN pg_am a ON a.oid = f.opfmethod
  JOIN pg_namespace n ON n.oid = f.opfnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
