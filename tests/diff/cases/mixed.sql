-- case: names longer than the server keeps
-- new
CREATE TABLE a_table_with_a_name_that_is_as_long_as_names_can_be_in_this_server_ (a_column_with_a_name_that_is_as_long_as_names_can_be_in_this_serv serial PRIMARY KEY, b integer CHECK (b > 0) UNIQUE REFERENCES a_table_with_a_name_that_is_as_long_as_names_can_be_in_this_server_);
CREATE TYPE an_enum_with_a_name_that_is_as_long_as_names_can_be_in_this_serve AS ENUM ('a');

-- case: a long enum is made again
-- old
CREATE TYPE an_enum_with_a_name_that_is_as_long_as_names_can_be_in_this_serve AS ENUM ('a', 'b');
CREATE TABLE t (a an_enum_with_a_name_that_is_as_long_as_names_can_be_in_this_serve DEFAULT 'b');
-- new
CREATE TYPE an_enum_with_a_name_that_is_as_long_as_names_can_be_in_this_serve AS ENUM ('b', 'a');
CREATE TABLE t (a an_enum_with_a_name_that_is_as_long_as_names_can_be_in_this_serve DEFAULT 'b');

-- case: hostile labels, defaults and comments
-- new
CREATE TYPE e AS ENUM ('''; DROP TABLE x; --', '$$', '\', '%s', '{}');
CREATE TABLE t (a e DEFAULT '\', b text DEFAULT '''; DROP TABLE x; --' CHECK (b <> '$$;'));
COMMENT ON TABLE t IS '$$ ''; -- %';

-- case: a chain of everything under one column
-- old
CREATE TABLE t (id integer PRIMARY KEY, a integer NOT NULL DEFAULT 1, g integer GENERATED ALWAYS AS (a + 1) STORED);
CREATE INDEX i ON t ((a * 2)) WHERE a > 5;
CREATE VIEW v1 AS SELECT id, a, g FROM t;
CREATE VIEW v2 AS SELECT a, count(*) AS n FROM v1 GROUP BY a;
CREATE MATERIALIZED VIEW m AS SELECT * FROM v2;
CREATE UNIQUE INDEX m_a ON m (a);
CREATE VIEW v3 AS SELECT * FROM m;
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT sum(n) FROM v3; END;
CREATE VIEW v4 AS SELECT f() AS total;
COMMENT ON VIEW v4 IS 'Four';
GRANT SELECT ON v4 TO reader;
CREATE STATISTICS s ON id, a FROM t;
-- new
CREATE TABLE t (id integer PRIMARY KEY, a bigint NOT NULL DEFAULT 2, g bigint GENERATED ALWAYS AS (a + 1) STORED);
CREATE INDEX i ON t ((a * 2)) WHERE a > 5;
CREATE VIEW v1 AS SELECT id, a, g FROM t;
CREATE VIEW v2 AS SELECT a, count(*) AS n FROM v1 GROUP BY a;
CREATE MATERIALIZED VIEW m AS SELECT * FROM v2;
CREATE UNIQUE INDEX m_a ON m (a);
CREATE VIEW v3 AS SELECT * FROM m;
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT sum(n)::bigint FROM v3; END;
CREATE VIEW v4 AS SELECT f() AS total;
COMMENT ON VIEW v4 IS 'Four';
GRANT SELECT ON v4 TO reader;
CREATE STATISTICS s ON id, a FROM t;

-- case: two tables exchange their names
-- old
CREATE TABLE a (x integer PRIMARY KEY);
CREATE TABLE b (y text PRIMARY KEY);
-- new
CREATE TABLE b (x integer PRIMARY KEY);
CREATE TABLE a (y text PRIMARY KEY);

-- case: two columns exchange their types
-- old
CREATE TABLE t (a integer, b text);
-- new
CREATE TABLE t (a text, b integer);

-- case: an index and a table exchange their names
-- old
CREATE TABLE one (a integer);
CREATE INDEX two ON one (a);
-- new
CREATE TABLE two (a integer);
CREATE INDEX one ON two (a);

-- case: two indexes exchange their definitions
-- both
CREATE TABLE t (a integer, b integer);
-- old
CREATE INDEX i ON t (a);
CREATE INDEX j ON t (b);
-- new
CREATE INDEX i ON t (b);
CREATE INDEX j ON t (a);

-- case: a check becomes a domain
-- old
CREATE TABLE t (email text CHECK (email LIKE '%@%'));
-- new
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE t (email email);

-- case: a column becomes a table of its own
-- old
CREATE TABLE users (id integer PRIMARY KEY, city text, street text);
CREATE VIEW v AS SELECT id, city FROM users;
-- new
CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE addresses (user_id integer PRIMARY KEY REFERENCES users ON DELETE CASCADE, city text, street text);
CREATE VIEW v AS SELECT u.id, a.city FROM users u LEFT JOIN addresses a ON a.user_id = u.id;

-- case: integer keys become uuids all over
-- old
CREATE TABLE users (id serial PRIMARY KEY, parent integer REFERENCES users);
CREATE TABLE posts (id serial PRIMARY KEY, user_id integer NOT NULL REFERENCES users ON DELETE CASCADE, UNIQUE (user_id, id));
CREATE TABLE likes (user_id integer REFERENCES users, post_id integer REFERENCES posts, PRIMARY KEY (user_id, post_id));
CREATE VIEW v AS SELECT u.id, count(*) FROM users u JOIN posts p ON p.user_id = u.id GROUP BY u.id;
-- new
CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), parent uuid REFERENCES users);
CREATE TABLE posts (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, UNIQUE (user_id, id));
CREATE TABLE likes (user_id uuid REFERENCES users, post_id uuid REFERENCES posts, PRIMARY KEY (user_id, post_id));
CREATE VIEW v AS SELECT u.id, count(*) FROM users u JOIN posts p ON p.user_id = u.id GROUP BY u.id;

-- case: a self-referencing view through a function
-- new
CREATE TABLE t (a integer);
CREATE FUNCTION f() RETURNS integer LANGUAGE sql STABLE AS 'SELECT max(a) FROM t';
CREATE VIEW v AS SELECT f() AS a;
CREATE FUNCTION g() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v';
CREATE VIEW w AS SELECT * FROM g();

-- case: an exclusion constraint with another operator
-- both
CREATE EXTENSION btree_gist;
-- old
CREATE TABLE bookings (room integer, during tstzrange, CONSTRAINT no_double EXCLUDE USING gist (room WITH =, during WITH &&));
-- new
CREATE TABLE bookings (room integer, during tstzrange, CONSTRAINT no_double EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room > 0));

-- case: a domain becomes its base type
-- old
CREATE DOMAIN d AS integer CHECK (VALUE > 0);
CREATE TABLE t (a d NOT NULL DEFAULT 5, b d[]);
CREATE FUNCTION f(d) RETURNS d LANGUAGE sql AS 'SELECT $1';
-- new
CREATE TABLE t (a integer NOT NULL DEFAULT 5, b integer[]);
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';

-- case: everything goes from a schema that goes
-- old
CREATE SCHEMA s;
CREATE TYPE s.e AS ENUM ('a');
CREATE TABLE s.t (id serial PRIMARY KEY, e s.e DEFAULT 'a');
CREATE FUNCTION s.f(s.t) RETURNS s.e LANGUAGE sql AS 'SELECT $1.e';
CREATE VIEW s.v AS SELECT s.f(t) FROM s.t;
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO reader;
-- new
CREATE TABLE t (a integer);
