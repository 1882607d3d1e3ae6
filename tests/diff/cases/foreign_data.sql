-- case: options of a wrapper
-- old
CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'true', a 'b');
-- new
CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'false', "C d" 'e''f');
COMMENT ON FOREIGN DATA WRAPPER w IS 'a wrapper';

-- case: version and options of a server
-- both
CREATE FOREIGN DATA WRAPPER w;
-- old
CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'a', x 'y');
CREATE FOREIGN TABLE t (a integer) SERVER s;
-- new
CREATE SERVER s VERSION '2.0' FOREIGN DATA WRAPPER w OPTIONS (host 'b', port '1');
CREATE FOREIGN TABLE t (a integer) SERVER s;

-- case: the type of a server under a foreign table
-- both
CREATE FOREIGN DATA WRAPPER w;
-- old
CREATE SERVER s TYPE 'a' FOREIGN DATA WRAPPER w;
CREATE FOREIGN TABLE t (a integer) SERVER s OPTIONS (x 'y');
CREATE VIEW v AS SELECT a FROM t;
GRANT USAGE ON FOREIGN SERVER s TO PUBLIC;
-- new
CREATE SERVER s TYPE 'b' FOREIGN DATA WRAPPER w;
CREATE FOREIGN TABLE t (a integer) SERVER s OPTIONS (x 'y');
CREATE VIEW v AS SELECT a FROM t;
GRANT USAGE ON FOREIGN SERVER s TO PUBLIC;

-- case: user mappings of others
-- both
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE ROLE pagespace_case_reader;
-- old
CREATE USER MAPPING FOR pagespace_case_reader SERVER s OPTIONS (user 'a', password 'b');
CREATE USER MAPPING FOR PUBLIC SERVER s;
-- new
CREATE USER MAPPING FOR pagespace_case_reader SERVER s OPTIONS (user 'c', "Other" 'd');
CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (user 'e');

-- case: columns, defaults, checks and options of a foreign table
-- both
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
-- old
CREATE FOREIGN TABLE t (a integer DEFAULT 0, b text NOT NULL, c date OPTIONS (n 'c')) SERVER s OPTIONS (x 'y', z 'z');
-- new
CREATE FOREIGN TABLE t (a bigint, b text DEFAULT 'b', d numeric(5, 2), c date OPTIONS (n 'd', m 'e') NOT NULL,
                        CHECK (a > 0)) SERVER s OPTIONS (x 'w', q 'r');

-- case: a foreign table changes its server
-- both
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE SERVER r FOREIGN DATA WRAPPER w;
-- old
CREATE FOREIGN TABLE t (a integer) SERVER s;
CREATE VIEW v AS SELECT a FROM t;
-- new
CREATE FOREIGN TABLE t (a integer) SERVER r;
CREATE VIEW v AS SELECT a FROM t;

-- case: a foreign table is a partition
-- both
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE TABLE p (id integer, a text) PARTITION BY RANGE (id);
-- old
-- new
CREATE FOREIGN TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10) SERVER s OPTIONS (t 'p1');
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);

-- case: a table becomes a foreign one
-- both
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
-- old
CREATE TABLE t (a integer PRIMARY KEY, b text);
COMMENT ON TABLE t IS 'here';
-- new
CREATE FOREIGN TABLE t (a integer NOT NULL, b text) SERVER s;
COMMENT ON FOREIGN TABLE t IS 'there';

-- case: handlers and validators of wrappers
-- both
CREATE EXTENSION postgres_fdw;
-- old
CREATE FOREIGN DATA WRAPPER w VALIDATOR postgresql_fdw_validator;
CREATE FOREIGN DATA WRAPPER x HANDLER postgres_fdw_handler;
-- new
CREATE FUNCTION is_fine(text[], oid) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FOREIGN DATA WRAPPER w HANDLER postgres_fdw_handler VALIDATOR is_fine OPTIONS (a 'c');
CREATE FOREIGN DATA WRAPPER x VALIDATOR postgres_fdw_validator;

-- case: a server gets a version, and another loses its own
-- both
CREATE FOREIGN DATA WRAPPER w;
-- old
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE SERVER t TYPE 'x' VERSION '3' FOREIGN DATA WRAPPER w OPTIONS (a 'b');
CREATE FOREIGN TABLE f (a integer) SERVER s;
-- new
CREATE SERVER s VERSION '2' FOREIGN DATA WRAPPER w;
CREATE SERVER t TYPE 'x' FOREIGN DATA WRAPPER w;
CREATE FOREIGN TABLE f (a integer) SERVER s;
