-- case: views on views come
-- old
CREATE TABLE t (a integer, b text);
-- new
CREATE TABLE t (a integer, b text);
CREATE VIEW z AS SELECT a FROM t;
CREATE VIEW y AS SELECT a + 1 AS a FROM z;
CREATE VIEW x WITH (security_barrier = true) AS SELECT y.a, z.a AS other FROM y JOIN z USING (a);
COMMENT ON VIEW x IS 'X';
COMMENT ON COLUMN x.other IS 'Other';

-- case: a view gets a column at the end
-- both
CREATE TABLE t (a integer, b text);
-- old
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
-- new
CREATE VIEW v AS SELECT a, b FROM t;
CREATE VIEW w AS SELECT a FROM v;

-- case: a view loses a column under another view, with comments and grants
-- both
CREATE TABLE t (a integer, b text);
-- old
CREATE VIEW v AS SELECT a, b FROM t;
CREATE VIEW w AS SELECT a FROM v;
COMMENT ON VIEW w IS 'W';
COMMENT ON COLUMN w.a IS 'A';
GRANT SELECT ON w TO reader;
GRANT INSERT ON w TO writer WITH GRANT OPTION;
GRANT UPDATE (a) ON w TO reader;
-- new
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
COMMENT ON VIEW w IS 'W';
COMMENT ON COLUMN w.a IS 'A';
GRANT SELECT ON w TO reader;
GRANT INSERT ON w TO writer WITH GRANT OPTION;
GRANT UPDATE (a) ON w TO reader;

-- case: a view with triggers, rules and defaults is made again
-- both
CREATE TABLE t (a integer, b text);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
-- old
CREATE VIEW v AS SELECT a, b FROM t;
CREATE TRIGGER tr INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION tf();
CREATE RULE r AS ON DELETE TO v DO INSTEAD NOTHING;
ALTER VIEW v ALTER a SET DEFAULT 5;
-- new
CREATE VIEW v AS SELECT b, a FROM t;
CREATE TRIGGER tr INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION tf();
CREATE RULE r AS ON DELETE TO v DO INSTEAD NOTHING;
ALTER VIEW v ALTER a SET DEFAULT 5;

-- case: options of a view
-- both
CREATE TABLE t (a integer, b text);
-- old
CREATE VIEW v WITH (security_barrier = true) AS SELECT a FROM t WHERE a > 1 WITH LOCAL CHECK OPTION;
-- new
CREATE VIEW v WITH (security_invoker = true) AS SELECT a FROM t WHERE a > 1;

-- case: options and query of a view
-- both
CREATE TABLE t (a integer, b text);
-- old
CREATE VIEW v WITH (security_barrier = true) AS SELECT a FROM t WHERE a > 1;
-- new
CREATE VIEW v AS SELECT a, b FROM t WHERE a > 2;

-- case: a recursive view, and with
-- new
CREATE TABLE nodes (id integer PRIMARY KEY, parent integer);
CREATE RECURSIVE VIEW tree (id, depth) AS
  SELECT id, 1 FROM nodes WHERE parent IS NULL UNION ALL SELECT n.id, t.depth + 1 FROM nodes n JOIN tree t ON t.id = n.parent;
CREATE VIEW w AS WITH x AS (SELECT 1 AS a) SELECT a FROM x;

-- case: a materialized view with indexes, and one on top
-- old
CREATE TABLE t (a integer, b text);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
-- new
CREATE TABLE t (a integer, b text);
CREATE MATERIALIZED VIEW m WITH (fillfactor = 80) AS SELECT a, b FROM t WITH NO DATA;
CREATE UNIQUE INDEX m_a ON m (a);
CREATE MATERIALIZED VIEW n AS SELECT count(*) FROM m WITH NO DATA;
ALTER MATERIALIZED VIEW m ALTER b SET STATISTICS 200;
COMMENT ON MATERIALIZED VIEW m IS 'M';
GRANT SELECT ON m TO reader;

