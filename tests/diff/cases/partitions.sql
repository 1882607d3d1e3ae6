-- case: partitions of all kinds come
-- new
CREATE TABLE r (a integer NOT NULL, b text DEFAULT 'x', PRIMARY KEY (a)) PARTITION BY RANGE (a);
CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (MINVALUE) TO (10);
CREATE TABLE r2 PARTITION OF r (b DEFAULT 'y' NOT NULL, CHECK (b <> '')) FOR VALUES FROM (10) TO (20) WITH (fillfactor = 70);
CREATE TABLE rd PARTITION OF r DEFAULT PARTITION BY HASH (a);
CREATE TABLE rd0 PARTITION OF rd FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE l (a text, b integer) PARTITION BY LIST (lower(a));
CREATE TABLE l1 PARTITION OF l FOR VALUES IN ('a', 'it''s', NULL);
CREATE INDEX ON l (b);
CREATE INDEX only_here ON l1 (a);
COMMENT ON TABLE l1 IS 'One';

-- case: a partition comes and one goes
-- both
CREATE TABLE t (a integer, b text) PARTITION BY RANGE (a);
CREATE INDEX ON t (b);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- old
CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20);
-- new
CREATE TABLE t3 PARTITION OF t FOR VALUES FROM (15) TO (30);

-- case: bounds move
-- both
CREATE TABLE t (a integer PRIMARY KEY, b text) PARTITION BY RANGE (a);
CREATE INDEX ON t (b);
-- old
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20);
-- new
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (5);
CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (5) TO (20);

-- case: a partition is detached
-- old
CREATE TABLE t (a integer, b text) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- new
CREATE TABLE t (a integer, b text) PARTITION BY RANGE (a);
CREATE TABLE t1 (a integer, b text);

-- case: columns of a partitioned table
-- old
CREATE TABLE t (a integer, b integer, c text) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- new
CREATE TABLE t (a integer, b bigint NOT NULL, d text DEFAULT 'x') PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);

-- case: constraints and indexes of a partitioned table
-- old
CREATE TABLE p (id integer PRIMARY KEY);
CREATE TABLE t (a integer, b integer) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- new
CREATE TABLE p (id integer PRIMARY KEY);
CREATE TABLE t (a integer PRIMARY KEY, b integer REFERENCES p CHECK (b > 0), UNIQUE (a, b)) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE INDEX t_b ON t (b);
CREATE TABLE u (t_a integer REFERENCES t);

-- case: a table becomes partitioned
-- old
CREATE TABLE t (a integer, b integer);
-- new
CREATE TABLE t (a integer, b integer) PARTITION BY LIST (a);

-- case: another partition key
-- old
CREATE TABLE t (a integer, b integer) PARTITION BY LIST (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
-- new
CREATE TABLE t (a integer, b integer) PARTITION BY LIST (b);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);

-- case: partitions in two levels go
-- old
CREATE TABLE t (a integer, b integer) PARTITION BY LIST (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1) PARTITION BY LIST (b);
CREATE TABLE t11 PARTITION OF t1 FOR VALUES IN (1);
-- new
CREATE TABLE t (a integer, b integer) PARTITION BY LIST (a);

