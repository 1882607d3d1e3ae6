-- Added to the schema of the sample.

CREATE VIEW v_named AS SELECT id, nick, age FROM users WHERE nick IS NOT NULL;
CREATE VIEW v_named_over AS SELECT n.id, n.nick, u.name, p.title
  FROM v_named n JOIN v_users u ON u.id = n.id LEFT JOIN posts p ON p.author_id = n.id;
CREATE VIEW v_barrier WITH (security_barrier) AS SELECT id, nick, name FROM users WHERE age > 0;
CREATE VIEW v_union AS SELECT id, name AS label FROM users UNION ALL SELECT id, body FROM posts;
CREATE VIEW v_renamed (number, words) AS SELECT id, coalesce(nick, name) FROM users;
CREATE VIEW v_written AS SELECT id, v, w FROM checked WHERE w IS NOT NULL;
CREATE VIEW v_totals AS SELECT count(*) AS n, sum(views) AS total FROM posts;
CREATE VIEW v_tree AS WITH RECURSIVE t AS (
  SELECT id, boss_id, 0 AS depth FROM users WHERE boss_id IS NULL
  UNION ALL SELECT u.id, u.boss_id, t.depth + 1 FROM users u JOIN t ON u.boss_id = t.id) SELECT * FROM t;
CREATE MATERIALIZED VIEW m_authors AS
  SELECT u.id, u.name, p.title FROM users u LEFT JOIN posts p ON p.author_id = u.id WITH NO DATA;

CREATE TABLE parent (id integer PRIMARY KEY, a integer, b integer CHECK (b IS NOT NULL));
CREATE TABLE child (id integer, a integer, c integer NOT NULL) INHERITS (parent);
CREATE TABLE half_checked (
  a integer, b integer, c integer, d integer,
  CONSTRAINT b_there CHECK (b IS NOT NULL AND b > 0),
  CONSTRAINT c_or_d CHECK (c IS NOT NULL OR d IS NOT NULL)
);
ALTER TABLE half_checked ADD CONSTRAINT a_there CHECK (a IS NOT NULL) NOT VALID;
CREATE TABLE keyed (
  id integer PRIMARY KEY, code text UNIQUE, a integer, b integer, c integer, d integer,
  low text GENERATED ALWAYS AS (lower(code)) STORED,
  UNIQUE (a, b), UNIQUE (d) DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX keyed_c ON keyed (c) WHERE a > 0;
CREATE UNIQUE INDEX keyed_low ON keyed (lower(code));

CREATE TABLE guarded (id integer PRIMARY KEY, v text);
CREATE FUNCTION skip_row() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN IF new.id < 0 THEN RETURN NULL; END IF; new.v := NULL; RETURN new; END $$;
CREATE TRIGGER skip BEFORE INSERT OR UPDATE ON guarded FOR EACH ROW EXECUTE FUNCTION skip_row();

CREATE TABLE ruled (id integer PRIMARY KEY, v text NOT NULL);
CREATE RULE ruled_insert AS ON INSERT TO ruled DO INSTEAD
  UPDATE kv SET v = NULL WHERE k = new.v RETURNING 1, kv.v;
CREATE VIEW v_ruled AS SELECT id, v FROM ruled;

CREATE FUNCTION twice_or_null(integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT NULLIF($1 * 2, 2)';
CREATE FUNCTION lax_equals(integer, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT NULLIF($1::text = $2, true) OR $1 IS NULL';
CREATE FUNCTION null_for_one(integer, text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT
  AS 'SELECT CASE WHEN $1 <> 1 THEN true END';
CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = text, FUNCTION = lax_equals);
CREATE OPERATOR <=> (LEFTARG = integer, RIGHTARG = text, FUNCTION = null_for_one);
CREATE FUNCTION mood_or_null(integer) RETURNS mood LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT CASE WHEN $1 <> 1 THEN 'ok'::mood END $$;
CREATE CAST (integer AS mood) WITH FUNCTION mood_or_null(integer);
CREATE FUNCTION address_of(jsonb) RETURNS address LANGUAGE sql IMMUTABLE AS 'SELECT NULL::address';
CREATE FUNCTION any_number() RETURNS integer LANGUAGE sql STABLE AS 'SELECT NULL::integer';
CREATE AGGREGATE last_of (integer) (SFUNC = int4larger, STYPE = integer);
CREATE FUNCTION some_users() RETURNS SETOF users LANGUAGE sql STABLE AS 'SELECT NULL::users';
CREATE FUNCTION some_moods() RETURNS SETOF mood LANGUAGE sql STABLE AS $$ VALUES ('ok'::mood), (NULL) $$;
CREATE FUNCTION any_case_equals(name text, OUT a text, OUT b integer) RETURNS SETOF record LANGUAGE sql
  AS $$ VALUES ($1, 1), (NULL, NULL) $$;
CREATE FUNCTION lower(mood) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT NULLIF($1::text, 'ok') $$;
