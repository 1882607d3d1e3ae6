-- case: an index of a partition with a name of its own
-- both
CREATE TABLE t (a integer NOT NULL, b integer) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- new
CREATE INDEX t_b ON ONLY t (b);
CREATE INDEX my_own ON t1 (b);
ALTER INDEX t_b ATTACH PARTITION my_own;

-- case: a key of a partition with a name of its own
-- both
CREATE TABLE t (a integer NOT NULL, b integer) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- new
ALTER TABLE t1 ADD CONSTRAINT mine PRIMARY KEY (a);
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (a);

-- case: an index that no partition has
-- both
CREATE TABLE t (a integer NOT NULL, b integer) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- new
CREATE INDEX t_b ON ONLY t (b);

-- case: an index of one partition alone
-- both
CREATE TABLE t (a integer NOT NULL, b integer) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20);
-- old
CREATE INDEX t1_b ON t1 (b);
-- new
CREATE INDEX t_b ON t (b);

-- case: foreign keys between partitioned tables
-- new
CREATE TABLE p (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE t (a integer, p_id integer REFERENCES p ON DELETE CASCADE) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t2 (a integer, p_id integer, extra text);
ALTER TABLE t2 DROP COLUMN extra;
ALTER TABLE t ATTACH PARTITION t2 FOR VALUES FROM (10) TO (20);

-- case: a partition is attached with its index
-- both
CREATE TABLE t (a integer NOT NULL, b integer, UNIQUE (a)) PARTITION BY RANGE (a);
-- old
CREATE TABLE t1 (a integer NOT NULL, b integer, CONSTRAINT u UNIQUE (a));
-- new
CREATE TABLE t1 (a integer NOT NULL, b integer, CONSTRAINT u UNIQUE (a));
ALTER TABLE t ATTACH PARTITION t1 FOR VALUES FROM (0) TO (10);
