-- A wiki whose statements stand in no useful order.
CREATE VIEW current_pages AS SELECT p.slug, r.body FROM pages p JOIN revisions r ON r.id = p.current_revision_id;
ALTER TABLE pages ADD CONSTRAINT current FOREIGN KEY (current_revision_id) REFERENCES revisions;
CREATE TABLE revisions (id int PRIMARY KEY, page_slug text NOT NULL REFERENCES pages (slug), body text NOT NULL, state revision_state NOT NULL);
CREATE TABLE pages (slug text PRIMARY KEY, current_revision_id int, search text GENERATED ALWAYS AS (normalise(slug)) STORED);
CREATE FUNCTION normalise(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower($1) $$;
CREATE TYPE revision_state AS ENUM ('draft', 'published');
