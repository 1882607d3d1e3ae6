-- case: aggregates of all sorts, with grants
-- old
CREATE ROLE pagespace_case_reader;
CREATE FUNCTION sf(state anyelement, value anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT value';
-- new
CREATE ROLE pagespace_case_reader;
CREATE FUNCTION sf(state anyelement, value anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT value';
CREATE AGGREGATE os_last(anyelement ORDER BY anyelement) (SFUNC = sf, STYPE = anyelement);
GRANT ALL ON FUNCTION os_last(anyelement, anyelement) TO pagespace_case_reader;
CREATE AGGREGATE last(anyelement) (SFUNC = sf, STYPE = anyelement);
GRANT ALL ON FUNCTION last(anyelement) TO pagespace_case_reader;
COMMENT ON AGGREGATE os_last(anyelement ORDER BY anyelement) IS 'x';
REVOKE ALL ON FUNCTION last(anyelement) FROM PUBLIC;
CREATE AGGREGATE star(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
GRANT EXECUTE ON FUNCTION star() TO pagespace_case_reader;
COMMENT ON AGGREGATE star(*) IS 'star';

-- case: rows and columns of a publication
-- old
CREATE SCHEMA s1; CREATE SCHEMA s2;
CREATE TABLE s1.a (id serial PRIMARY KEY, st text, n integer);
CREATE TABLE s2.b (id serial PRIMARY KEY, x text);
CREATE PUBLICATION p FOR TABLE s1.a;
CREATE PUBLICATION q FOR ALL TABLES;
-- new
CREATE SCHEMA s1; CREATE SCHEMA s2;
CREATE TABLE s1.a (id serial PRIMARY KEY, st text, n bigint);
CREATE TABLE s2.b (id serial PRIMARY KEY, x varchar(7));
CREATE PUBLICATION p FOR TABLE s1.a (id, n), s2.b WHERE (x = 'active') WITH (publish = 'insert, update', publish_via_partition_root);
CREATE PUBLICATION q FOR TABLE s2.b;
COMMENT ON PUBLICATION q IS 'q';

-- case: a publication of schemas
-- old
CREATE SCHEMA s1; CREATE SCHEMA s2;
CREATE TABLE s1.a (id integer);
CREATE PUBLICATION p FOR TABLES IN SCHEMA s1;
-- new
CREATE SCHEMA s1; CREATE SCHEMA s2;
CREATE TABLE s1.a (id integer);
CREATE PUBLICATION p FOR TABLES IN SCHEMA s2, s1;

-- case: collations of columns
-- old
CREATE TABLE t (a text);
-- new
CREATE COLLATION c1 (LC_COLLATE = 'C', LC_CTYPE = 'C');
CREATE COLLATION c2 FROM "C";
CREATE TABLE t (a text COLLATE c1, b text COLLATE c2 UNIQUE);
COMMENT ON COLLATION c1 IS 'c';

-- case: a configuration of text search under a column
-- old
CREATE TABLE t (a text);
-- new
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, STOPWORDS = english, ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION c (COPY = english);
ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR asciiword, word WITH d, english_stem;
CREATE TABLE t (a text, v tsvector GENERATED ALWAYS AS (to_tsvector('c', a)) STORED);
CREATE INDEX ON t USING gin (to_tsvector('c', a));

-- case: operators that name each other, and casts
-- old
CREATE TYPE n AS (v integer);
-- new
CREATE TYPE n AS (v integer);
CREATE FUNCTION n_eq(n, n) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).v = ($2).v';
CREATE FUNCTION n_lt(n, n) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).v < ($2).v';
CREATE FUNCTION n_int(n) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT ($1).v';
CREATE OPERATOR === (LEFTARG = n, RIGHTARG = n, FUNCTION = n_eq, COMMUTATOR = ===, NEGATOR = !==, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE FUNCTION n_ne(n, n) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).v <> ($2).v';
CREATE OPERATOR !== (LEFTARG = n, RIGHTARG = n, FUNCTION = n_ne, COMMUTATOR = !==, NEGATOR = ===);
CREATE CAST (n AS integer) WITH FUNCTION n_int(n) AS ASSIGNMENT;
CREATE CAST (n AS bigint) WITH INOUT;
COMMENT ON OPERATOR === (n, n) IS 'eq';
CREATE VIEW v AS SELECT ROW(1)::n === ROW(2)::n AS e;

-- case: a range with a multirange of its own under a constraint
-- old
CREATE TYPE fr AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TABLE t (a fr, b fr[], EXCLUDE USING gist (a WITH &&));
-- new
CREATE TYPE fr AS RANGE (SUBTYPE = float8, MULTIRANGE_TYPE_NAME = fmr);
CREATE TABLE t (a fr, b fr[], c fmr, EXCLUDE USING gist (a WITH &&));

-- case: kinds of statistics over expressions
-- old
CREATE TABLE t (a integer, b integer, c text);
CREATE STATISTICS s ON a, b FROM t;
ALTER TABLE t ALTER a SET STATISTICS 200;
-- new
CREATE TABLE t (a integer, b integer, c text);
CREATE STATISTICS s (ndistinct, mcv) ON a, b, (lower(c)) FROM t;
ALTER STATISTICS s SET STATISTICS 400;
COMMENT ON STATISTICS s IS 's';
ALTER TABLE t ALTER b SET (n_distinct = -0.5), ALTER c SET STORAGE EXTERNAL;

-- case: functions with bodies and results of all sorts
-- old
-- new
CREATE FUNCTION se() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION wf(x integer, OUT a integer, OUT b text) LANGUAGE sql AS 'SELECT 1, NULL::text';
CREATE FUNCTION sf() RETURNS SETOF record LANGUAGE sql AS 'SELECT 1, 2';
CREATE PROCEDURE pr(a integer, INOUT b text DEFAULT NULL) LANGUAGE sql AS 'SELECT $2';
CREATE FUNCTION at(a integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT a + 1; END;
CREATE FUNCTION ret(a integer) RETURNS integer RETURN a + 1;

-- case: options of a view, and a recursive one
-- old
CREATE TABLE t (a integer, b text);
CREATE VIEW v AS SELECT * FROM t;
-- new
CREATE TABLE t (a integer, b text, c date);
CREATE OR REPLACE VIEW v WITH (security_invoker = true) AS SELECT a, b, c FROM t;
CREATE RECURSIVE VIEW r (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 5;

-- case: a type of a table gets an attribute
-- old
CREATE TYPE p AS (a integer, b text);
CREATE TABLE t OF p (PRIMARY KEY (a));
-- new
CREATE TYPE p AS (a integer, b text, c date);
CREATE TABLE t OF p (PRIMARY KEY (a), b WITH OPTIONS DEFAULT 'x' NOT NULL);

-- case: an identity on a sequence of another name
-- old
CREATE TABLE t (a integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME sq START 10), b serial);
ALTER SEQUENCE t_b_seq RENAME TO other;
-- new
CREATE TABLE t (a integer GENERATED BY DEFAULT AS IDENTITY (START 10 INCREMENT 5 MAXVALUE 1000 CYCLE), b serial);

-- case: a table and a column are renamed without a hint
-- old
CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL UNIQUE, CHECK (name <> ''));
-- then
ALTER TABLE users RENAME TO people;
ALTER TABLE people RENAME COLUMN name TO full_name;

-- case: a column is renamed without a hint under a view
-- old
CREATE TABLE t (a integer, b text NOT NULL);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE INDEX i ON t (b);
-- then
ALTER TABLE t RENAME b TO c;
ALTER INDEX i RENAME TO j;

-- case: a schema is renamed without a hint
-- old
CREATE SCHEMA s; CREATE TABLE s.t (a serial, b text); CREATE VIEW s.v AS SELECT * FROM s.t;
-- then
ALTER SCHEMA s RENAME TO r;

-- case: a column is another one of the same name
-- old
CREATE TABLE t (a integer, b text, c date);
CREATE VIEW v AS SELECT a, b FROM t;
-- then
DROP VIEW v;
ALTER TABLE t DROP COLUMN b, ADD COLUMN b integer DEFAULT 3, ALTER c TYPE timestamptz;
CREATE VIEW v AS SELECT b, a FROM t;
ALTER TABLE t ADD PRIMARY KEY (a);

-- case: casts between types that the server brings
-- both
CREATE FUNCTION is_odd(smallint) RETURNS boolean LANGUAGE sql AS 'SELECT $1 % 2 = 1';
CREATE FUNCTION stretch(timestamptz) RETURNS interval LANGUAGE sql AS 'SELECT now() - $1';
-- old
CREATE CAST (smallint AS boolean) WITH FUNCTION is_odd(smallint);
COMMENT ON CAST (smallint AS boolean) IS 'Odd ones';
-- new
CREATE CAST (smallint AS boolean) WITH FUNCTION is_odd(smallint) AS ASSIGNMENT;
CREATE CAST (timestamptz AS interval) WITH FUNCTION stretch(timestamptz);
COMMENT ON CAST (timestamptz AS interval) IS 'Since then';

-- case: text search parsers and templates
-- old
CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH CONFIGURATION c (PARSER = p);
-- new
CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype,
                             HEADLINE = prsd_headline);
CREATE TEXT SEARCH TEMPLATE t (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = t, STOPWORDS = english);
CREATE TEXT SEARCH CONFIGURATION c (PARSER = p);
COMMENT ON TEXT SEARCH PARSER p IS 'Words';
COMMENT ON TEXT SEARCH TEMPLATE t IS 'Simple';

-- case: access methods and transforms
-- old
CREATE ACCESS METHOD pile TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE t (a integer) USING pile;
CREATE MATERIALIZED VIEW m USING pile AS SELECT 1 AS x;
-- new
CREATE ACCESS METHOD tree TYPE INDEX HANDLER bthandler;
COMMENT ON ACCESS METHOD tree IS 'Leaves';
CREATE TABLE t (a integer);
CREATE MATERIALIZED VIEW m AS SELECT 1 AS x;
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
COMMENT ON TRANSFORM FOR integer LANGUAGE sql IS 'Nothing';
