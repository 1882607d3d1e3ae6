-- case: every kind of constraint comes
-- old
CREATE TABLE p (id integer, k text);
CREATE TABLE t (a integer, b text, r int4range);
-- new
CREATE TABLE p (id integer, k text, PRIMARY KEY (id), UNIQUE (k, id));
CREATE TABLE t (
  a integer, b text, r int4range,
  CONSTRAINT t_pk PRIMARY KEY (a) INCLUDE (b) WITH (fillfactor = 70),
  CONSTRAINT t_u UNIQUE (b) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT t_c CHECK (a > 0 AND b <> ''),
  CONSTRAINT t_n CHECK (a > 1) NO INHERIT,
  CONSTRAINT t_x EXCLUDE USING gist (r WITH &&) WHERE (a > 5),
  CONSTRAINT t_f FOREIGN KEY (a) REFERENCES p MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE,
  CONSTRAINT t_g FOREIGN KEY (b, a) REFERENCES p (k, id)
);
COMMENT ON CONSTRAINT t_c ON t IS 'C';
COMMENT ON INDEX t_pk IS 'The index of a key';

-- case: another primary key
-- old
CREATE TABLE t (a integer PRIMARY KEY, b integer NOT NULL);
-- new
CREATE TABLE t (a integer NOT NULL, b integer PRIMARY KEY);

-- case: a primary key of another name, with references
-- old
CREATE TABLE t (a integer CONSTRAINT one PRIMARY KEY);
CREATE TABLE u (a integer REFERENCES t);
CREATE VIEW v AS SELECT a, count(*) AS n FROM t GROUP BY t.a;
-- new
CREATE TABLE t (a integer CONSTRAINT two PRIMARY KEY);
CREATE TABLE u (a integer REFERENCES t);
CREATE VIEW v AS SELECT a, count(*) AS n FROM t GROUP BY t.a;

-- case: a primary key of more columns, with references
-- old
CREATE TABLE t (a integer, b integer NOT NULL, PRIMARY KEY (a));
CREATE TABLE u (a integer, b integer, FOREIGN KEY (a) REFERENCES t);
-- new
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, PRIMARY KEY (a, b));
CREATE TABLE u (a integer, b integer, FOREIGN KEY (a, b) REFERENCES t);

-- case: a view that depends on a primary key
-- old
CREATE TABLE t (a integer PRIMARY KEY, b text);
-- new
CREATE TABLE t (a integer PRIMARY KEY, b text);
CREATE TABLE u (t integer);
CREATE VIEW v AS SELECT t.a, t.b, count(*) FROM t JOIN u ON u.t = t.a GROUP BY t.a;

-- case: actions of a foreign key
-- both
CREATE TABLE p (id integer PRIMARY KEY);
-- old
CREATE TABLE t (p_id integer CONSTRAINT f REFERENCES p);
-- new
CREATE TABLE t (p_id integer CONSTRAINT f REFERENCES p ON DELETE CASCADE);

-- case: deferrable
-- both
CREATE TABLE p (id integer PRIMARY KEY);
-- old
CREATE TABLE t (p_id integer CONSTRAINT f REFERENCES p, q integer CONSTRAINT u UNIQUE);
-- new
CREATE TABLE t (p_id integer CONSTRAINT f REFERENCES p DEFERRABLE INITIALLY DEFERRED, q integer CONSTRAINT u UNIQUE DEFERRABLE);

-- case: not valid
-- both
CREATE TABLE p (id integer PRIMARY KEY);
CREATE TABLE t (p_id integer);
-- old
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p NOT VALID;
ALTER TABLE t ADD CONSTRAINT c CHECK (p_id > 0) NOT VALID;
-- new
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p;
ALTER TABLE t ADD CONSTRAINT c CHECK (p_id > 0);

-- case: a new table with a constraint that is not valid
-- new
CREATE TABLE t (a integer);
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;

-- case: a check that calls a function which reads another table
-- new
CREATE TABLE limits (n integer);
CREATE FUNCTION fits(integer) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT $1 < (SELECT max(n) FROM limits)';
CREATE TABLE t (a integer CHECK (fits(a)));

