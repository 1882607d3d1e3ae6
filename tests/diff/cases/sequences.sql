-- case: a sequence comes
-- new
CREATE SEQUENCE s AS integer INCREMENT BY -2 MINVALUE -100 MAXVALUE 50 START 10 CACHE 5 CYCLE;
COMMENT ON SEQUENCE s IS 'Counting down';

-- case: every option of a sequence
-- old
CREATE SEQUENCE s;
-- new
CREATE SEQUENCE s AS smallint INCREMENT BY 3 MINVALUE 2 MAXVALUE 3000 START 5 CACHE 7 CYCLE;

-- case: the type of a sequence with other bounds
-- old
CREATE SEQUENCE s AS integer MAXVALUE 100;
-- new
CREATE SEQUENCE s AS bigint;

-- case: serial comes and goes
-- old
CREATE TABLE t (id integer PRIMARY KEY);
-- new
CREATE TABLE t (id serial PRIMARY KEY, n bigserial);

-- case: serial becomes identity
-- old
CREATE TABLE t (id serial PRIMARY KEY);
-- new
CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);

-- case: serial becomes bigserial
-- old
CREATE TABLE t (id serial PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
-- new
CREATE TABLE t (id bigserial PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;

-- case: the owner of a sequence
-- both
CREATE TABLE a (id integer);
CREATE TABLE b (id integer);
CREATE SEQUENCE s;
-- old
ALTER SEQUENCE s OWNED BY a.id;
-- new
ALTER SEQUENCE s OWNED BY b.id;

-- case: a shared sequence loses its owner's table
-- old
CREATE TABLE a (id serial);
CREATE TABLE b (id integer DEFAULT nextval('a_id_seq'));
-- new
CREATE SEQUENCE a_id_seq AS integer;
CREATE TABLE b (id integer DEFAULT nextval('a_id_seq'));

-- case: two tables on one sequence go
-- old
CREATE TABLE a (id serial);
CREATE TABLE b (id integer DEFAULT nextval('a_id_seq'));
-- new
CREATE TABLE c (id integer);

-- case: sequences outlive the columns and tables that owned them
-- old
CREATE TABLE leaving (id serial PRIMARY KEY);
CREATE TABLE thinner (a serial, b integer NOT NULL);
CREATE TABLE split (id serial, day date);
-- new
CREATE SEQUENCE leaving_id_seq AS integer;
CREATE SEQUENCE thinner_a_seq AS integer;
CREATE TABLE thinner (b integer NOT NULL DEFAULT nextval('thinner_a_seq'));
ALTER SEQUENCE thinner_a_seq OWNED BY thinner.b;
CREATE TABLE split (id serial, day date) PARTITION BY RANGE (day);
