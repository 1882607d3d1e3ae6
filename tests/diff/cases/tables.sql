-- case: tables that refer to each other
-- new
CREATE TABLE a (id integer PRIMARY KEY, b_id integer);
CREATE TABLE b (id integer PRIMARY KEY, a_id integer REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;

-- case: a circle of three tables, and one that refers to itself
-- old
CREATE TABLE keep (id integer PRIMARY KEY);
-- new
CREATE TABLE keep (id integer PRIMARY KEY, c_id integer);
CREATE TABLE a (id integer PRIMARY KEY, b_id integer, me integer REFERENCES a, k integer REFERENCES keep);
CREATE TABLE b (id integer PRIMARY KEY, c_id integer);
CREATE TABLE c (id integer PRIMARY KEY, a_id integer REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;
ALTER TABLE b ADD FOREIGN KEY (c_id) REFERENCES c;
ALTER TABLE keep ADD FOREIGN KEY (c_id) REFERENCES c;

-- case: a table without columns
-- new
CREATE TABLE nothing ();

-- case: storage parameters
-- old
CREATE TABLE t (a integer) WITH (fillfactor = 70, autovacuum_enabled = false);
-- new
CREATE TABLE t (a integer, b text) WITH (fillfactor = 80, toast.autovacuum_enabled = false);

-- case: unlogged
-- old
CREATE UNLOGGED TABLE t (a integer PRIMARY KEY);
-- new
CREATE TABLE t (a integer PRIMARY KEY);

-- case: replica identity
-- both
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL);
CREATE UNIQUE INDEX t_a ON t (a);
CREATE UNIQUE INDEX t_b ON t (b);
-- old
ALTER TABLE t REPLICA IDENTITY FULL;
-- new
ALTER TABLE t REPLICA IDENTITY USING INDEX t_a;

-- case: replica identity passes to another index
-- both
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL);
CREATE UNIQUE INDEX t_a ON t (a);
CREATE UNIQUE INDEX t_b ON t (b);
-- old
ALTER TABLE t REPLICA IDENTITY USING INDEX t_b;
ALTER TABLE t CLUSTER ON t_a;
-- new
ALTER TABLE t REPLICA IDENTITY USING INDEX t_a;
ALTER TABLE t CLUSTER ON t_b;

-- case: clustered on a primary key, replica identity nothing
-- old
CREATE TABLE t (a integer PRIMARY KEY);
-- new
CREATE TABLE t (a integer PRIMARY KEY);
ALTER TABLE t CLUSTER ON t_pkey;
ALTER TABLE t REPLICA IDENTITY NOTHING;

-- case: a table of a type
-- old
CREATE TYPE kind AS (a integer, b text);
-- new
CREATE TYPE kind AS (a integer, b text);
CREATE TABLE t OF kind (a NOT NULL, b DEFAULT 'x', PRIMARY KEY (a));

-- case: a table becomes a view
-- old
CREATE TABLE thing (a integer);
-- new
CREATE VIEW thing AS SELECT 1 AS a;

-- case: a table becomes a materialized view, and a view a table
-- old
CREATE TABLE one (a integer);
CREATE VIEW two AS SELECT 1 AS a;
-- new
CREATE MATERIALIZED VIEW one AS SELECT 1 AS a;
CREATE TABLE two (a integer);

-- case: a table with everything goes
-- old
CREATE TYPE mood AS ENUM ('a');
CREATE TABLE parents (id serial PRIMARY KEY);
CREATE TABLE t (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent_id integer REFERENCES parents ON DELETE CASCADE,
  m mood DEFAULT 'a', n text UNIQUE CHECK (n <> ''), g text GENERATED ALWAYS AS (n || 'x') STORED
);
CREATE INDEX ON t (lower(n));
CREATE STATISTICS st ON parent_id, m FROM t;
COMMENT ON TABLE t IS 'T';
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t TO reader USING (id > 0);
GRANT SELECT ON t TO reader;
CREATE VIEW v AS SELECT * FROM t;
-- new
CREATE TABLE parents (id serial PRIMARY KEY);

-- case: tables that refer to one another become unlogged
-- old
CREATE TABLE batches (id integer PRIMARY KEY);
CREATE TABLE items (batch integer REFERENCES batches, CONSTRAINT items_key UNIQUE (batch));
CREATE TABLE details (batch integer REFERENCES items (batch));
-- new
CREATE UNLOGGED TABLE batches (id integer PRIMARY KEY);
CREATE UNLOGGED TABLE items (batch integer REFERENCES batches, CONSTRAINT items_key UNIQUE (batch));
CREATE UNLOGGED TABLE details (batch integer REFERENCES items (batch));

-- case: keys come and go while tables become logged and unlogged
-- old
CREATE UNLOGGED TABLE a (id integer PRIMARY KEY);
CREATE UNLOGGED TABLE b (id integer CONSTRAINT gone REFERENCES a);
CREATE TABLE c (id integer PRIMARY KEY);
CREATE UNLOGGED TABLE d (id integer);
-- new
CREATE UNLOGGED TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer);
CREATE UNLOGGED TABLE c (id integer PRIMARY KEY);
CREATE UNLOGGED TABLE d (id integer CONSTRAINT new REFERENCES c);

-- case: settings of tables whose foreign keys make a circle
-- both
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY REFERENCES a, above integer REFERENCES b);
ALTER TABLE a ADD FOREIGN KEY (id) REFERENCES b;
-- new
ALTER TABLE a SET (fillfactor = 70);
ALTER TABLE b ENABLE ROW LEVEL SECURITY;
