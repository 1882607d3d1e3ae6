-- Things that are no objects of ours, and the object that each is a part of.
SELECT 'pg_type'::regclass::oid AS class, t.oid, 0 AS sub,  -- the row type of a relation
       'pg_class'::regclass::oid AS of_class, t.typrelid AS of_oid, 0 AS of_sub
  FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid WHERE c.relkind <> 'c' AND t.oid >= 16384
UNION ALL  -- the relation behind a composite type
SELECT 'pg_class'::regclass, c.oid, 0, 'pg_type'::regclass, c.reltype, 0
  FROM pg_class c WHERE c.relkind = 'c' AND c.oid >= 16384
UNION ALL  -- arrays
SELECT 'pg_type'::regclass, t.typarray, 0, 'pg_type'::regclass, t.oid, 0
  FROM pg_type t WHERE t.typarray <> 0 AND t.oid >= 16384
UNION ALL  -- multiranges
SELECT 'pg_type'::regclass, r.rngmultitypid, 0, 'pg_type'::regclass, r.rngtypid, 0
  FROM pg_range r WHERE r.rngtypid >= 16384
UNION ALL  -- indexes of constraints
SELECT 'pg_class'::regclass, o.conindid, 0, 'pg_constraint'::regclass, o.oid, 0
  FROM pg_constraint o WHERE o.contype IN ('p', 'u', 'x') AND o.oid >= 16384
UNION ALL  -- inherited checks
SELECT 'pg_constraint'::regclass, o.oid, 0, 'pg_constraint'::regclass, p.oid, 0
  FROM pg_constraint o
  JOIN pg_inherits i ON i.inhrelid = o.conrelid
  JOIN pg_constraint p ON p.conrelid = i.inhparent AND p.conname = o.conname AND p.contype = 'c'
 WHERE o.contype = 'c' AND o.coninhcount > 0
UNION ALL  -- inherited constraints
SELECT 'pg_constraint'::regclass, o.oid, 0, 'pg_constraint'::regclass, o.conparentid, 0
  FROM pg_constraint o WHERE o.conparentid <> 0
UNION ALL  -- partitions of indexes
SELECT 'pg_class'::regclass, i.inhrelid, 0, 'pg_class'::regclass, i.inhparent, 0
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relkind IN ('i', 'I')
UNION ALL  -- queries of views
SELECT 'pg_rewrite'::regclass, r.oid, 0, 'pg_class'::regclass, r.ev_class, 0
  FROM pg_rewrite r WHERE r.rulename = '_RETURN' AND r.oid >= 16384
UNION ALL  -- expressions of generated columns
SELECT 'pg_attrdef'::regclass, d.oid, 0, 'pg_class'::regclass, d.adrelid, d.adnum
  FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE a.attgenerated <> ''
UNION ALL  -- sequences of identities
SELECT 'pg_class'::regclass, d.objid, 0, 'pg_class'::regclass, d.refobjid, d.refobjsubid
  FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
 WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i' AND c.relkind = 'S'
UNION ALL  -- triggers of foreign keys
SELECT 'pg_trigger'::regclass, t.oid, 0, 'pg_constraint'::regclass, t.tgconstraint, 0
  FROM pg_trigger t WHERE t.tgisinternal AND t.tgconstraint <> 0
UNION ALL  -- constraints of constraint triggers
SELECT 'pg_constraint'::regclass, t.tgconstraint, 0, 'pg_trigger'::regclass, t.oid, 0
  FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgconstraint <> 0
UNION ALL  -- triggers of partitions
SELECT 'pg_trigger'::regclass, t.oid, 0, 'pg_trigger'::regclass, t.tgparentid, 0
  FROM pg_trigger t WHERE t.tgparentid <> 0
UNION ALL  -- not null
SELECT 'pg_constraint'::regclass, o.oid, 0, 'pg_class'::regclass, o.conrelid, o.conkey[1]
  FROM pg_constraint o WHERE o.contype = 'n' AND o.conrelid <> 0
UNION ALL  -- constructors of ranges
SELECT 'pg_proc'::regclass, d.objid, 0, d.refclassid, d.refobjid, 0
  FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'i'
UNION ALL  -- members of operator families belong to their class, or else to the family
SELECT d.classid, d.objid, 0, d.refclassid, d.refobjid, 0
  FROM pg_depend d
 WHERE d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
   AND d.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass) AND d.deptype IN ('i', 'a')
UNION ALL  -- the domain behind its NOT NULL
SELECT 'pg_constraint'::regclass, o.oid, 0, 'pg_type'::regclass, o.contypid, 0
  FROM pg_constraint o WHERE o.contype = 'n' AND o.contypid <> 0
