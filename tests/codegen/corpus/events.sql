-- Event sourcing with identity, jsonb, ranges and generated uuids.
CREATE TABLE streams (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), kind text NOT NULL, version bigint NOT NULL DEFAULT 0);
CREATE TABLE events (stream_id uuid NOT NULL REFERENCES streams, version bigint NOT NULL, name text NOT NULL, data jsonb NOT NULL, metadata jsonb, recorded timestamptz NOT NULL DEFAULT clock_timestamp(), position bigint GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (stream_id, version));
CREATE TABLE snapshots (stream_id uuid PRIMARY KEY REFERENCES streams, version bigint NOT NULL, state jsonb NOT NULL);
CREATE TABLE subscriptions (name text PRIMARY KEY, position bigint NOT NULL DEFAULT 0, versions int8range NOT NULL DEFAULT 'empty');
CREATE VIEW stream_heads AS SELECT s.id, s.kind, e.name AS last_event, e.recorded FROM streams s LEFT JOIN LATERAL (SELECT * FROM events e WHERE e.stream_id = s.id ORDER BY version DESC LIMIT 1) e ON true;
