-- What depends on what, as far as the server records it; pinned objects of the system are left out. What a table passes
-- on to a partition goes with that partition, and the table's own stays: it does not depend on the partition.
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
  FROM pg_depend d
 WHERE d.objid >= 16384 AND (d.refobjid >= 16384 OR d.refclassid = 'pg_namespace'::regclass)
   AND NOT (d.classid = d.refclassid AND d.objid = d.refobjid AND d.objsubid = d.refobjsubid)
   AND (d.classid, d.objid) NOT IN (
           SELECT 'pg_constraint'::regclass::oid, o.oid FROM pg_constraint o WHERE o.conparentid <> 0
           UNION ALL
           SELECT 'pg_trigger'::regclass, t.oid FROM pg_trigger t WHERE t.tgparentid <> 0
           UNION ALL
           SELECT 'pg_class'::regclass, x.indexrelid FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid)
