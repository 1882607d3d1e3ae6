-- case: an enum comes, with a comment
-- new
CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'happy');
COMMENT ON TYPE mood IS 'How one feels';

-- case: a label at the end
-- both
CREATE TABLE people (id integer PRIMARY KEY);
-- old
CREATE TYPE mood AS ENUM ('sad', 'ok');
ALTER TABLE people ADD mood mood;
-- new
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
ALTER TABLE people ADD mood mood;

-- case: labels at every place
-- old
CREATE TYPE mood AS ENUM ('b', 'd');
-- new
CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'd', 'e', 'f');

-- case: labels to an empty enum
-- old
CREATE TYPE mood AS ENUM ();
-- new
CREATE TYPE mood AS ENUM ('a', 'b');

-- case: a new label is the new default
-- old
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE people (id integer PRIMARY KEY, mood mood NOT NULL DEFAULT 'sad');
-- new
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE people (id integer PRIMARY KEY, mood mood NOT NULL DEFAULT 'happy');

-- case: a new label is used by a check, an index and a view
-- old
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE people (id integer PRIMARY KEY, mood mood NOT NULL);
-- new
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE people (id integer PRIMARY KEY, mood mood NOT NULL CHECK (mood <> 'happy' OR id > 0));
CREATE INDEX people_happy ON people (id) WHERE mood = 'happy';
CREATE VIEW happy_people AS SELECT * FROM people WHERE mood = 'happy';

-- case: a label goes, with a default, a check, an index, a view, a policy and an array
-- old
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE people (
  id integer PRIMARY KEY, mood mood NOT NULL DEFAULT 'ok' CHECK (mood <> 'sad'), all_moods mood[] DEFAULT '{sad,ok}'
);
CREATE INDEX people_mood ON people (mood) WHERE mood = 'ok';
CREATE VIEW ok_people AS SELECT * FROM people WHERE mood = 'ok';
CREATE MATERIALIZED VIEW moods AS SELECT mood, count(*) FROM people GROUP BY mood;
CREATE UNIQUE INDEX ON moods (mood);
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON people USING (mood = 'ok');
CREATE FUNCTION of_mood(m mood) RETURNS SETOF people LANGUAGE sql AS $$ SELECT * FROM people WHERE mood = m $$;
COMMENT ON FUNCTION of_mood(mood) IS 'People of a mood';
-- new
CREATE TYPE mood AS ENUM ('ok', 'happy');
CREATE TABLE people (
  id integer PRIMARY KEY, mood mood NOT NULL DEFAULT 'ok' CHECK (mood <> 'happy'), all_moods mood[] DEFAULT '{ok}'
);
CREATE INDEX people_mood ON people (mood) WHERE mood = 'ok';
CREATE VIEW ok_people AS SELECT * FROM people WHERE mood = 'ok';
CREATE MATERIALIZED VIEW moods AS SELECT mood, count(*) FROM people GROUP BY mood;
CREATE UNIQUE INDEX ON moods (mood);
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON people USING (mood = 'ok');
CREATE FUNCTION of_mood(m mood) RETURNS SETOF people LANGUAGE sql AS $$ SELECT * FROM people WHERE mood = m $$;
COMMENT ON FUNCTION of_mood(mood) IS 'People of a mood';

-- case: labels change places
-- old
CREATE TYPE size AS ENUM ('s', 'm', 'l');
CREATE TABLE shirts (size size PRIMARY KEY, other size UNIQUE);
CREATE TABLE sold (size size REFERENCES shirts);
-- new
CREATE TYPE size AS ENUM ('l', 'm', 's');
CREATE TABLE shirts (size size PRIMARY KEY, other size UNIQUE);
CREATE TABLE sold (size size REFERENCES shirts);

-- case: a rebuilt enum under a domain and a composite type
-- old
CREATE TYPE size AS ENUM ('s', 'm', 'l');
CREATE DOMAIN checked_size AS size CHECK (VALUE <> 's');
CREATE TYPE box AS (size size, weight numeric);
CREATE TABLE boxes (id integer, size checked_size, box box);
-- new
CREATE TYPE size AS ENUM ('m', 'l');
CREATE DOMAIN checked_size AS size CHECK (VALUE <> 'm');
CREATE TYPE box AS (size size, weight numeric);
CREATE TABLE boxes (id integer, size checked_size, box box);

-- case: a column of text becomes an enum
-- old
CREATE TABLE people (id integer PRIMARY KEY, mood text NOT NULL DEFAULT 'ok');
-- new
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE people (id integer PRIMARY KEY, mood mood NOT NULL DEFAULT 'ok');

-- case: an enum gives its name to a table
-- old
CREATE TYPE thing AS ENUM ('a');
CREATE TABLE t (a thing);
-- new
CREATE TABLE thing (id integer);
CREATE TABLE t (a text);

-- case: an enum that a function's body alone uses
-- old
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$ DECLARE m mood := 'a'; BEGIN RETURN m; END $$;
-- new
CREATE TYPE mood AS ENUM ('b', 'a');
CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$ DECLARE m mood := 'b'; BEGIN RETURN m; END $$;

-- case: labels go under columns of a composite type, and arrays of it
-- old
CREATE TYPE mood AS ENUM ('a', 'b', 'c');
CREATE TYPE pair AS (one mood, many mood[], note text);
CREATE TABLE t (id integer, p pair, ps pair[]);
-- new
CREATE TYPE mood AS ENUM ('c', 'a');
CREATE TYPE pair AS (one mood, many mood[], note text);
CREATE TABLE t (id integer, p pair, ps pair[]);

-- case: a type of another kind takes the name, and values move over
-- old
CREATE TYPE state AS ENUM ('on', 'off');
CREATE DOMAIN code AS text;
CREATE DOMAIN outer_state AS state NOT NULL;
CREATE TABLE t (id integer PRIMARY KEY, a state DEFAULT 'on', b state[], c code, d outer_state);
CREATE VIEW v AS SELECT a, c FROM t;
-- new
CREATE DOMAIN state AS text CHECK (VALUE <> '');
CREATE TYPE code AS ENUM ('on', 'off');
CREATE DOMAIN outer_state AS state NOT NULL;
CREATE TABLE t (id integer PRIMARY KEY, a state DEFAULT 'on', b state[], c code, d outer_state);
CREATE VIEW v AS SELECT a, c FROM t;

-- case: a single label makes room for another, which everything follows
-- old
CREATE TYPE state AS ENUM ('new', 'pending', 'done');
CREATE TABLE t (s state NOT NULL DEFAULT 'pending', CHECK (s <> 'pending' OR s IS NULL)) PARTITION BY LIST (s);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN ('pending');
CREATE VIEW v AS SELECT s = 'pending' AS waits FROM t;
-- new
CREATE TYPE state AS ENUM ('new', 'it''s waiting', 'done');
CREATE TABLE t (s state NOT NULL DEFAULT 'it''s waiting', CHECK (s <> 'it''s waiting' OR s IS NULL)) PARTITION BY LIST (s);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN ('it''s waiting');
CREATE VIEW v AS SELECT s = 'it''s waiting' AS waits FROM t;
