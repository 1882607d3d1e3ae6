-- case: a key comes where a partition has an index like it
-- old
CREATE TABLE p (id integer, k text) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('1');
CREATE UNIQUE INDEX p1_unique ON p1 (k, id);
-- new
CREATE TABLE p (id integer, k text) PARTITION BY LIST (k);
ALTER TABLE p ADD CONSTRAINT p_pkey PRIMARY KEY (k, id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('1');

-- case: a unique index and a key come over the same columns
-- old
CREATE TABLE p (id integer, k text) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('1');
CREATE UNIQUE INDEX p1_k_id_idx ON p1 (k, id);
-- new
CREATE TABLE p (id integer, k text, PRIMARY KEY (k, id)) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('1');
CREATE UNIQUE INDEX p_unique ON p (k, id);

-- case: keys of single partitions change to one of the table
-- old
CREATE TABLE "P" ("Id" integer, k text, b text) PARTITION BY LIST (k);
CREATE TABLE "P_1" PARTITION OF "P" (k NOT NULL, PRIMARY KEY (k, "Id")) FOR VALUES IN ('1');
CREATE TABLE p_2 PARTITION OF "P" (PRIMARY KEY (k, b)) FOR VALUES IN ('2');
CREATE TABLE p_3 PARTITION OF "P" (UNIQUE (k, b)) FOR VALUES IN ('3');
-- new
CREATE TABLE "P" ("Id" integer, k text, b text, PRIMARY KEY (k, "Id")) PARTITION BY LIST (k);
CREATE TABLE "P_1" PARTITION OF "P" FOR VALUES IN ('1');
CREATE TABLE p_2 PARTITION OF "P" FOR VALUES IN ('2');
CREATE TABLE p_3 PARTITION OF "P" FOR VALUES IN ('3');

-- case: partitioned tables that refer to each other, and to single partitions
-- old
CREATE TABLE a (id integer, k text, b text, UNIQUE (k, b)) PARTITION BY LIST (k);
CREATE TABLE a1 PARTITION OF a FOR VALUES IN ('1');
CREATE TABLE a2 PARTITION OF a FOR VALUES IN ('2');
CREATE TABLE c (k text, b text) PARTITION BY LIST (k);
CREATE TABLE c1 PARTITION OF c FOR VALUES IN ('1');
CREATE UNIQUE INDEX c_unique ON c (k, b);
-- new
CREATE TABLE a (id integer, k text, b text, UNIQUE (k, b)) PARTITION BY LIST (k);
CREATE TABLE a1 PARTITION OF a FOR VALUES IN ('1');
CREATE TABLE a2 PARTITION OF a FOR VALUES IN ('2');
CREATE UNIQUE INDEX a2_local ON a2 (k);
CREATE TABLE c (k text, b text) PARTITION BY LIST (k);
CREATE TABLE c1 PARTITION OF c FOR VALUES IN ('1');
CREATE UNIQUE INDEX c_unique ON c (k, b);
CREATE UNIQUE INDEX c1_local ON c1 (k);
ALTER TABLE c ADD CONSTRAINT c_a FOREIGN KEY (k, b) REFERENCES a (k, b);
ALTER TABLE a ADD CONSTRAINT a_c FOREIGN KEY (k, b) REFERENCES c (k, b);
ALTER TABLE c1 ADD CONSTRAINT c1_a2 FOREIGN KEY (k) REFERENCES a2 (k);
ALTER TABLE a1 ADD CONSTRAINT a1_c1 FOREIGN KEY (k) REFERENCES c1 (k);

-- case: partitions in another schema than their table
-- old
-- new
CREATE SCHEMA s1;
CREATE SCHEMA s2;
CREATE TABLE s1."P" (id integer, k varchar(255), bar text COLLATE "POSIX" NOT NULL DEFAULT 'd', n serial, CHECK (n > 0),
                     PRIMARY KEY (k, id), UNIQUE (k, bar)) PARTITION BY LIST (k);
ALTER TABLE s1."P" REPLICA IDENTITY FULL;
ALTER TABLE s1."P" ENABLE ROW LEVEL SECURITY;
CREATE TABLE s2."P_1" PARTITION OF s1."P" (k NOT NULL, bar NOT NULL) FOR VALUES IN ('1');
ALTER TABLE s2."P_1" REPLICA IDENTITY NOTHING;
CREATE TABLE s2.p_2 PARTITION OF s1."P" FOR VALUES IN ('2');
CREATE INDEX p_1_local ON s2."P_1" (bar);
CREATE UNIQUE INDEX p_2_local ON s2.p_2 (k);

-- case: an index of a partitioned table changes its method and its columns
-- both
CREATE TABLE p (id integer, k text, b integer) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 PARTITION OF p DEFAULT;
-- old
CREATE INDEX i ON p (k, id);
CREATE UNIQUE INDEX u ON p (id, k);
-- new
CREATE INDEX i ON p USING hash (k);
CREATE UNIQUE INDEX u ON p (id, b DESC) INCLUDE (k);

-- case: a partition loses what only it had
-- old
CREATE TABLE p (id integer NOT NULL, a text) PARTITION BY HASH (id);
CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE p1 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 1);
ALTER TABLE p0 ADD CHECK (a <> '');
ALTER TABLE p0 ALTER a SET DEFAULT 'x';
ALTER TABLE p0 ALTER a SET NOT NULL;
CREATE INDEX ON p0 (a);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t BEFORE INSERT ON p1 FOR EACH ROW EXECUTE FUNCTION tf();
-- new
CREATE TABLE p (id integer NOT NULL, a text) PARTITION BY HASH (id);
CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE p1 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';

