-- Operator classes with their members; the family is named, so that none is made implicitly.
SELECT 'pg_opclass'::regclass::oid AS class, c.oid, 0 AS sub, 'operator class' AS kind,
       format('%I.%I USING %I', n.nspname, c.opcname, a.amname) AS name,
       NULL::text AS parent_kind, NULL::text AS parent,
       format('OPERATOR CLASS %I.%I USING %I', n.nspname, c.opcname, a.amname) AS target,
       jsonb_build_object('create', jsonb_build_array(
           format('CREATE OPERATOR CLASS %I.%I%s FOR TYPE %s USING %I FAMILY %I.%I AS %s', n.nspname, c.opcname,
                  CASE WHEN c.opcdefault THEN ' DEFAULT' END, c.opcintype::regtype, a.amname, fn.nspname, f.opfname,
                  coalesce((
                      SELECT string_agg(m.member, ', ' ORDER BY m.member)
                        FROM (SELECT 'STORAGE ' || nullif(c.opckeytype, 0)::regtype
                              UNION ALL
                              SELECT format('OPERATOR %s %s%s', o.amopstrategy, o.amopopr::regoperator,
                                            (SELECT format(' FOR ORDER BY %I.%I', sn.nspname, s.opfname)
                                               FROM pg_opfamily s JOIN pg_namespace sn ON sn.oid = s.opfnamespace
                                              WHERE s.oid = o.amopsortfamily))
                                FROM pg_amop o JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = o.oid
                               WHERE d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid
                              UNION ALL
                              SELECT format('FUNCTION %s (%s, %s) %s', p.amprocnum, p.amproclefttype::regtype,
                                            p.amprocrighttype::regtype, p.amproc::regprocedure)
                                FROM pg_amproc p JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass
                                                                 AND d.objid = p.oid
                               WHERE d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid) AS m (member)),
                      'STORAGE ' || c.opcintype::regtype)))) AS facts
  FROM pg_opclass c
  JOIN pg_am a ON a.oid = c.opcmethod
  JOIN pg_opfamily f ON f.oid = c.opcfamily
  JOIN pg_namespace fn ON fn.oid = f.opfnamespace
  JOIN pg_namespace n ON n.oid = c.opcnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
