-- Event sourcing: domains, ranges, exclusion, functions as defaults, triggers, rules, identity with options.
CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
CREATE EXTENSION IF NOT EXISTS pgcrypto;
CREATE SCHEMA es; CREATE SCHEMA projections;
CREATE DOMAIN es.stream_name AS text NOT NULL CHECK (length(VALUE) BETWEEN 1 AND 200);
CREATE DOMAIN es.version AS bigint CHECK (VALUE >= 0);
CREATE FUNCTION es.next_version(name text) RETURNS es.version LANGUAGE sql STABLE AS $$ SELECT 0::es.version $$;
CREATE TABLE es.streams (name es.stream_name PRIMARY KEY, version es.version NOT NULL DEFAULT es.next_version('x'), snapshot jsonb, created_at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE es.events (position bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 10) PRIMARY KEY, id uuid NOT NULL DEFAULT uuid_generate_v4() UNIQUE, stream es.stream_name REFERENCES es.streams (name), version es.version NOT NULL,
  kind text NOT NULL, payload jsonb NOT NULL, metadata json NOT NULL DEFAULT '{}', causation_id uuid REFERENCES es.events (id), correlation_id uuid REFERENCES es.events (id), UNIQUE (stream, version));
CREATE FUNCTION es.notify() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('events', NEW.position::text); RETURN NEW; END $$;
CREATE TRIGGER notify AFTER INSERT ON es.events FOR EACH ROW EXECUTE FUNCTION es.notify();
CREATE RULE no_update AS ON UPDATE TO es.events DO INSTEAD NOTHING;
CREATE TABLE projections.rooms (id int PRIMARY KEY, name text);
CREATE TABLE projections.bookings (room_id int NOT NULL REFERENCES projections.rooms, during tstzrange NOT NULL, nights datemultirange, by_event bigint NOT NULL REFERENCES es.events, EXCLUDE USING gist (during WITH &&));
CREATE MATERIALIZED VIEW projections.counts AS SELECT stream, count(*) AS n, max(version) AS last FROM es.events GROUP BY stream WITH NO DATA;
CREATE UNIQUE INDEX ON projections.counts (stream);
CREATE VIEW projections.latest AS SELECT c.stream, e.* FROM projections.counts c JOIN LATERAL (SELECT id, payload FROM es.events WHERE stream = c.stream ORDER BY version DESC LIMIT 1) e ON true;