-- case: a trigger of a partition becomes one of the table
-- both
CREATE TABLE p (id integer) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
-- old
CREATE TRIGGER t BEFORE INSERT ON p1 FOR EACH ROW EXECUTE FUNCTION tf();
-- new
CREATE TRIGGER t BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION tf();

-- case: a trigger of the table is off in one partition
-- both
CREATE TABLE p (id integer) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION tf();
-- old
-- new
ALTER TABLE p1 DISABLE TRIGGER t;

-- case: the default partition goes, and a partition of partitions comes
-- old
CREATE TABLE p (id integer, d date) PARTITION BY RANGE (d);
CREATE TABLE p_default PARTITION OF p DEFAULT;
-- new
CREATE TABLE p (id integer, d date) PARTITION BY RANGE (d);
CREATE TABLE p_2024 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (id);
CREATE TABLE p_2024_1 PARTITION OF p_2024 FOR VALUES IN (1, NULL);
CREATE TABLE p_2024_rest PARTITION OF p_2024 DEFAULT;
CREATE TABLE p_rest PARTITION OF p FOR VALUES FROM ('2025-01-01') TO (MAXVALUE);
CREATE INDEX ON p (id);

-- case: a table without partitions becomes one of several
-- old
CREATE TABLE t (id bigint NOT NULL, at timestamptz NOT NULL, v jsonb, PRIMARY KEY (id));
CREATE INDEX t_at ON t (at);
CREATE VIEW w AS SELECT id FROM t;
-- new
CREATE TABLE t (id bigint NOT NULL, at timestamptz NOT NULL, v jsonb, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX t_at ON t (at);
CREATE VIEW w AS SELECT id FROM t;

-- case: a partition key by an expression and an operator class
-- old
CREATE TABLE p (a text, b integer) PARTITION BY RANGE (lower(a), b);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('a', MINVALUE) TO ('m', 5);
-- new
CREATE TABLE p (a text, b integer) PARTITION BY RANGE (upper(a) text_pattern_ops, b);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('A', 1) TO ('M', MAXVALUE);

-- case: a foreign key of a partitioned table is not valid, and then is
-- both
CREATE TABLE r (id integer PRIMARY KEY);
CREATE TABLE t (id integer, r integer);
-- old
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (r) REFERENCES r NOT VALID;
-- new
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (r) REFERENCES r;

-- case: identity and generated columns of a partitioned table
-- old
CREATE TABLE p (k integer NOT NULL, a integer) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- new
CREATE TABLE p (k integer NOT NULL, a integer, g integer GENERATED ALWAYS AS (a * 2) STORED) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
COMMENT ON COLUMN p1.g IS 'twice';

-- case: a column of a partitioned table is retyped under an index, a check and a view
-- old
CREATE TABLE p (k integer, a varchar(10) NOT NULL, CHECK (a <> '')) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2) PARTITION BY RANGE (a);
CREATE INDEX ON p (a);
CREATE INDEX p1_own ON p1 (lower(a));
CREATE VIEW v AS SELECT a FROM p1;
-- new
CREATE TABLE p (k bigint, a varchar(10) NOT NULL, b text, CHECK (a <> '')) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('a') TO ('b');
CREATE INDEX ON p (a);
CREATE INDEX p1_own ON p1 (lower(a));
CREATE VIEW v AS SELECT a, b FROM p1;

-- case: a table is attached as a partition with its rows, and one leaves
-- old
CREATE TABLE p (id integer NOT NULL, a text) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE lone (id integer NOT NULL, a text, CHECK (id >= 10 AND id < 20));
CREATE INDEX lone_a ON lone (a);
-- new
CREATE TABLE p (id integer NOT NULL, a text) PARTITION BY RANGE (id);
CREATE TABLE p1 (id integer NOT NULL, a text);
CREATE TABLE lone PARTITION OF p (CHECK (id >= 10 AND id < 20)) FOR VALUES FROM (10) TO (20);
CREATE INDEX p_a ON p (a);

-- case: a partition with a key of its own beside one that its table has over the same columns
-- new
CREATE TABLE stays (house text, day date NOT NULL, UNIQUE (house, day)) PARTITION BY LIST (house);
CREATE TABLE stays_1 PARTITION OF stays (PRIMARY KEY (house, day)) FOR VALUES IN ('1');

-- case: tables with foreign keys are attached to one that has the first of them
-- both
CREATE TABLE guests (id integer PRIMARY KEY);
CREATE TABLE visits (day integer, guest integer, CONSTRAINT of_guest FOREIGN KEY (guest) REFERENCES guests) PARTITION BY RANGE (day);
-- old
CREATE TABLE visits_1 (day integer, guest integer, CONSTRAINT of_guest FOREIGN KEY (guest) REFERENCES guests);
CREATE TABLE visits_2 (day integer, guest integer, CONSTRAINT of_one FOREIGN KEY (guest) REFERENCES guests, CONSTRAINT of_other FOREIGN KEY (guest) REFERENCES guests);
CREATE TABLE visits_3 (day integer, guest integer, CONSTRAINT of_guest FOREIGN KEY (guest) REFERENCES guests ON DELETE CASCADE);
-- new
CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM (0) TO (10);
CREATE TABLE visits_2 PARTITION OF visits FOR VALUES FROM (10) TO (20);
CREATE TABLE visits_3 PARTITION OF visits FOR VALUES FROM (20) TO (30);
