-- case: a circle of a table and a function of its rows
-- old
CREATE TABLE t (id integer PRIMARY KEY, a integer);
-- new
CREATE TABLE t (id integer PRIMARY KEY, a integer);
CREATE FUNCTION total(r t) RETURNS integer LANGUAGE sql STABLE AS 'SELECT r.a + 1';
CREATE VIEW v AS SELECT t.id, total(t) AS n FROM t;
ALTER TABLE t ADD CHECK (total(t) > 0);

-- case: a function that returns rows of a view that calls a function
-- old
CREATE TABLE t (id integer, a text);
-- new
CREATE TABLE t (id integer, a text, b text);
CREATE FUNCTION one(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE VIEW v AS SELECT id, one(id) AS next FROM t;
CREATE FUNCTION rows_of_v() RETURNS SETOF v LANGUAGE sql STABLE AS 'SELECT * FROM public.v';
CREATE VIEW w AS SELECT next FROM rows_of_v();
CREATE MATERIALIZED VIEW m AS SELECT * FROM w;
CREATE UNIQUE INDEX ON m (next);

-- case: the table under a function under a view gets another column type
-- old
CREATE TABLE t (id integer, a integer);
CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql STABLE AS 'SELECT * FROM t';
CREATE FUNCTION g(t) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT ($1).a; END;
CREATE VIEW v AS SELECT a FROM f();
CREATE VIEW w AS SELECT g(t.*) AS g FROM t;
-- new
CREATE TABLE t (id integer, a bigint);
CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql STABLE AS 'SELECT * FROM t';
CREATE FUNCTION g(t) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT ($1).a; END;
CREATE VIEW v AS SELECT a FROM f();
CREATE VIEW w AS SELECT g(t.*) AS g FROM t;

-- case: everything around an enum that loses a label
-- old
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN good AS mood CHECK (VALUE <> 'sad');
CREATE TYPE pair AS (a mood, b integer);
CREATE TABLE t (id integer PRIMARY KEY, a mood NOT NULL DEFAULT 'ok', b mood[] DEFAULT '{sad,ok}', CHECK (a <> 'sad'));
CREATE INDEX ON t (a) WHERE a = 'happy';
CREATE FUNCTION f(m mood DEFAULT 'ok') RETURNS mood LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION g(m mood[]) RETURNS SETOF mood LANGUAGE plpgsql AS 'BEGIN RETURN; END';
CREATE VIEW v AS SELECT a, f(a) AS f FROM t WHERE a > 'sad';
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a = 'ok') EXECUTE FUNCTION tf();
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (a <> 'sad');
CREATE RULE r AS ON DELETE TO t WHERE OLD.a = 'ok' DO INSTEAD NOTHING;
CREATE STATISTICS st ON a, id FROM t;
GRANT SELECT (a) ON t TO PUBLIC;
COMMENT ON COLUMN t.a IS 'mood';
-- new
CREATE TYPE mood AS ENUM ('happy', 'ok');
CREATE DOMAIN good AS mood CHECK (VALUE <> 'ok');
CREATE TYPE pair AS (a mood, b integer);
CREATE TABLE t (id integer PRIMARY KEY, a mood NOT NULL DEFAULT 'ok', b mood[] DEFAULT '{ok}', CHECK (a <> 'happy'));
CREATE INDEX ON t (a) WHERE a = 'happy';
CREATE FUNCTION f(m mood DEFAULT 'ok') RETURNS mood LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION g(m mood[]) RETURNS SETOF mood LANGUAGE plpgsql AS 'BEGIN RETURN; END';
CREATE VIEW v AS SELECT a, f(a) AS f FROM t WHERE a > 'happy';
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a = 'ok') EXECUTE FUNCTION tf();
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (a <> 'happy');
CREATE RULE r AS ON DELETE TO t WHERE OLD.a = 'ok' DO INSTEAD NOTHING;
CREATE STATISTICS st ON a, id FROM t;
GRANT SELECT (a) ON t TO PUBLIC;
COMMENT ON COLUMN t.a IS 'mood';

-- case: a label goes together with a column and a foreign key
-- old
CREATE TYPE st AS ENUM ('draft', 'published', 'archived');
CREATE TABLE parents (id integer PRIMARY KEY);
CREATE TABLE children (id integer PRIMARY KEY, parent integer REFERENCES parents, status st, notes text);
-- new
CREATE TYPE st AS ENUM ('draft', 'published');
CREATE TABLE parents (id integer PRIMARY KEY);
CREATE TABLE children (id integer PRIMARY KEY, status st, notes text);

-- case: tables that refer to each other go
-- old
CREATE TABLE a (id bigserial PRIMARY KEY);
CREATE TABLE b (id bigserial PRIMARY KEY, a_id bigint REFERENCES a);
ALTER TABLE a ADD b_id bigint REFERENCES b;
CREATE TABLE keep (id integer);
-- new
CREATE TABLE keep (id integer);

-- case: a serial column goes from a table that stays
-- old
CREATE TABLE t (id serial PRIMARY KEY, label text);
-- new
CREATE TABLE t (label text);

