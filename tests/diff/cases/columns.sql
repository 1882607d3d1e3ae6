-- case: columns come and go
-- old
CREATE TABLE t (a integer, b text, c date);
-- new
CREATE TABLE t (a integer, d text NOT NULL, e integer DEFAULT 7, f timestamptz NOT NULL DEFAULT now(), c date);

-- case: a wider integer
-- old
CREATE TABLE t (a integer PRIMARY KEY, b smallint DEFAULT 1 CHECK (b > 0));
CREATE INDEX ON t (b);
-- new
CREATE TABLE t (a bigint PRIMARY KEY, b integer DEFAULT 1 CHECK (b > 0));
CREATE INDEX ON t (b);

-- case: varchar to text under a view, a check and an index
-- old
CREATE TABLE t (id integer PRIMARY KEY, a varchar(20) NOT NULL DEFAULT 'x' CHECK (a IN ('x', 'y')));
CREATE INDEX t_lower ON t (lower(a));
CREATE VIEW v AS SELECT a, length(a) AS n FROM t WHERE a <> 'z';
CREATE VIEW w AS SELECT n FROM v;
-- new
CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL DEFAULT 'x' CHECK (a IN ('x', 'y')));
CREATE INDEX t_lower ON t (lower(a));
CREATE VIEW v AS SELECT a, length(a) AS n FROM t WHERE a <> 'z';
CREATE VIEW w AS SELECT n FROM v;

-- case: text to integer and to boolean
-- old
CREATE TABLE t (a text DEFAULT '1', b text DEFAULT 'true', c text[], d jsonb);
-- new
CREATE TABLE t (a integer DEFAULT 1, b boolean DEFAULT true, c integer[], d text);

-- case: integer to boolean, boolean to integer
-- old
CREATE TABLE t (a integer DEFAULT 0, b boolean);
-- new
CREATE TABLE t (a boolean DEFAULT false, b integer);

-- case: types without any cast between them
-- old
CREATE TABLE t (a integer, b uuid, c date);
-- new
CREATE TABLE t (a uuid, b integer, c jsonb);

-- case: numeric precision and varchar length
-- old
CREATE TABLE t (a numeric(10,2), b varchar(10), c timestamp(3), d char(3), e bit(3));
-- new
CREATE TABLE t (a numeric(12,4), b varchar(5), c timestamptz(3), d char(5), e bit varying(5));

