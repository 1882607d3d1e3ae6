-- Extensions: ltree, hstore, citext, trigrams, cubes, unaccent in a schema of their own.
CREATE SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA extensions;
CREATE EXTENSION hstore SCHEMA extensions;
CREATE EXTENSION ltree; CREATE EXTENSION pg_trgm; CREATE EXTENSION cube; CREATE EXTENSION earthdistance; CREATE EXTENSION unaccent; CREATE EXTENSION isn; CREATE EXTENSION intarray; CREATE EXTENSION seg;
CREATE TABLE documents (id bigserial PRIMARY KEY, path ltree NOT NULL, slug extensions.citext NOT NULL UNIQUE, attributes extensions.hstore NOT NULL DEFAULT '', place cube, language text NOT NULL DEFAULT 'english',
  body text NOT NULL, search tsvector GENERATED ALWAYS AS (to_tsvector('english', body)) STORED, isbn isbn, tags int[], span seg, aliases extensions.citext[] NOT NULL DEFAULT '{}', maps extensions.hstore[], paths ltree[]);
CREATE INDEX ON documents USING gin (search); CREATE INDEX ON documents USING gist (path); CREATE INDEX ON documents USING gin (body gin_trgm_ops);
CREATE VIEW tops AS SELECT subpath(path, 0, 1) AS top, count(*) AS n FROM documents GROUP BY 1;
