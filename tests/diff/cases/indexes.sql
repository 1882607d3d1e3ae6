-- case: every kind of index comes
-- old
CREATE TABLE t (a integer, b text, c jsonb, d int[], r int4range);
-- new
CREATE TABLE t (a integer, b text, c jsonb, d int[], r int4range);
CREATE INDEX i1 ON t (a DESC NULLS LAST, b COLLATE "C" text_pattern_ops);
CREATE UNIQUE INDEX i2 ON t (lower(b)) INCLUDE (a) WHERE a > 0;
CREATE INDEX i3 ON t USING gin (c jsonb_path_ops);
CREATE INDEX i4 ON t USING gin (d) WITH (fastupdate = off);
CREATE INDEX i5 ON t USING gist (r);
CREATE INDEX i6 ON t USING hash (b);
CREATE INDEX i7 ON t USING brin (a) WITH (pages_per_range = 32);
CREATE INDEX i8 ON t ((a + 1), (b || 'x'));
ALTER INDEX i8 ALTER COLUMN 1 SET STATISTICS 300;
COMMENT ON INDEX i1 IS 'One';

-- case: another definition
-- both
CREATE TABLE t (a integer, b text);
-- old
CREATE INDEX i ON t (a);
COMMENT ON INDEX i IS 'I';
-- new
CREATE INDEX i ON t (a, b);
COMMENT ON INDEX i IS 'I';

-- case: unique comes
-- both
CREATE TABLE t (a integer, b text);
-- old
CREATE INDEX i ON t (a);
-- new
CREATE UNIQUE INDEX i ON t (a);

-- case: storage parameters of an index
-- both
CREATE TABLE t (a integer, b text);
-- old
CREATE INDEX i ON t (a) WITH (fillfactor = 50);
-- new
CREATE INDEX i ON t (a) WITH (fillfactor = 90, deduplicate_items = off);

-- case: statistics of an index
-- both
CREATE TABLE t (a integer, b text);
CREATE INDEX i ON t ((a + 1), (a + 2));
-- old
ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 100;
-- new
ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 200;

-- case: an index by a function that changes its result
-- old
CREATE FUNCTION f(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1)';
CREATE TABLE t (a text);
CREATE INDEX i ON t (f(a));
-- new
CREATE FUNCTION f(text) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT length($1)';
CREATE TABLE t (a text);
CREATE INDEX i ON t (f(a));

-- case: an index changes its table
-- both
CREATE TABLE t (a integer);
CREATE TABLE u (a integer);
-- old
CREATE INDEX i ON t (a);
-- new
CREATE INDEX i ON u (a);

-- case: storage parameters of an index are set, and stand in their order
-- old
CREATE TABLE t (a integer, b text);
CREATE INDEX t_a ON t (a) WITH (fillfactor = 70) WHERE b = ' WITH (x=1)';
CREATE INDEX t_b ON t (b) WITH (fillfactor = 60, deduplicate_items = off);
CREATE INDEX t_c ON t (a, b) WITH (fillfactor = 60, deduplicate_items = off);
CREATE VIEW v WITH (security_barrier, check_option = local) AS SELECT a FROM t;
-- new
CREATE TABLE t (a integer, b text);
CREATE INDEX t_a ON t (a) WITH (fillfactor = 80, deduplicate_items = off) WHERE b = ' WITH (x=1)';
CREATE INDEX t_b ON t (b);
CREATE INDEX t_c ON t (a, b) WITH (deduplicate_items = off, fillfactor = 60);
CREATE VIEW v WITH (check_option = local, security_barrier, security_invoker) AS SELECT a FROM t;
CREATE TABLE u (a integer) WITH (fillfactor = 80, autovacuum_enabled = false);

-- case: storage parameters of the index of a partitioned table
-- old
CREATE TABLE t (a integer) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);
CREATE INDEX t_a ON t (a) WITH (fillfactor = 70);
-- new
CREATE TABLE t (a integer) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);
CREATE INDEX t_a ON t (a) WITH (fillfactor = 80);