-- case: a check that calls a function which changes its parameters
-- old
CREATE FUNCTION fits(a integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 < 5';
CREATE TABLE t (a integer CONSTRAINT c CHECK (fits(a)));
-- new
CREATE FUNCTION fits(b integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 < 5';
CREATE TABLE t (a integer CONSTRAINT c CHECK (fits(a)));

-- case: checks over varchar, which read back in two ways
-- old
CREATE TABLE t (a varchar(9), b varchar(9));
ALTER TABLE t ADD CONSTRAINT c CHECK (a IN ('x', 'y'));
-- new
CREATE TABLE t (a varchar(9), b varchar(9));
ALTER TABLE t ADD CONSTRAINT c CHECK ((a)::text = ANY (ARRAY[('x'::character varying)::text, ('y'::character varying)::text]));
ALTER TABLE t ADD CONSTRAINT d CHECK (b NOT IN ('x', 'y'));

-- case: an index becomes a constraint
-- old
CREATE TABLE t (a integer NOT NULL);
CREATE UNIQUE INDEX t_a_key ON t (a);
-- new
CREATE TABLE t (a integer NOT NULL, CONSTRAINT t_a_key UNIQUE (a));

-- case: storage parameters of a key
-- old
CREATE TABLE t (a integer, CONSTRAINT k PRIMARY KEY (a) WITH (fillfactor = 50));
-- new
CREATE TABLE t (a integer, CONSTRAINT k PRIMARY KEY (a) WITH (fillfactor = 90));

-- case: both ends of a foreign key change their type
-- old
CREATE TABLE p (id integer PRIMARY KEY);
CREATE TABLE t (p_id integer REFERENCES p);
-- new
CREATE TABLE p (id uuid PRIMARY KEY);
CREATE TABLE t (p_id uuid REFERENCES p);

-- case: a foreign key goes with its table's column
-- old
CREATE TABLE p (id integer PRIMARY KEY, k integer UNIQUE);
CREATE TABLE t (a integer REFERENCES p, b integer REFERENCES p (k));
-- new
CREATE TABLE p (id integer PRIMARY KEY);
CREATE TABLE t (a integer REFERENCES p);

-- case: NOT NULL has a name and a comment
-- old
CREATE TABLE t (a integer CONSTRAINT x NOT NULL, b integer NOT NULL);
COMMENT ON CONSTRAINT x ON t IS 'a';
-- new
CREATE TABLE t (a integer CONSTRAINT y NOT NULL, b integer);
COMMENT ON CONSTRAINT y ON t IS 'a';

-- case: another key takes the place of the one that is referenced
-- old
CREATE TABLE rooms (number integer PRIMARY KEY);
CREATE TABLE beds (room integer CONSTRAINT beds_room REFERENCES rooms ON UPDATE RESTRICT);
-- new
CREATE TABLE rooms (number integer NOT NULL CONSTRAINT rooms_number UNIQUE);
CREATE TABLE beds (room integer CONSTRAINT beds_room REFERENCES rooms (number));

-- case: a unique index takes the place of another to which a foreign key refers
-- both
CREATE TABLE rooms (floor integer, door integer);
CREATE TABLE keys (floor integer, door integer);
-- old
CREATE UNIQUE INDEX rooms_a ON rooms (floor, door);
ALTER TABLE keys ADD CONSTRAINT keys_room FOREIGN KEY (floor, door) REFERENCES rooms (floor, door);
-- new
CREATE UNIQUE INDEX rooms_b ON rooms (floor DESC, door);
ALTER TABLE keys ADD CONSTRAINT keys_room FOREIGN KEY (floor, door) REFERENCES rooms (floor, door);

-- case: not null is validated, and no longer
-- old
CREATE TABLE t (a integer CONSTRAINT given NOT NULL, b integer NOT NULL, c integer);
ALTER TABLE t ADD CONSTRAINT later NOT NULL c NOT VALID;
-- new
CREATE TABLE t (a integer, b integer, c integer CONSTRAINT later NOT NULL);
ALTER TABLE t ADD CONSTRAINT given NOT NULL a NOT VALID;
ALTER TABLE t ADD CONSTRAINT other NOT NULL b NOT VALID;