-- case: a sequence owned by the column that uses it comes to a table
-- old
CREATE SCHEMA s;
CREATE TABLE s.t (name text NOT NULL);
-- then
CREATE SEQUENCE s.t_seq;
ALTER TABLE s.t ADD COLUMN id bigint DEFAULT nextval('s.t_seq');
ALTER SEQUENCE s.t_seq OWNED BY s.t.id;

-- case: views on views on views, all of another shape
-- old
CREATE TABLE t (id integer, a text, b date);
CREATE VIEW v1 AS SELECT * FROM t;
CREATE VIEW v2 AS SELECT id, a FROM v1;
CREATE MATERIALIZED VIEW v3 AS SELECT a, count(*) AS n FROM v2 GROUP BY a;
CREATE UNIQUE INDEX v3_a ON v3 (a);
CREATE VIEW v4 AS SELECT v3.a, v1.b FROM v3 JOIN v1 USING (a);
COMMENT ON COLUMN v4.b IS 'b';
GRANT SELECT ON v4 TO PUBLIC;
-- new
CREATE TABLE t (id bigint, b date);
CREATE VIEW v1 AS SELECT * FROM t;
CREATE VIEW v2 AS SELECT b, id FROM v1;
CREATE MATERIALIZED VIEW v3 AS SELECT b AS a, count(*) AS n FROM v2 GROUP BY b;
CREATE UNIQUE INDEX v3_a ON v3 (a);
CREATE VIEW v4 AS SELECT v3.a, v1.b FROM v3 JOIN v1 ON v1.b = v3.a;
COMMENT ON COLUMN v4.b IS 'b';
GRANT SELECT ON v4 TO PUBLIC;

-- case: two views exchange what they read
-- both
CREATE TABLE t (a integer, b text);
-- old
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a, a + 1 AS n FROM v;
-- new
CREATE VIEW w AS SELECT a, 2 AS n FROM t;
CREATE VIEW v AS SELECT a FROM w;

-- case: a domain of a domain under a table, a function and a view
-- old
CREATE DOMAIN d1 AS text CHECK (VALUE <> '');
CREATE DOMAIN d2 AS d1 CHECK (length(VALUE) < 10);
CREATE TABLE t (a d2 DEFAULT 'x', b d1[]);
CREATE FUNCTION f(d2) RETURNS d1 LANGUAGE sql AS 'SELECT $1::text::d1';
CREATE VIEW v AS SELECT f(a) AS a FROM t;
CREATE INDEX ON t ((a::text));
-- new
CREATE DOMAIN d1 AS varchar(20) CHECK (VALUE <> '');
CREATE DOMAIN d2 AS d1 CHECK (length(VALUE) < 12);
CREATE TABLE t (a d2 DEFAULT 'x', b d1[]);
CREATE FUNCTION f(d2) RETURNS d1 LANGUAGE sql AS 'SELECT $1::text::d1';
CREATE VIEW v AS SELECT f(a) AS a FROM t;
CREATE INDEX ON t ((a::text));

-- case: a function in a check, an index, a default and a generated column changes its result
-- old
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TABLE t (a integer DEFAULT f(1), g integer GENERATED ALWAYS AS (f(a)) STORED, CHECK (f(a) > 0));
CREATE INDEX ON t (f(a));
CREATE VIEW v AS SELECT f(a) AS f FROM t;
-- new
CREATE FUNCTION f(integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1::bigint';
CREATE TABLE t (a integer DEFAULT f(1), g integer GENERATED ALWAYS AS (f(a)) STORED, CHECK (f(a) > 0));
CREATE INDEX ON t (f(a));
CREATE VIEW v AS SELECT f(a) AS f FROM t;

-- case: everything moves to another schema
-- old
CREATE SCHEMA a;
CREATE TYPE a.e AS ENUM ('x');
CREATE TABLE a.t (id serial PRIMARY KEY, e a.e DEFAULT 'x');
CREATE FUNCTION a.f() RETURNS a.e LANGUAGE sql AS 'SELECT e FROM a.t LIMIT 1';
CREATE VIEW a.v AS SELECT a.f() AS f, t.* FROM a.t;
GRANT USAGE ON SCHEMA a TO PUBLIC;
-- new
CREATE SCHEMA b;
CREATE TYPE b.e AS ENUM ('x', 'y');
CREATE TABLE b.t (id serial PRIMARY KEY, e b.e DEFAULT 'y');
CREATE FUNCTION b.f() RETURNS b.e LANGUAGE sql AS 'SELECT e FROM b.t LIMIT 1';
CREATE VIEW b.v AS SELECT b.f() AS f, t.* FROM b.t;

-- case: the order of arguments, a default and an overload under one view
-- old
CREATE FUNCTION f(a integer, b text DEFAULT 'x') RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT b || a';
CREATE FUNCTION f(a text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE VIEW v AS SELECT f(1) AS x, f('y'::text) AS y;
-- new
CREATE FUNCTION f(b text, a integer DEFAULT 2) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT b || a';
CREATE FUNCTION f(a integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT a::text';
CREATE VIEW v AS SELECT f(1) AS x, f('y'::text, 3) AS y;
