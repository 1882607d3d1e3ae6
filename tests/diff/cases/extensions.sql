-- case: a type of an extension comes into use
-- old
CREATE TABLE t (id integer PRIMARY KEY, a text);
-- new
CREATE EXTENSION citext;
CREATE EXTENSION hstore;
CREATE TABLE t (id integer PRIMARY KEY, a citext NOT NULL DEFAULT '', h hstore DEFAULT 'a=>1', CHECK (a <> 'x'::citext));
CREATE INDEX t_h ON t USING gin (h);
CREATE VIEW v AS SELECT a, h -> 'k' AS k FROM t;

-- case: an operator class of an extension
-- old
CREATE TABLE t (id integer, a text);
-- new
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist;
CREATE TABLE t (id integer, a text, EXCLUDE USING gist (id WITH =, a WITH <>));
CREATE INDEX t_trgm ON t USING gin (a gin_trgm_ops);

-- case: an extension of foreign data with everything under it
-- old
CREATE TABLE u (id integer);
-- new
CREATE EXTENSION postgres_fdw;
CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'localhost', dbname 'x');
CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (user 'u', password 'it''s');
CREATE FOREIGN TABLE ft (id integer OPTIONS (column_name 'x') NOT NULL, b text) SERVER far OPTIONS (table_name 'x');
CREATE VIEW v AS SELECT * FROM ft;
CREATE TABLE u (id integer);
COMMENT ON FOREIGN TABLE ft IS 'far';
COMMENT ON SERVER far IS 'away';

-- case: extensions that reach files and the network
-- old
CREATE EXTENSION dblink;
CREATE VIEW v AS SELECT * FROM dblink('dbname=x', 'SELECT 1') AS t (a integer);
-- new
CREATE EXTENSION file_fdw;
CREATE EXTENSION tablefunc;
CREATE SERVER f FOREIGN DATA WRAPPER file_fdw;

-- case: a column of an extension's type goes with the extension
-- old
CREATE SCHEMA ext;
CREATE EXTENSION ltree SCHEMA ext;
CREATE EXTENSION cube;
CREATE TABLE t (id integer, p ext.ltree, c cube);
CREATE INDEX ON t USING gist (p);
CREATE FUNCTION f(p ext.ltree) RETURNS integer LANGUAGE sql AS 'SELECT nlevel($1)' SET search_path = ext;
-- new
CREATE TABLE t (id integer, p text);

-- case: a comment on an extension
-- old
CREATE EXTENSION hstore;
-- new
CREATE EXTENSION hstore;
COMMENT ON EXTENSION hstore IS 'pairs';

-- case: an extension of a newer version, and back to the older one
-- old
CREATE EXTENSION pg_trgm VERSION '1.5';
CREATE TABLE songs (title text);
CREATE INDEX ON songs USING gin (title gin_trgm_ops);
-- new
CREATE EXTENSION pg_trgm VERSION '1.6';
CREATE TABLE songs (title text);
CREATE INDEX ON songs USING gin (title gin_trgm_ops);
