-- case: the first table
-- old
-- new
CREATE TABLE users (id bigint PRIMARY KEY, name text);

-- case: a table goes
-- old
CREATE TABLE users (id bigint PRIMARY KEY, name text);
CREATE TABLE keep (id integer);
-- new
CREATE TABLE keep (id integer);

-- case: a column in the middle of others
-- old
CREATE TABLE users (id bigint PRIMARY KEY, age integer);
-- new
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(40) NOT NULL DEFAULT '', age integer);

-- case: a column whose name is a keyword
-- old
CREATE TABLE "order" (id integer, "select" text);
-- new
CREATE TABLE "order" (id integer, "from" integer NOT NULL, "Mixed Case" text DEFAULT 'x', CHECK ("from" > 0));
CREATE INDEX "user" ON "order" ("from", "Mixed Case");

-- case: defaults of every sort
-- old
CREATE TABLE t (a integer, b text DEFAULT 'b', c timestamptz, d jsonb, e uuid, f text[], g numeric);
-- new
CREATE TABLE t (a integer DEFAULT -1, b text, c timestamptz DEFAULT now(), d jsonb DEFAULT '{"k": [1, "x"]}',
                e uuid DEFAULT gen_random_uuid(), f text[] DEFAULT ARRAY['a', 'b'], g numeric DEFAULT 1.50);

-- case: a default over two lines with quotes
-- old
CREATE TABLE t (a text);
-- new
CREATE TABLE t (a text DEFAULT E'it''s\n"two" \\ lines; -- no comment');

-- case: a column becomes required
-- old
CREATE TABLE t (a integer, b text);
-- new
CREATE TABLE t (a integer NOT NULL, b text NOT NULL DEFAULT 'x');

-- case: a primary key of one column becomes one of two
-- old
CREATE TABLE t (a integer PRIMARY KEY, b integer);
-- new
CREATE TABLE t (a integer, b integer, PRIMARY KEY (a, b));

-- case: a primary key moves to another column
-- old
CREATE TABLE t (a integer PRIMARY KEY, b integer NOT NULL);
-- new
CREATE TABLE t (a integer NOT NULL, b integer PRIMARY KEY);

-- case: the columns of a primary key change places
-- old
CREATE TABLE t (a integer, b integer, PRIMARY KEY (a, b));
-- new
CREATE TABLE t (a integer, b integer, PRIMARY KEY (b, a));

-- case: a check by any and all
-- old
CREATE TABLE t (s text CHECK (s = ANY (ARRAY['a', 'b'])), n integer CHECK (n = ALL (ARRAY[1, 1])));
-- new
CREATE TABLE t (s text CHECK (s = ANY (ARRAY['a', 'c', 'd'])), n integer CHECK (n > ALL (ARRAY[0, 10])));

-- case: checks by patterns, ranges and functions
-- old
CREATE TABLE t (a text CHECK (a ~ '^[0-9]+$'), b integer CHECK (b BETWEEN 1 AND 9), c text CHECK (length(c) > 2));
-- new
CREATE TABLE t (a text CHECK (a ~* '^[a-z]+$'), b integer CHECK (b BETWEEN 1 AND 99), c text CHECK (length(trim(c)) > 2));

-- case: a check over two columns
-- old
CREATE TABLE t (a date, b date);
-- new
CREATE TABLE t (a date, b date, CONSTRAINT in_order CHECK (a <= b OR b IS NULL));

-- case: a check loses its name
-- old
CREATE TABLE t (a integer CONSTRAINT positive CHECK (a > 0));
-- new
CREATE TABLE t (a integer CHECK (a > 0));

-- case: foreign keys to tables that stand further down
-- old
CREATE TABLE foos (x text);
CREATE TABLE bars (x text);
-- new
CREATE TABLE foos (id bigint PRIMARY KEY, bar bigint NOT NULL REFERENCES bars (id));
CREATE TABLE bars (id bigint PRIMARY KEY);

-- case: a foreign key to another table
-- both
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY);
-- old
CREATE TABLE t (r integer CONSTRAINT f REFERENCES a ON DELETE CASCADE);
-- new
CREATE TABLE t (r integer CONSTRAINT f REFERENCES b ON DELETE SET NULL);

-- case: a foreign key to itself
-- old
CREATE TABLE t (id integer PRIMARY KEY, parent integer);
-- new
CREATE TABLE t (id integer PRIMARY KEY, parent integer REFERENCES t ON DELETE CASCADE);

-- case: the key that a foreign key refers to goes, and so does the foreign key
-- old
CREATE TABLE r (id integer PRIMARY KEY, code text UNIQUE);
CREATE TABLE t (code text REFERENCES r (code));
-- new
CREATE TABLE r (id integer PRIMARY KEY, code text);
CREATE TABLE t (code text);

-- case: a unique column, and one that no longer is
-- old
CREATE TABLE t (a text UNIQUE, b text);
-- new
CREATE TABLE t (a text, b text UNIQUE);

