-- Statistics objects.
SELECT 'pg_statistic_ext'::regclass::oid AS class, s.oid, 0 AS sub, 'statistics' AS kind,
       format('%I.%I', n.nspname, s.stxname) AS name,
       CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'table' END AS parent_kind,
       c.oid::regclass::text AS parent, format('STATISTICS %I.%I', n.nspname, s.stxname) AS target,
       jsonb_build_object('definition', pg_get_statisticsobjdef(s.oid),
                          'kinds', s.stxkind::text,
                          'columns', (SELECT jsonb_agg(quote_ident(a.attname) ORDER BY a.attname) FROM pg_attribute a
                                       WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)),
                          'expressions', to_jsonb(pg_get_statisticsobjdef_expressions(s.oid)),
                          'target', nullif(coalesce(s.stxstattarget, -1), -1)) AS facts
  FROM pg_statistic_ext s
  JOIN pg_class c ON c.oid = s.stxrelid
  JOIN pg_namespace n ON n.oid = s.stxnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
