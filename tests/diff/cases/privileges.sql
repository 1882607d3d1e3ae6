-- case: grants of all sorts come
-- both
CREATE SCHEMA s;
CREATE TABLE t (a integer, b text);
CREATE SEQUENCE q;
CREATE TYPE mood AS ENUM ('a');
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE VIEW v AS SELECT a FROM t;
-- new
GRANT SELECT, INSERT ON t TO reader;
GRANT ALL ON t TO writer WITH GRANT OPTION;
GRANT UPDATE (a), SELECT (a, b) ON t TO "Odd role";
GRANT USAGE ON SCHEMA s TO reader;
GRANT USAGE, SELECT ON SEQUENCE q TO PUBLIC;
GRANT USAGE ON TYPE mood TO reader;
REVOKE USAGE ON TYPE mood FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION f() TO reader;
GRANT SELECT ON v TO reader;

-- case: grants change
-- both
CREATE TABLE t (a integer, b text);
-- old
GRANT SELECT, INSERT ON t TO reader;
GRANT SELECT ON t TO writer WITH GRANT OPTION;
GRANT SELECT (a) ON t TO third;
-- new
GRANT SELECT, DELETE ON t TO reader WITH GRANT OPTION;
GRANT SELECT ON t TO writer;
GRANT UPDATE (b) ON t TO third;

-- case: the owner gives up privileges
-- both
CREATE TABLE t (a integer, b text);
-- new
REVOKE DELETE, TRUNCATE ON t FROM CURRENT_USER;

-- case: default privileges
-- both
CREATE SCHEMA s;
-- old
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;
CREATE TABLE t (a integer);
-- new
ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT USAGE ON SEQUENCES TO writer WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE TABLE t (a integer);
CREATE TABLE s.u (a serial);
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';

-- case: tables under default privileges that do not have them
-- both
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT INSERT ON TABLES TO writer;
-- new
CREATE TABLE t (a integer);
REVOKE SELECT ON t FROM reader;
CREATE TABLE u (a integer);

-- case: privileges on a wrapper and its server
-- both
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
-- old
GRANT USAGE ON FOREIGN DATA WRAPPER w TO pg_monitor;
-- new
GRANT USAGE ON FOREIGN DATA WRAPPER w TO PUBLIC;
GRANT USAGE ON FOREIGN SERVER s TO pg_monitor WITH GRANT OPTION;

-- case: what a role gives itself by default
-- old
ALTER DEFAULT PRIVILEGES FOR ROLE one_writer REVOKE SELECT ON TABLES FROM one_writer;
-- new
CREATE SCHEMA s;
ALTER DEFAULT PRIVILEGES FOR ROLE one_writer IN SCHEMA s GRANT SELECT ON TABLES TO one_writer;

-- case: the role that loads a schema grants to itself, and takes from itself
-- old
CREATE TABLE plain (id integer);
CREATE TABLE kept (id integer GENERATED ALWAYS AS IDENTITY);
GRANT SELECT, INSERT ON plain TO postgres;
REVOKE UPDATE ON SEQUENCE kept_id_seq FROM postgres;
-- new
CREATE TABLE plain (id integer);
CREATE TABLE kept (id integer GENERATED ALWAYS AS IDENTITY);
REVOKE DELETE ON TABLE kept FROM postgres;
