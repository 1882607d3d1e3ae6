-- case: two parents, and a column of both
-- both
CREATE TABLE a (id integer NOT NULL, x text DEFAULT 'a');
CREATE TABLE b (id integer NOT NULL, y text);
-- old
-- new
CREATE TABLE c (id integer NOT NULL DEFAULT 7, z text) INHERITS (a, b);
CREATE TABLE d () INHERITS (c);

-- case: a check of the parent alone, and one of all
-- old
CREATE TABLE a (id integer, CONSTRAINT k CHECK (id > 0) NO INHERIT);
CREATE TABLE c () INHERITS (a);
-- new
CREATE TABLE a (id integer, CONSTRAINT k CHECK (id > 0));
CREATE TABLE c () INHERITS (a);

-- case: a default of a child
-- old
CREATE TABLE a (id integer DEFAULT 1, x text);
CREATE TABLE c () INHERITS (a);
ALTER TABLE c ALTER id SET DEFAULT 2;
-- new
CREATE TABLE a (id integer DEFAULT 3, x text DEFAULT 'x');
CREATE TABLE c () INHERITS (a);
ALTER TABLE c ALTER x DROP DEFAULT;

-- case: type and NOT NULL along a line of children
-- old
CREATE TABLE a (id integer, x varchar(5));
CREATE TABLE c (w integer) INHERITS (a);
CREATE TABLE d () INHERITS (c);
CREATE INDEX ON d (x);
-- new
CREATE TABLE a (id bigint NOT NULL, x text);
CREATE TABLE c (w integer) INHERITS (a);
CREATE TABLE d () INHERITS (c);
CREATE INDEX ON d (x);

-- case: children go, and their parent stays
-- old
CREATE TABLE a (id integer);
CREATE TABLE c (z text) INHERITS (a);
CREATE TABLE d () INHERITS (c);
CREATE VIEW v AS SELECT tableoid::regclass, * FROM a;
-- new
CREATE TABLE a (id integer);
CREATE VIEW v AS SELECT tableoid::regclass, * FROM a;

-- case: NOT NULL that is for new rows only, or that a child has of its own
-- new
CREATE TABLE p (a integer, b integer);
ALTER TABLE p ADD CONSTRAINT later NOT NULL a NOT VALID;
CREATE TABLE c1 () INHERITS (p);
CREATE TABLE c2 (a integer CONSTRAINT mine NOT NULL, CONSTRAINT too NOT NULL b) INHERITS (p);

-- case: a check that a child has of its own and from its parent
-- new
CREATE TABLE p (a integer, CONSTRAINT same CHECK (a > 0));
CREATE TABLE c (a integer, CONSTRAINT same CHECK (a > 0)) INHERITS (p);
CREATE TABLE d () INHERITS (c);

-- case: a generated column that a child declares, too
-- new
CREATE TABLE p (a integer, b integer GENERATED ALWAYS AS (a * 2) STORED);
CREATE TABLE c (a integer, b integer) INHERITS (p);

-- case: a generated column of a parent becomes a plain one
-- both
CREATE TABLE p (a integer, b integer GENERATED ALWAYS AS (a * 2) STORED);
CREATE TABLE c () INHERITS (p);
-- then
ALTER TABLE p ALTER b DROP EXPRESSION;
