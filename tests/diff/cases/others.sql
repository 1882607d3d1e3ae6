-- case: extensions come
-- new
CREATE SCHEMA ext;
CREATE EXTENSION citext SCHEMA ext;
CREATE EXTENSION pg_trgm;
CREATE TABLE t (a ext.citext, b text);
CREATE INDEX ON t USING gin (b gin_trgm_ops);

-- case: an extension moves
-- both
CREATE SCHEMA ext;
-- old
CREATE EXTENSION citext;
CREATE TABLE t (a citext);
-- new
CREATE EXTENSION citext SCHEMA ext;
CREATE TABLE t (a ext.citext);

-- case: collations
-- old
CREATE COLLATION mine (locale = 'C');
CREATE TABLE t (a text COLLATE mine);
-- new
CREATE COLLATION mine (locale = 'C');
CREATE COLLATION another (lc_collate = 'C', lc_ctype = 'POSIX');
CREATE TABLE t (a text COLLATE another);
COMMENT ON COLLATION another IS 'Another';

-- case: statistics objects
-- both
CREATE TABLE t (a integer, b integer, c text);
-- old
CREATE STATISTICS s1 ON a, b FROM t;
CREATE STATISTICS s2 (ndistinct) ON a, b FROM t;
-- new
CREATE STATISTICS s1 (dependencies, mcv) ON a, b, lower(c) FROM t;
CREATE STATISTICS s2 (ndistinct) ON a, b FROM t;
ALTER STATISTICS s2 SET STATISTICS 500;
COMMENT ON STATISTICS s2 IS 'Two';

-- case: text search
-- old
CREATE TEXT SEARCH CONFIGURATION plain (COPY = simple);
-- new
CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple, STOPWORDS = english);
CREATE TEXT SEARCH CONFIGURATION plain (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION plain ALTER MAPPING FOR asciiword WITH words, simple;
CREATE TABLE t (a text, v tsvector GENERATED ALWAYS AS (to_tsvector('plain', a)) STORED);
COMMENT ON TEXT SEARCH CONFIGURATION plain IS 'Plain';

-- case: operators
-- new
CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION pair_eq(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a = $2.a';
CREATE FUNCTION pair_ne(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a <> $2.a';
CREATE FUNCTION pair_not(pair) RETURNS pair LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE OPERATOR === (FUNCTION = pair_eq, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = ===, NEGATOR = !==, RESTRICT = eqsel, HASHES);
CREATE OPERATOR !== (FUNCTION = pair_ne, LEFTARG = pair, RIGHTARG = pair, NEGATOR = ===);
CREATE OPERATOR !! (FUNCTION = pair_not, RIGHTARG = pair);
COMMENT ON OPERATOR === (pair, pair) IS 'Equal';
CREATE VIEW v AS SELECT ROW(1, 2)::pair OPERATOR(public.===) ROW(1, 3)::pair AS x;

-- case: casts
-- old
CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION to_text(pair) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1.a::text';
CREATE CAST (pair AS text) WITH FUNCTION to_text(pair);
-- new
CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION to_text(pair) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1.a::text';
CREATE CAST (pair AS text) WITH FUNCTION to_text(pair) AS ASSIGNMENT;
CREATE CAST (text AS pair) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (text AS pair) IS 'There';

-- case: operator classes and families
-- new
CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION pair_hash(pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.a';
CREATE FUNCTION pair_eq(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a = $2.a';
CREATE OPERATOR === (FUNCTION = pair_eq, LEFTARG = pair, RIGHTARG = pair);
CREATE OPERATOR FAMILY pairs USING hash;
CREATE OPERATOR CLASS pair_ops FOR TYPE pair USING hash FAMILY pairs AS OPERATOR 1 ===, FUNCTION 1 pair_hash(pair);
CREATE OPERATOR CLASS own_ops FOR TYPE pair USING hash AS OPERATOR 1 ===, FUNCTION 1 pair_hash(pair);
CREATE TABLE t (p pair);
CREATE INDEX i ON t USING hash (p pair_ops);

-- case: foreign data
-- old
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s TYPE 'a' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'x', "port" '5');
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS ("user" 'me');
CREATE FOREIGN TABLE f (a integer OPTIONS (x 'it''s'), b text) SERVER s OPTIONS (t 'one');
-- new
CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'true');
CREATE SERVER s TYPE 'a' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'y', dbname 'z');
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS ("user" 'you', password 'x');
CREATE FOREIGN TABLE f (a bigint OPTIONS (y '2') NOT NULL, c date) SERVER s OPTIONS (t 'two', u 'three');
COMMENT ON SERVER s IS 'S';
COMMENT ON FOREIGN TABLE f IS 'F';
GRANT USAGE ON FOREIGN SERVER s TO reader;

-- case: publications
-- both
CREATE SCHEMA s;
CREATE TABLE t (id integer PRIMARY KEY, a text);
CREATE TABLE u (id integer PRIMARY KEY, a text);
-- old
CREATE PUBLICATION p FOR TABLE t;
CREATE PUBLICATION q FOR ALL TABLES;
-- new
CREATE PUBLICATION p FOR TABLE u WHERE (id > 5), TABLES IN SCHEMA s WITH (publish = 'insert, update', publish_via_partition_root = true);
CREATE PUBLICATION r FOR TABLE u (id, a), t;
COMMENT ON PUBLICATION p IS 'P';

-- case: a published column changes its type
-- old
CREATE TABLE u (id integer PRIMARY KEY, a integer);
CREATE PUBLICATION p FOR TABLE u WHERE (id > 5);
-- new
CREATE TABLE u (id bigint PRIMARY KEY, a integer);
CREATE PUBLICATION p FOR TABLE u WHERE (id > 5);

-- case: statistics of a table whose columns stand in another order
-- old
CREATE TABLE t (a integer, b integer, c integer);
CREATE STATISTICS s (ndistinct) ON a, b FROM t;
-- new
CREATE TABLE t (b bigint, a integer);
CREATE STATISTICS s (ndistinct) ON a, b FROM t;
