-- Time series with partitions by range, list and hash.
CREATE TABLE sensors (id int PRIMARY KEY, kind text NOT NULL, position point);
CREATE TABLE readings (sensor_id int NOT NULL REFERENCES sensors, at timestamptz NOT NULL, value double precision, quality real, PRIMARY KEY (sensor_id, at)) PARTITION BY RANGE (at);
CREATE TABLE readings_2025 PARTITION OF readings FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY HASH (sensor_id);
CREATE TABLE readings_2025_0 PARTITION OF readings_2025 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE readings_default PARTITION OF readings DEFAULT;
CREATE TABLE alarms (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sensor_id int, at timestamptz, level int NOT NULL, FOREIGN KEY (sensor_id, at) REFERENCES readings);
CREATE TABLE tariffs (region text NOT NULL, price numeric) PARTITION BY LIST (region);
CREATE VIEW daily AS SELECT sensor_id, date_trunc('day', at) AS day, avg(value) AS mean, min(value), max(value) FROM readings GROUP BY 1, 2;