-- case: an index by expression and one by condition
-- old
CREATE TABLE t (a text, b timestamptz, deleted_at timestamptz);
CREATE INDEX by_a ON t (a);
-- new
CREATE TABLE t (a text, b timestamptz, deleted_at timestamptz);
CREATE INDEX by_a ON t (lower(a), (b IS NULL));
CREATE UNIQUE INDEX live ON t (a) WHERE deleted_at IS NULL;

-- case: an index gets another name
-- old
CREATE TABLE t (a text);
CREATE INDEX one ON t (a);
-- new
CREATE TABLE t (a text);
CREATE INDEX other ON t (a);

-- case: an index goes with its column
-- old
CREATE TABLE t (a text, b text);
CREATE INDEX i ON t (a, b);
-- new
CREATE TABLE t (a text);
CREATE INDEX i ON t (a);

-- case: integer to text under a foreign key
-- old
CREATE TABLE r (id integer PRIMARY KEY);
CREATE TABLE t (r integer REFERENCES r);
-- new
CREATE TABLE r (id text PRIMARY KEY);
CREATE TABLE t (r text REFERENCES r);

-- case: text to a length, and back
-- old
CREATE TABLE t (a text, b varchar(10), c char(5), d varchar);
-- new
CREATE TABLE t (a varchar(10), b text, c varchar(5), d varchar(3));

-- case: numbers of other sizes
-- old
CREATE TABLE t (a smallint, b integer, c bigint, d real, e numeric(5, 2), f money);
-- new
CREATE TABLE t (a integer, b smallint, c numeric, d double precision, e numeric(8, 3), f numeric);

-- case: times of other precision and zone
-- old
CREATE TABLE t (a timestamp, b time, c interval, d date, e timestamptz DEFAULT now());
-- new
CREATE TABLE t (a timestamp(3), b timetz, c interval day to second, d timestamp, e timestamptz(0) DEFAULT now());

-- case: a number of seconds becomes a time
-- old
CREATE TABLE t (a bigint, b boolean, c text);
-- new
CREATE TABLE t (a text, b smallint, c bytea);

-- case: arrays of more dimensions and other elements
-- old
CREATE TABLE t (a integer[], b text[], c varchar(5)[]);
-- new
CREATE TABLE t (a bigint[], b varchar(20)[] DEFAULT '{}', c text[] NOT NULL);

-- case: an unlogged table becomes a logged one
-- old
CREATE UNLOGGED TABLE t (a serial PRIMARY KEY, b text);
CREATE INDEX ON t (b);
-- new
CREATE TABLE t (a serial PRIMARY KEY, b text);
CREATE INDEX ON t (b);

-- case: a view over a view over a table changes at the bottom
-- old
CREATE TABLE t (a integer, b text);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
-- new
CREATE TABLE t (a integer, b text, c text);
CREATE VIEW v AS SELECT c, a FROM t;
CREATE VIEW w AS SELECT a FROM v WHERE c IS NOT NULL;

-- case: a view with everything that a query can have
-- old
CREATE TABLE t (a integer, b text, c date);
CREATE VIEW v AS SELECT a FROM t;
-- new
CREATE TABLE t (a integer, b text, c date);
CREATE VIEW v AS
  WITH recent AS (SELECT * FROM t WHERE c > '2024-01-01' EXCEPT SELECT * FROM t WHERE a < 0)
  SELECT a, count(*) FILTER (WHERE b LIKE 'x%') AS n, row_number() OVER (PARTITION BY a ORDER BY max(c) DESC NULLS LAST) AS r,
         array_agg(DISTINCT b ORDER BY b) AS bs, CASE WHEN a > 1 THEN 'many' ELSE 'one' END AS word
    FROM recent LEFT JOIN LATERAL (SELECT 1 AS one) l ON true
   GROUP BY GROUPING SETS ((a), ()) HAVING count(*) > 0 ORDER BY a LIMIT 10;

-- case: a materialized view gets an index and loses a column
-- old
CREATE TABLE t (a integer, b text);
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t WITH DATA;
CREATE INDEX ON m (b);
-- new
CREATE TABLE t (a integer, b text);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA;
CREATE UNIQUE INDEX ON m (a);
COMMENT ON MATERIALIZED VIEW m IS 'm';

-- case: a trigger keeps a column up to date
-- old
CREATE TABLE t (a integer);
-- new
CREATE TABLE t (a integer, updated_at timestamptz NOT NULL DEFAULT now());
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END;
$$;
CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch();

-- case: the body of a trigger's function changes
-- both
CREATE TABLE t (a integer);
-- old
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
-- new
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $_$BEGIN PERFORM '$$'; RETURN NULL; END$_$;
CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();

-- case: a function gets a parameter
-- old
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a';
COMMENT ON FUNCTION f(integer) IS 'f';
-- new
CREATE FUNCTION f(a integer, b integer DEFAULT 0) RETURNS integer LANGUAGE sql AS 'SELECT a + b';
COMMENT ON FUNCTION f(integer, integer) IS 'f';