-- case: row security of partitions
-- old
CREATE TABLE t (a integer) PARTITION BY LIST (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
-- new
CREATE TABLE t (a integer) PARTITION BY LIST (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t1 ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (a > 0);
CREATE POLICY p ON t1 USING (a > 0);

-- case: inheritance comes
-- new
CREATE TABLE base (a integer NOT NULL, b text DEFAULT 'x', CHECK (a > 0));
CREATE TABLE other (c integer);
CREATE TABLE child (d integer, b text DEFAULT 'y') INHERITS (base, other);

-- case: inheritance begins and ends
-- old
CREATE TABLE base (a integer);
CREATE TABLE one (a integer, b text);
-- new
CREATE TABLE base (a integer);
CREATE TABLE one (a integer, b text);
ALTER TABLE one INHERIT base;

-- case: columns and checks of a table with children
-- old
CREATE TABLE base (a integer, b text, old integer);
CREATE TABLE child (c integer) INHERITS (base);
CREATE VIEW v AS SELECT a FROM child;
-- new
CREATE TABLE base (a bigint NOT NULL, b text DEFAULT 'x', fresh date, CONSTRAINT c CHECK (a > 0));
CREATE TABLE child (c integer) INHERITS (base);
ALTER TABLE child ALTER b DROP DEFAULT;
CREATE VIEW v AS SELECT a FROM child;

-- case: the column by which a partition spreads its own rows gets another type
-- old
CREATE TABLE readings (site text, taken date) PARTITION BY LIST (site);
CREATE TABLE readings_north PARTITION OF readings FOR VALUES IN ('north') PARTITION BY RANGE (taken);
CREATE TABLE readings_north_old PARTITION OF readings_north FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE readings_south PARTITION OF readings FOR VALUES IN ('south');
-- new
CREATE TABLE readings (site text, taken timestamp) PARTITION BY LIST (site);
CREATE TABLE readings_north PARTITION OF readings FOR VALUES IN ('north') PARTITION BY RANGE (taken);
CREATE TABLE readings_north_old PARTITION OF readings_north FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE readings_south PARTITION OF readings FOR VALUES IN ('south');

-- case: the column by which a partition spreads its own rows comes and goes
-- old
CREATE TABLE readings (site text) PARTITION BY LIST (site);
CREATE TABLE readings_north PARTITION OF readings FOR VALUES IN ('north');
CREATE TABLE readings_south PARTITION OF readings FOR VALUES IN ('south');
-- new
CREATE TABLE readings (site text, taken date) PARTITION BY LIST (site);
CREATE TABLE readings_north PARTITION OF readings FOR VALUES IN ('north') PARTITION BY RANGE (taken);
CREATE TABLE readings_south PARTITION OF readings FOR VALUES IN ('south');

-- case: the key by which rows are spread gets another type
-- old
CREATE TABLE readings (taken timestamptz, n integer) PARTITION BY RANGE (taken);
CREATE TABLE readings_old PARTITION OF readings FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE VIEW totals AS SELECT taken, sum(n) FROM readings GROUP BY taken;
-- new
CREATE TABLE readings (taken date, n integer) PARTITION BY RANGE (taken);
CREATE TABLE readings_old PARTITION OF readings FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE VIEW totals AS SELECT taken, sum(n) FROM readings GROUP BY taken;

-- case: NOT NULL of a partition has its own name
-- new
CREATE TABLE p (a integer CONSTRAINT theirs NOT NULL, b integer) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p (b CONSTRAINT mine NOT NULL) FOR VALUES IN (2);
CREATE TABLE p3 (a integer CONSTRAINT ours NOT NULL, b integer);
ALTER TABLE p ATTACH PARTITION p3 FOR VALUES IN (3);

-- case: comments on what partitions have from their table
-- both
CREATE TABLE t (a integer PRIMARY KEY, CONSTRAINT positive CHECK (a > 0)) PARTITION BY RANGE (a);
CREATE TABLE p PARTITION OF t FOR VALUES FROM (1) TO (5);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
-- old
COMMENT ON CONSTRAINT p_pkey ON p IS 'key';
-- new
COMMENT ON CONSTRAINT t_pkey ON t IS 'key of all';
COMMENT ON CONSTRAINT positive ON p IS 'not negative';
COMMENT ON TRIGGER g ON p IS 'fires';

-- case: a partition goes while indexes, a trigger and references to the table stay
-- both
CREATE TABLE logs (day date, n integer, UNIQUE (day, n)) PARTITION BY LIST (day);
CREATE TABLE notes (day date, n integer, FOREIGN KEY (day, n) REFERENCES logs (day, n));
CREATE INDEX ON logs (n);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE INSERT ON logs FOR EACH ROW EXECUTE FUNCTION touch();
-- old
CREATE TABLE logs_1 PARTITION OF logs FOR VALUES IN ('2026-01-01');

-- case: partitions come with keys of their own for an index that is there
-- both
CREATE TABLE logs (day date, n integer CHECK (n > 0), m serial) PARTITION BY LIST (day);
CREATE UNIQUE INDEX logs_key ON logs (day, n);
-- new
CREATE TABLE logs_1 (LIKE logs INCLUDING CONSTRAINTS INCLUDING DEFAULTS, PRIMARY KEY (day, n));
ALTER TABLE logs ATTACH PARTITION logs_1 FOR VALUES IN ('2026-01-01');

-- case: partitioned tables that refer to each other and to partitions go
-- old
CREATE TABLE a (k text, n integer) PARTITION BY LIST (k);
CREATE TABLE a1 PARTITION OF a (PRIMARY KEY (k, n)) FOR VALUES IN ('1');
CREATE UNIQUE INDEX a_key ON a (k, n);
CREATE TABLE b (k text, n integer) PARTITION BY LIST (k);
CREATE TABLE b1 PARTITION OF b FOR VALUES IN ('1');
CREATE UNIQUE INDEX b_key ON b (k, n);
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (k, n) REFERENCES b (k, n);
ALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (k, n) REFERENCES a (k, n);
ALTER TABLE b1 ADD CONSTRAINT b1_a1 FOREIGN KEY (k, n) REFERENCES a1 (k, n);

-- case: a partition is made anew, and what it has from its table has a comment
-- old
CREATE TABLE p (a integer) PARTITION BY RANGE (a);
-- new
CREATE TABLE t (a integer) PARTITION BY RANGE (a);
CREATE TABLE p PARTITION OF t FOR VALUES FROM (1) TO (5);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
COMMENT ON TRIGGER g ON p IS 'fires';
