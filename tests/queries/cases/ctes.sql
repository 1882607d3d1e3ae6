-- name: chains
-- why: 2 a common table expression passes NOT NULL on
WITH a AS (SELECT id, nick FROM users), b AS (SELECT id, nick, 1 AS one FROM a WHERE nick IS NOT NULL)
SELECT a.id, a.nick AS nick_null, b.nick AS b_null, b.one AS one_null, c.nick
FROM a LEFT JOIN b ON b.id = a.id CROSS JOIN (SELECT nick FROM b) c;

-- name: materialized
-- why: 2 a common table expression passes NOT NULL on
WITH a AS MATERIALIZED (SELECT id, nick FROM users), b AS NOT MATERIALIZED (SELECT title, body FROM posts)
SELECT id, nick AS nick_null, title, body AS body_null FROM a, b;

-- name: column_names
-- why: 2 columns are renamed by their places
WITH a (one, two_null) AS (SELECT id, nick FROM users) SELECT * FROM a;

-- name: nested_with
-- why: 2 the innermost of the name
WITH a AS (SELECT nick AS x FROM users) SELECT s.x, a.x AS y_null
FROM a, (WITH a AS (SELECT name AS x FROM users) SELECT x FROM a) s;

-- name: an_aggregate
-- why: 2 count of one row
-- rows: 1
WITH t AS (SELECT count(*) AS n, max(id) AS m FROM posts) SELECT n, m AS m_null FROM t;

-- name: a_scalar_subquery_over_a_cte
-- why: 1 NOT NULL
-- setup: INSERT INTO users (id, name) VALUES (1, 'a')
WITH t AS (SELECT title FROM posts), c AS (SELECT count(*) AS n FROM posts)
SELECT id, (SELECT title FROM t LIMIT 1) AS t_null, (SELECT n FROM c) AS n FROM users;

-- name: recursion_over_a_tree
-- why: 2 not NULL in both terms
WITH RECURSIVE t AS (
  SELECT id, boss_id, name, 1 AS level, ARRAY[id] AS path FROM users WHERE boss_id IS NULL
  UNION ALL SELECT u.id, u.boss_id, u.name, t.level + 1, t.path || u.id FROM users u JOIN t ON u.boss_id = t.id)
SELECT id, boss_id AS boss_null, name, level, path, cardinality(path) AS m FROM t WHERE true;

-- name: array_length_may_be_null
-- why: 1 NOT NULL
SELECT id, array_length(tags, 1) AS n_null FROM users;

-- name: recursion_with_an_outer_join
-- why: 2 not NULL in both terms
WITH RECURSIVE t(a, b, i) AS (
  SELECT id, name, 0 FROM users UNION SELECT p.id, p.title, t.i + 1 FROM t LEFT JOIN posts p ON p.author_id = t.a WHERE t.i < 2)
SELECT a AS a_null, b AS b_null, i FROM t;

-- name: recursion_that_counts
-- why: 2 not NULL in both terms
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n;

-- name: recursion_through_three_columns
-- why: 3 a fixpoint
WITH RECURSIVE t(a, b, c, d) AS (SELECT 1, 1, 1, 1 UNION ALL SELECT b, c, nullif(c, 1), d + 1 FROM t WHERE d < 5)
SELECT a AS a_null, b AS b_null, c AS c_null, d FROM t;

-- name: search_and_cycle
-- why: 3 they are computed for every row
WITH RECURSIVE t AS (SELECT id, boss_id FROM users UNION ALL SELECT u.id, u.boss_id FROM users u JOIN t ON u.boss_id = t.id)
  SEARCH DEPTH FIRST BY id SET seq CYCLE id SET is_cycle USING path
SELECT id, boss_id AS boss_null, seq, is_cycle, path FROM t;

-- name: recursion_in_a_subquery
-- why: 2 a fixpoint
SELECT s.i, s.x AS x_null FROM (
  WITH RECURSIVE n(i, x) AS (SELECT 1, 'a' UNION ALL SELECT i + 1, NULL FROM n WHERE i < 3) SELECT i, x FROM n) s;

-- name: forward_references
-- why: 2 a common table expression passes NOT NULL on
WITH RECURSIVE a AS (SELECT x, y FROM b), b AS (SELECT name AS x, nick AS y FROM users) SELECT x, y AS y_null FROM a;

-- name: writes
-- why: 2 RETURNING of what is NOT NULL
WITH moved AS (DELETE FROM kv WHERE v IS NOT NULL RETURNING k, v), kept AS (INSERT INTO gen (id, a) SELECT 99, k FROM moved
  RETURNING id, a, b)
SELECT m.k, m.v, g.id AS id_null, g.b AS b_null FROM moved m LEFT JOIN kept g ON g.a = m.k AND g.a <> 'b';

-- name: an_update_with_returning
-- why: 2 RETURNING of what is NOT NULL
WITH u AS (UPDATE users SET nick = NULL WHERE nick IS NOT NULL RETURNING id, nick, age)
SELECT id, nick AS nick_null, age AS age_null FROM u;

-- name: an_insert_below_a_select
-- why: 2 RETURNING of what is NOT NULL
-- rows: 0..n
WITH n AS (INSERT INTO kv VALUES ('q', NULL) RETURNING *) SELECT k, v AS v_null FROM n UNION ALL SELECT k, v FROM kv;
