-- case: functions of all sorts come
-- new
CREATE TABLE t (id integer, n text);
CREATE FUNCTION f1(a integer, b text DEFAULT 'x''y', VARIADIC c integer[] DEFAULT '{}') RETURNS TABLE (p integer, q text)
  LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 5 COST 50 SET search_path = public AS $f$ SELECT a, $$b$$ $f$;
CREATE FUNCTION f2(INOUT a integer, OUT b text) LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN b := 'x'; END $$;
CREATE PROCEDURE p1(a integer, INOUT b text DEFAULT NULL) LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;
CREATE FUNCTION f3(t) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1.n';
CREATE FUNCTION f4() RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC SELECT id, n FROM t; END;
CREATE FUNCTION f5(anyelement, anyarray) RETURNS boolean LANGUAGE sql AS 'SELECT $1 = ANY ($2)';
COMMENT ON FUNCTION f5(anyelement, anyarray) IS 'Five';
COMMENT ON PROCEDURE p1(integer, text) IS 'One';
GRANT EXECUTE ON FUNCTION f5(anyelement, anyarray) TO reader;
REVOKE EXECUTE ON FUNCTION f4() FROM PUBLIC;

-- case: another body
-- old
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a';
CREATE VIEW v AS SELECT f(1) AS x;
-- new
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + 1';
CREATE VIEW v AS SELECT f(1) AS x;

-- case: another result, under a view, a default and an index
-- old
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE TABLE t (a integer DEFAULT f(1), b integer GENERATED ALWAYS AS (f(2)) STORED);
CREATE VIEW v AS SELECT f(1) AS x;
CREATE INDEX i ON t (f(a));
-- new
CREATE FUNCTION f(a integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT a::bigint';
CREATE TABLE t (a integer DEFAULT f(1), b integer GENERATED ALWAYS AS (f(2)) STORED);
CREATE VIEW v AS SELECT f(1) AS x;
CREATE INDEX i ON t (f(a));

-- case: other names, defaults and kinds of parameters
-- old
CREATE FUNCTION f(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION h(a integer, OUT x integer) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION k(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
COMMENT ON FUNCTION k(integer) IS 'K';
GRANT EXECUTE ON FUNCTION k(integer) TO reader;
-- new
CREATE FUNCTION f(a integer, c integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g(a integer DEFAULT 5) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION h(a integer, OUT x integer, OUT y integer) LANGUAGE sql AS 'SELECT 1, 2';
CREATE PROCEDURE k(a integer) LANGUAGE sql AS 'SELECT 1';
COMMENT ON PROCEDURE k(integer) IS 'K';
GRANT EXECUTE ON PROCEDURE k(integer) TO reader;

-- case: overloads
-- old
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- new
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 2';
CREATE FUNCTION f(integer, text) RETURNS integer LANGUAGE sql AS 'SELECT 1';

-- case: functions that call each other, in any order
-- new
CREATE FUNCTION z() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION a() RETURNS integer LANGUAGE sql AS 'SELECT public.z()';
CREATE FUNCTION m() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT a() + z(); END;
CREATE MATERIALIZED VIEW mv AS SELECT a() AS x;
CREATE TABLE t (a integer DEFAULT a());

-- case: a function of a table that comes later by name
-- new
CREATE TABLE zz (id integer PRIMARY KEY, n integer);
CREATE FUNCTION aa() RETURNS SETOF zz LANGUAGE sql AS 'SELECT * FROM zz';
CREATE FUNCTION ab(x zz) RETURNS zz LANGUAGE plpgsql AS $$ DECLARE r zz%ROWTYPE; BEGIN RETURN x; END $$;

-- case: an SQL body over a column that changes its type
-- old
CREATE TABLE t (a integer);
CREATE FUNCTION f() RETURNS SETOF integer LANGUAGE sql BEGIN ATOMIC SELECT a FROM t; END;
-- new
CREATE TABLE t (a bigint);
CREATE FUNCTION f() RETURNS SETOF bigint LANGUAGE sql BEGIN ATOMIC SELECT a FROM t; END;

-- case: aggregates
-- old
CREATE FUNCTION add_up(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 + $2';
CREATE AGGREGATE total(integer) (SFUNC = add_up, STYPE = integer, INITCOND = '0');
-- new
CREATE FUNCTION add_up(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 + $2';
CREATE AGGREGATE total(integer) (SFUNC = add_up, STYPE = integer, INITCOND = '5', COMBINEFUNC = add_up, PARALLEL = SAFE);
CREATE AGGREGATE count_all(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE FUNCTION pick(integer[], float8) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1[1]';
CREATE AGGREGATE middle(float8 ORDER BY integer) (SFUNC = array_append, STYPE = integer[], FINALFUNC = pick);
COMMENT ON AGGREGATE total(integer) IS 'Total';
CREATE VIEW v AS SELECT total(x) FROM generate_series(1, 3) x;

-- case: a function becomes an aggregate
-- old
CREATE FUNCTION total(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- new
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer);
