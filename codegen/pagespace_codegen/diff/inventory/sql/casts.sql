-- Casts.
SELECT 'pg_cast'::regclass::oid AS class, c.oid, 0 AS sub, 'cast' AS kind,
       format('(%s AS %s)', c.castsource::regtype, c.casttarget::regtype) AS name,
       NULL::text AS parent_kind, NULL::text AS parent,
       format('CAST (%s AS %s)', c.castsource::regtype, c.casttarget::regtype) AS target,
       jsonb_build_object('create', jsonb_build_array(
           format('CREATE CAST (%s AS %s) %s%s', c.castsource::regtype, c.casttarget::regtype,
                  CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure
                                    WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END,
                  CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END))) AS facts
  FROM pg_cast c
 WHERE c.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend d  -- from a range to its multirange
                    WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype = 'i')