-- case: a function becomes a procedure
-- old
CREATE FUNCTION f(a integer) RETURNS void LANGUAGE plpgsql AS 'BEGIN END';
-- new
CREATE PROCEDURE f(a integer) LANGUAGE plpgsql AS 'BEGIN END';

-- case: an enum comes with its column
-- old
CREATE TABLE t (id integer);
-- new
CREATE TYPE color AS ENUM ('red', 'it''s green');
CREATE TABLE t (id integer, c color NOT NULL DEFAULT 'it''s green', cs color[] DEFAULT ARRAY['red']::color[]);

-- case: an enum goes with its column
-- old
CREATE TYPE color AS ENUM ('red', 'green');
CREATE TABLE t (id integer, c color);
CREATE FUNCTION f(color) RETURNS text LANGUAGE sql AS 'SELECT $1::text';
-- new
CREATE TABLE t (id integer);

-- case: an empty enum, and one that becomes empty
-- old
CREATE TYPE a AS ENUM ();
CREATE TYPE b AS ENUM ('x');
-- new
CREATE TYPE a AS ENUM ('x');
CREATE TYPE b AS ENUM ();

-- case: a domain with a check comes under a column
-- old
CREATE TABLE t (mail text);
-- new
CREATE DOMAIN email AS text CHECK (VALUE ~ '@') NOT NULL DEFAULT 'a@b';
CREATE TABLE t (mail email);

-- case: a composite type with a domain and an array
-- old
CREATE TYPE point3 AS (x integer, y integer);
-- new
CREATE DOMAIN small AS integer CHECK (VALUE < 100);
CREATE TYPE point3 AS (x integer, y integer, z small, tags text[] COLLATE "C");
CREATE TABLE t (p point3, ps point3[]);

-- case: a table gets a policy for its owner
-- old
CREATE TABLE t (id integer, owner name DEFAULT current_user);
-- new
CREATE TABLE t (id integer, owner name DEFAULT current_user);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own rows" ON t USING (owner = current_user) WITH CHECK (owner = current_user);

-- case: privileges on single columns in place of the table
-- old
CREATE ROLE pagespace_case_reader;
CREATE TABLE t (a integer, b integer, c integer);
GRANT INSERT, UPDATE ON t TO pagespace_case_reader;
-- then
REVOKE INSERT, UPDATE ON t FROM pagespace_case_reader;
GRANT INSERT (a, b), UPDATE (b) ON t TO pagespace_case_reader WITH GRANT OPTION;

-- case: the option to grant comes and goes
-- old
CREATE ROLE pagespace_case_reader;
CREATE TABLE t (a integer);
CREATE SEQUENCE s;
GRANT SELECT, UPDATE ON t TO pagespace_case_reader WITH GRANT OPTION;
GRANT USAGE ON SEQUENCE s TO pagespace_case_reader;
-- then
REVOKE GRANT OPTION FOR UPDATE ON t FROM pagespace_case_reader;
GRANT USAGE ON SEQUENCE s TO pagespace_case_reader WITH GRANT OPTION;

-- case: default privileges of another role
-- old
CREATE ROLE pagespace_case_reader;
CREATE ROLE pagespace_case_owner;
CREATE SCHEMA s;
ALTER DEFAULT PRIVILEGES FOR ROLE pagespace_case_owner IN SCHEMA s GRANT SELECT, INSERT ON TABLES TO pagespace_case_reader;
-- then
ALTER DEFAULT PRIVILEGES FOR ROLE pagespace_case_owner IN SCHEMA s REVOKE INSERT ON TABLES FROM pagespace_case_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE pagespace_case_owner GRANT EXECUTE ON FUNCTIONS TO pagespace_case_reader;

-- case: two schemas with tables of the same name
-- old
CREATE SCHEMA a;
CREATE TABLE a.t (id integer PRIMARY KEY);
CREATE TABLE t (id integer PRIMARY KEY);
-- new
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id bigint PRIMARY KEY, b integer REFERENCES t (id));
CREATE TABLE b.t (id integer REFERENCES a.t, UNIQUE (id));
CREATE TABLE t (id integer PRIMARY KEY);

-- case: a schema that is gone takes everything along
-- old
CREATE SCHEMA a;
CREATE TYPE a.e AS ENUM ('x');
CREATE TABLE a.t (id serial PRIMARY KEY, e a.e);
CREATE FUNCTION a.f(a.e) RETURNS a.t LANGUAGE sql AS 'SELECT NULL::a.t';
CREATE VIEW v AS SELECT e FROM a.t;
-- new
CREATE TABLE t (id integer);

-- case: a dump of one server
-- old
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.t (id integer NOT NULL, a text);
ALTER TABLE public.t OWNER TO somebody;
CREATE SEQUENCE public.t_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE public.t_id_seq OWNED BY public.t.id;
ALTER TABLE ONLY public.t ALTER COLUMN id SET DEFAULT nextval('public.t_id_seq'::regclass);
ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
-- new
CREATE SCHEMA public;
CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;
BEGIN;
CREATE TABLE IF NOT EXISTS t (id serial PRIMARY KEY, a text);
COMMIT;
DO $$ BEGIN CREATE TYPE e AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;
