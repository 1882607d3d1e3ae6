-- Comments, of whatever has one. `target` is set where the commented thing may be no object of ours.
SELECT d.classoid AS class, d.objoid AS oid, d.objsubid AS sub, quote_literal(d.description) AS text,
       CASE WHEN d.objsubid > 0 THEN 'COLUMN ' || d.objoid::regclass || '.' || quote_ident(a.attname)
            WHEN c.relkind IN ('i', 'I') THEN 'INDEX ' || d.objoid::regclass
            WHEN c.relkind = 'S' THEN 'SEQUENCE ' || d.objoid::regclass
            WHEN o.contype = 'n' OR o.conparentid <> 0 OR o.coninhcount > 0 THEN 'CONSTRAINT ' || quote_ident(o.conname) || ' ON '
                || CASE WHEN o.conrelid <> 0 THEN o.conrelid::regclass::text
                        ELSE 'DOMAIN ' || o.contypid::regtype END
            WHEN g.tgparentid <> 0 THEN 'TRIGGER ' || quote_ident(g.tgname) || ' ON ' || g.tgrelid::regclass END AS target
  FROM pg_description d
  LEFT JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid
  LEFT JOIN pg_attribute a ON d.classoid = 'pg_class'::regclass AND a.attrelid = d.objoid AND a.attnum = d.objsubid
  LEFT JOIN pg_trigger g ON d.classoid = 'pg_trigger'::regclass AND g.oid = d.objoid
  LEFT JOIN pg_constraint o ON d.classoid = 'pg_constraint'::regclass AND o.oid = d.objoid
 WHERE (d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass)
   AND NOT EXISTS (  -- CREATE EXTENSION makes this one
       SELECT FROM pg_extension e JOIN pg_available_extensions v ON v.name = e.extname
        WHERE d.classoid = 'pg_extension'::regclass AND e.oid = d.objoid AND v.comment = d.description)
