-- case: a composite type comes
-- new
CREATE TYPE money_of AS (amount numeric(12,2), currency char(3), note text COLLATE "C");
COMMENT ON TYPE money_of IS 'Money';
COMMENT ON COLUMN money_of.amount IS 'How much';
CREATE TABLE t (price money_of);

-- case: an attribute at the end
-- old
CREATE TYPE pair AS (a integer);
CREATE TABLE t (p pair);
-- new
CREATE TYPE pair AS (a integer, b text);
CREATE TABLE t (p pair);

-- case: an attribute goes from the middle
-- old
CREATE TYPE trio AS (a integer, b text, c date);
CREATE TABLE t (p trio);
CREATE VIEW v AS SELECT (p).a FROM t;
-- new
CREATE TYPE trio AS (a integer, c date);
CREATE TABLE t (p trio);
CREATE VIEW v AS SELECT (p).a FROM t;

-- case: an attribute of another type, used in a table
-- old
CREATE TYPE pair AS (a integer, b text);
CREATE TABLE t (p pair NOT NULL DEFAULT ROW(1, 'x'));
CREATE FUNCTION f(pair) RETURNS integer LANGUAGE sql AS $$ SELECT $1.a $$;
-- new
CREATE TYPE pair AS (a bigint, b text);
CREATE TABLE t (p pair NOT NULL DEFAULT ROW(1, 'x'));
CREATE FUNCTION f(pair) RETURNS bigint LANGUAGE sql AS $$ SELECT $1.a $$;

-- case: attributes change places
-- old
CREATE TYPE pair AS (a integer, b text);
-- new
CREATE TYPE pair AS (b text, a integer);

-- case: composite of composite
-- new
CREATE TYPE inner_one AS (a integer);
CREATE TYPE outer_one AS (i inner_one, l inner_one[]);
CREATE TABLE t (o outer_one);

-- case: a type of the row of a table
-- old
CREATE TABLE a (id integer);
-- new
CREATE TABLE a (id integer);
CREATE TABLE b (whole a, list a[]);
CREATE FUNCTION f(a) RETURNS integer LANGUAGE sql AS 'SELECT $1.id';

-- case: a column turns from a composite that gets another attribute into something else
-- old
CREATE TYPE spot AS (x integer, y integer);
CREATE TABLE t (id integer, at spot, kept spot);
-- new
CREATE TYPE spot AS (x integer, z text);
CREATE TABLE t (id integer, at text, kept spot);