-- case: a time zone comes
-- old
CREATE TABLE t (a timestamp NOT NULL DEFAULT now());
CREATE INDEX ON t (a DESC NULLS LAST);
-- new
CREATE TABLE t (a timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON t (a DESC NULLS LAST);

-- case: a scalar becomes an array
-- old
CREATE TABLE t (a integer[], b integer);
-- new
CREATE TABLE t (a bigint[], b text);

-- case: not null
-- old
CREATE TABLE t (a integer, b integer NOT NULL);
-- new
CREATE TABLE t (a integer NOT NULL, b integer);

-- case: defaults
-- old
CREATE TABLE t (a integer DEFAULT 1, b text DEFAULT 'x', c timestamptz);
-- new
CREATE TABLE t (a integer, b text DEFAULT 'it''s', c timestamptz DEFAULT now() + interval '1 day');

-- case: a default that calls a function which reads the table
-- new
CREATE TABLE t (id integer PRIMARY KEY);
CREATE FUNCTION next_id() RETURNS integer LANGUAGE sql AS 'SELECT coalesce(max(id), 0) + 1 FROM t';
ALTER TABLE t ALTER id SET DEFAULT next_id();

-- case: a default that calls a function of the table's rows
-- new
CREATE TABLE t (id integer PRIMARY KEY, n integer);
CREATE FUNCTION count_of(t[]) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT cardinality($1)';
ALTER TABLE t ALTER n SET DEFAULT count_of('{}');

-- case: collation
-- old
CREATE TABLE t (a text COLLATE "C", b text);
CREATE INDEX ON t (a);
CREATE VIEW v AS SELECT a FROM t;
-- new
CREATE TABLE t (a text, b text COLLATE "POSIX");
CREATE INDEX ON t (a);
CREATE VIEW v AS SELECT a FROM t;

-- case: storage, compression, statistics and options
-- old
CREATE TABLE t (a text, b text, c text, d integer);
ALTER TABLE t ALTER a SET STORAGE EXTERNAL;
ALTER TABLE t ALTER d SET (n_distinct = 5);
-- new
CREATE TABLE t (a text, b text COMPRESSION pglz, c text, d integer);
ALTER TABLE t ALTER b SET STORAGE MAIN;
ALTER TABLE t ALTER c SET STATISTICS 500;
ALTER TABLE t ALTER d SET (n_distinct = 7, n_distinct_inherited = 9);

-- case: a generated column comes
-- old
CREATE TABLE t (a integer, b text);
-- new
CREATE TABLE t (a integer, b text, g text GENERATED ALWAYS AS (b || a::text) STORED);
CREATE INDEX ON t (g);

-- case: the expression of a generated column
-- old
CREATE TABLE t (a integer, g integer GENERATED ALWAYS AS (a + 1) STORED UNIQUE);
CREATE VIEW v AS SELECT g FROM t;
COMMENT ON COLUMN t.g IS 'G';
-- new
CREATE TABLE t (a integer, g integer GENERATED ALWAYS AS (a * 2) STORED UNIQUE);
CREATE VIEW v AS SELECT g FROM t;
COMMENT ON COLUMN t.g IS 'G';

-- case: a generated column becomes an ordinary one
-- old
CREATE TABLE t (a integer, g integer GENERATED ALWAYS AS (a + 1) STORED);
-- new
CREATE TABLE t (a integer, g integer DEFAULT 5);

-- case: the type under a generated column
-- old
CREATE TABLE t (a integer, g integer GENERATED ALWAYS AS (a + 1) STORED);
-- new
CREATE TABLE t (a bigint, g bigint GENERATED ALWAYS AS (a + 1) STORED);

-- case: a column under a whole-row view
-- old
CREATE TABLE t (a integer, b text);
CREATE VIEW v AS SELECT t FROM t;
CREATE VIEW w AS SELECT * FROM t;
-- new
CREATE TABLE t (a integer, b varchar(5), c date);
CREATE VIEW v AS SELECT t FROM t;
CREATE VIEW w AS SELECT * FROM t;

-- case: a column with index, constraint, default and comment goes
-- old
CREATE TABLE t (
  id integer PRIMARY KEY, a integer DEFAULT 3 CHECK (a > id), b integer REFERENCES t, c integer, UNIQUE (a, c)
);
CREATE INDEX t_ac ON t (c, a);
COMMENT ON COLUMN t.a IS 'A';
-- new
CREATE TABLE t (id integer PRIMARY KEY, c integer);

-- case: comments on columns
-- old
CREATE TABLE t (a integer, b integer);
COMMENT ON COLUMN t.a IS 'A';
COMMENT ON TABLE t IS 'T';
-- new
CREATE TABLE t (a integer, b integer);
COMMENT ON COLUMN t.b IS 'B';
COMMENT ON TABLE t IS 'Another';

-- case: a type that triggers and policies stand on
-- old
CREATE TABLE t (id integer, a integer, b integer);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER one BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION tf();
CREATE TRIGGER two BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION tf();
COMMENT ON TRIGGER two ON t IS 'Two';
CREATE POLICY p ON t USING (a > 1);
CREATE RULE r AS ON DELETE TO t WHERE OLD.a = 1 DO INSTEAD NOTHING;
-- new
CREATE TABLE t (id integer, a bigint, b integer);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER one BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION tf();
CREATE TRIGGER two BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION tf();
COMMENT ON TRIGGER two ON t IS 'Two';
CREATE POLICY p ON t USING (a > 1);
CREATE RULE r AS ON DELETE TO t WHERE OLD.a = 1 DO INSTEAD NOTHING;
