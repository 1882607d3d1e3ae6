-- What the diff does not know how to make: each is refused by name.
SELECT 'base type ' || t.oid::regtype AS what, 'pg_type'::regclass::oid AS class, t.oid
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'b' AND t.oid >= 16384 AND n.nspname !~ '^pg_'
   AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
UNION ALL
SELECT 'shell type ' || t.oid::regtype, 'pg_type'::regclass, t.oid FROM pg_type t WHERE t.typtype = 'p' AND t.oid >= 16384
UNION ALL
SELECT 'security label on ' || pg_describe_object(l.classoid, l.objoid, l.objsubid), l.classoid, l.objoid
  FROM pg_seclabel l
UNION ALL
SELECT 'operator ' || o.oid::regoperator || ', which is declared as a commutator or negator and never made',
       'pg_operator'::regclass, o.oid
  FROM pg_operator o WHERE o.oprcode = 0 AND o.oid >= 16384
