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

-- case: an index that some partitions have, and others get
-- both
CREATE TABLE t (a integer NOT NULL, b integer) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20);
CREATE INDEX t_b ON ONLY t (b);
CREATE INDEX one ON t1 (b);
CREATE INDEX two ON t2 (b);
ALTER INDEX t_b ATTACH PARTITION one;
-- new
ALTER INDEX t_b ATTACH PARTITION two;

-- case: a key that no partition has, and then each
-- both
CREATE TABLE t (a integer NOT NULL, b integer) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
ALTER TABLE ONLY t ADD CONSTRAINT t_key PRIMARY KEY (a);
CREATE UNIQUE INDEX t1_key ON t1 (a);
-- new
ALTER TABLE t1 ADD CONSTRAINT t1_key PRIMARY KEY USING INDEX t1_key;
ALTER INDEX t_key ATTACH PARTITION t1_key;

-- case: an index of a table becomes its key of the same name
-- both
CREATE TABLE t (a integer NOT NULL, b integer) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- old
CREATE UNIQUE INDEX t_key ON t (a);
-- new
ALTER TABLE t ADD CONSTRAINT t_key UNIQUE (a);

-- case: an index to which the key of a partition is attached
-- both
CREATE TABLE t (a integer NOT NULL, b integer) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- new
CREATE UNIQUE INDEX t_a ON t (a);
ALTER TABLE t1 ADD CONSTRAINT own PRIMARY KEY USING INDEX t1_a_idx;

-- case: an index goes and the key of a partition that was attached to it stays
-- both
CREATE TABLE t (a integer NOT NULL, b integer) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
ALTER TABLE t1 ADD CONSTRAINT own PRIMARY KEY (a);
CREATE TABLE r (a integer REFERENCES t1);
-- old
CREATE UNIQUE INDEX t_a ON t (a);

-- case: an index and the key of a partition become the key of the table
-- both
CREATE TABLE t (a integer NOT NULL, b integer) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- old
CREATE UNIQUE INDEX t_key ON t (a);
ALTER TABLE t1 ADD CONSTRAINT own PRIMARY KEY USING INDEX t1_a_idx;
-- new
ALTER TABLE t ADD CONSTRAINT t_key PRIMARY KEY (a);

-- case: an index that some partitions of a partition have
-- both
CREATE TABLE p (a integer) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (90) PARTITION BY RANGE (a);
CREATE TABLE p21 PARTITION OF p2 FOR VALUES FROM (10) TO (50);
CREATE TABLE p22 PARTITION OF p2 FOR VALUES FROM (50) TO (90);
-- new
CREATE INDEX i ON ONLY p (a);
CREATE INDEX i2 ON ONLY p2 (a);
CREATE INDEX i22 ON p22 (a);
ALTER INDEX i2 ATTACH PARTITION i22;
ALTER INDEX i ATTACH PARTITION i2;

-- case: an index of a partition has storage parameters that the table's has not, and the other way round
-- old
CREATE TABLE logs (day date, level text) PARTITION BY RANGE (day);
CREATE TABLE logs_old PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE INDEX logs_level ON ONLY logs (level);
CREATE INDEX logs_old_level ON logs_old (level) WITH (fillfactor = 50);
ALTER INDEX logs_level ATTACH PARTITION logs_old_level;
-- new
CREATE TABLE logs (day date, level text) PARTITION BY RANGE (day);
CREATE TABLE logs_old PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE INDEX logs_level ON ONLY logs (level) WITH (fillfactor = 70);
CREATE INDEX logs_old_level ON logs_old (level);
ALTER INDEX logs_level ATTACH PARTITION logs_old_level;
