-- A forum: self references, votes, full-text search.
CREATE TABLE members (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), handle text NOT NULL UNIQUE, reputation int NOT NULL DEFAULT 0, referred_by uuid REFERENCES members);
CREATE TABLE threads (id bigserial PRIMARY KEY, author_id uuid NOT NULL REFERENCES members, title text NOT NULL, locked_by uuid REFERENCES members, tags text[] NOT NULL DEFAULT '{}');
CREATE TABLE posts (
  id bigserial PRIMARY KEY, thread_id bigint NOT NULL REFERENCES threads, reply_to bigint REFERENCES posts, author_id uuid REFERENCES members,
  body text NOT NULL, search tsvector GENERATED ALWAYS AS (to_tsvector('english', body)) STORED, created timestamp NOT NULL DEFAULT localtimestamp
);
CREATE TABLE votes (post_id bigint REFERENCES posts, member_id uuid REFERENCES members, value smallint NOT NULL CHECK (value IN (-1, 1)), PRIMARY KEY (post_id, member_id));
CREATE TABLE follows (follower_id uuid REFERENCES members, followee_id uuid REFERENCES members, since date NOT NULL DEFAULT current_date, PRIMARY KEY (follower_id, followee_id));
CREATE INDEX ON posts USING gin (search);
CREATE MATERIALIZED VIEW leaders AS SELECT handle, reputation, rank() OVER (ORDER BY reputation DESC) AS place FROM members;