-- case: a materialized view under a view changes
-- both
CREATE TABLE t (a integer, b text);
-- old
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE INDEX m_a ON m (a);
CREATE VIEW v AS SELECT a FROM m;
-- new
CREATE MATERIALIZED VIEW m AS SELECT a FROM t WHERE a > 1;
CREATE INDEX m_a ON m (a);
CREATE VIEW v AS SELECT a FROM m;

-- case: a view becomes materialized
-- both
CREATE TABLE t (a integer, b text);
-- old
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
-- new
CREATE MATERIALIZED VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;

-- case: a view changes the type of a column
-- both
CREATE TABLE t (a integer, b text);
-- old
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v';
-- new
CREATE VIEW v AS SELECT a::bigint FROM t;
CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v';

-- case: a view moves from a column that goes
-- old
CREATE TABLE t (a integer, b integer);
CREATE VIEW v AS SELECT a AS x FROM t;
-- new
CREATE TABLE t (b integer);
CREATE VIEW v AS SELECT b AS x FROM t;

-- case: a view moves to a column that comes
-- old
CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT a AS x FROM t;
-- new
CREATE TABLE t (a integer, b integer);
CREATE VIEW v AS SELECT b AS x FROM t;

-- case: a view over a function's rows moves from a column that goes to another one
-- old
CREATE TABLE t (id integer, n integer, z integer);
CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';
CREATE VIEW v AS SELECT id, n FROM f();
-- new
CREATE TABLE t (id integer, z integer);
CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';
CREATE VIEW v AS SELECT id, z AS n FROM f();

-- case: how a materialized view is stored
-- both
CREATE TABLE t (a integer, b text);
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
-- old
ALTER MATERIALIZED VIEW m ALTER COLUMN b SET STORAGE MAIN;
-- new
ALTER MATERIALIZED VIEW m SET (fillfactor = 70, toast.autovacuum_enabled = false);
ALTER MATERIALIZED VIEW m ALTER COLUMN a SET (n_distinct = 5), ALTER COLUMN a SET STATISTICS 42;
ALTER MATERIALIZED VIEW m ALTER COLUMN b SET COMPRESSION pglz;

-- case: views that refer to each other come
-- both
CREATE TABLE t (a integer, b text COLLATE "C", c numeric(9, 2)[]);
-- new
CREATE VIEW v AS SELECT a, b, c FROM t;
CREATE VIEW w AS SELECT * FROM v;
CREATE OR REPLACE VIEW v WITH (security_barrier) AS SELECT a, b, c FROM w;
COMMENT ON VIEW v IS 'of w';

-- case: views that refer to each other get a column
-- old
CREATE VIEW v AS SELECT 1 AS a;
CREATE VIEW w AS SELECT a FROM v;
CREATE OR REPLACE VIEW v AS SELECT a FROM w;
-- new
CREATE VIEW v AS SELECT 1 AS a, 2 AS b;
CREATE VIEW w AS SELECT a, b FROM v;
CREATE OR REPLACE VIEW v AS SELECT a, b FROM w;

-- case: a view and a function of its rows call each other
-- new
CREATE VIEW v AS SELECT 1::bigint AS a;
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM v; END;
CREATE OR REPLACE VIEW v AS SELECT f() AS a;

-- case: a materialized view stores rows of a table whose column gets another type
-- old
CREATE TABLE t (id integer, a integer);
CREATE MATERIALIZED VIEW m AS SELECT t AS whole, t.id FROM t;
CREATE VIEW v AS SELECT id FROM m;
COMMENT ON MATERIALIZED VIEW m IS 'stored';
-- new
CREATE TABLE t (id integer, a bigint);
CREATE MATERIALIZED VIEW m AS SELECT t AS whole, t.id FROM t;
CREATE VIEW v AS SELECT id FROM m;
COMMENT ON MATERIALIZED VIEW m IS 'stored';
