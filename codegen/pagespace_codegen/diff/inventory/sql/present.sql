-- Which catalogs hold something that initdb did not put there: a kind without any needs no query of its own.
SELECT 'relation ' || relkind::text FROM pg_class WHERE oid >= 16384 GROUP BY relkind
UNION ALL
SELECT 'function ' || prokind::text FROM pg_proc WHERE oid >= 16384 GROUP BY prokind
UNION ALL
SELECT 'type ' || typtype::text FROM pg_type WHERE oid >= 16384 GROUP BY typtype
UNION ALL
SELECT 'parent' WHERE EXISTS (SELECT FROM pg_inherits)
UNION ALL
SELECT 'default' WHERE EXISTS (SELECT FROM pg_attrdef WHERE oid >= 16384)
UNION ALL
SELECT 'constraint' WHERE EXISTS (SELECT FROM pg_constraint WHERE oid >= 16384)
UNION ALL
SELECT 'trigger' WHERE EXISTS (SELECT FROM pg_trigger WHERE oid >= 16384)
UNION ALL
SELECT 'rule' WHERE EXISTS (SELECT FROM pg_rewrite WHERE oid >= 16384 AND rulename <> '_RETURN')
UNION ALL
SELECT 'policy' WHERE EXISTS (SELECT FROM pg_policy)
UNION ALL
SELECT 'statistics' WHERE EXISTS (SELECT FROM pg_statistic_ext)
UNION ALL
SELECT 'language' WHERE EXISTS (SELECT FROM pg_language WHERE oid >= 16384)
UNION ALL
SELECT 'access method' WHERE EXISTS (SELECT FROM pg_am WHERE oid >= 16384)
UNION ALL
SELECT 'collation' WHERE EXISTS (SELECT FROM pg_collation WHERE oid >= 16384)
UNION ALL
SELECT 'conversion' WHERE EXISTS (SELECT FROM pg_conversion WHERE oid >= 16384)
UNION ALL
SELECT 'operator' WHERE EXISTS (SELECT FROM pg_operator WHERE oid >= 16384)
UNION ALL
SELECT 'operator family' WHERE EXISTS (SELECT FROM pg_opfamily WHERE oid >= 16384)
UNION ALL
SELECT 'operator class' WHERE EXISTS (SELECT FROM pg_opclass WHERE oid >= 16384)
UNION ALL
SELECT 'cast' WHERE EXISTS (SELECT FROM pg_cast WHERE oid >= 16384)
UNION ALL
SELECT 'transform' WHERE EXISTS (SELECT FROM pg_transform)
UNION ALL
SELECT 'text search' WHERE EXISTS (SELECT FROM pg_ts_parser WHERE oid >= 16384)
    OR EXISTS (SELECT FROM pg_ts_template WHERE oid >= 16384)
    OR EXISTS (SELECT FROM pg_ts_dict WHERE oid >= 16384)
    OR EXISTS (SELECT FROM pg_ts_config WHERE oid >= 16384)
UNION ALL
SELECT 'foreign data' WHERE EXISTS (SELECT FROM pg_foreign_data_wrapper)
UNION ALL
SELECT 'event trigger' WHERE EXISTS (SELECT FROM pg_event_trigger)
UNION ALL
SELECT 'default privileges' WHERE EXISTS (SELECT FROM pg_default_acl)
UNION ALL
SELECT 'publication' WHERE EXISTS (SELECT FROM pg_publication)
