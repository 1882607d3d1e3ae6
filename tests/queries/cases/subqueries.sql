-- name: scalar_subqueries
-- why: 2 an aggregate without GROUP BY has a row; a constant
SELECT (SELECT count(*) FROM posts) AS a, (SELECT max(id) FROM posts) AS b_null, (SELECT 1) AS c, (SELECT NULL::int) AS d_null,
  (SELECT title FROM posts LIMIT 1) AS e_null, (SELECT 1 WHERE false) AS f_null, (SELECT coalesce(max(id), 0) FROM posts) AS g,
  (SELECT count(*) FROM posts HAVING count(*) > 100) AS h_null, (SELECT count(*) FROM posts LIMIT 1) AS i,
  (SELECT count(*) FROM posts OFFSET 1) AS j_null, (SELECT count(*) FROM posts LIMIT 0) AS k_null,
  coalesce((SELECT title FROM posts WHERE id = 77), '-') AS l, (SELECT count(*) FROM posts GROUP BY ()) AS m,
  (SELECT 1 UNION SELECT 1) AS n, (SELECT 1 EXCEPT SELECT 1) AS o_null, (SELECT x FROM (VALUES (1)) v(x)) AS p,
  (VALUES (1)) AS q, (SELECT count(*) FROM posts WHERE false) AS r, (SELECT generate_series(1, 0)) AS s_null;

-- name: correlated_subqueries
-- why: 2 an aggregate without GROUP BY has a row
SELECT u.id, (SELECT count(*) FROM posts p WHERE p.author_id = u.id) AS n,
  (SELECT p.title FROM posts p WHERE p.author_id = u.id ORDER BY p.id LIMIT 1) AS t_null, (SELECT u.name) AS o,
  (SELECT u.nick) AS i_null, (SELECT coalesce(u.nick, u.name)) AS c, (SELECT max(p.id) FROM posts p WHERE p.author_id = u.id) AS m_null,
  ARRAY(SELECT p.body FROM posts p WHERE p.author_id = u.id) AS a, EXISTS (SELECT FROM posts p WHERE p.author_id = u.id) AS e,
  (SELECT json_agg(p) FROM posts p WHERE p.author_id = u.id) AS j_null,
  (SELECT coalesce(json_agg(p), '[]') FROM posts p WHERE p.author_id = u.id) AS k FROM users u;

-- name: correlated_with_a_proof_outside
-- why: 2 WHERE excludes NULL
SELECT (SELECT u.nick) AS a, (SELECT u.nick || p.title FROM posts p LIMIT 1) AS b_null FROM users u WHERE u.nick IS NOT NULL;

-- name: correlated_with_an_outer_join
-- why: 1 NOT NULL
SELECT u.id, (SELECT p.title) AS t_null, (SELECT coalesce(p.title, '-')) AS c FROM users u LEFT JOIN posts p ON p.id = u.id;

-- name: in_and_exists
-- why: 2 of what is not NULL
SELECT id IN (SELECT author_id FROM posts) AS a, id NOT IN (SELECT editor_id FROM posts) AS b_null,
  EXISTS (SELECT 1) AND NOT EXISTS (SELECT 1 WHERE false) AS c, id = ANY (SELECT author_id FROM posts) AS d,
  id > ALL (SELECT author_id FROM posts) AS e, id > ALL (SELECT editor_id FROM posts) AS f_null,
  nick IN (SELECT title FROM posts) AS g_null, id IN (SELECT editor_id FROM posts WHERE editor_id IS NOT NULL) AS h,
  (id, name) = (SELECT 1, 'a') AS i, name LIKE ANY (SELECT title FROM posts) AS j,
  id IN (SELECT x.editor_id FROM users y LEFT JOIN posts x ON x.id = y.id) AS k_null FROM users;

-- name: a_row_of_a_subquery
-- why: 1 NOT NULL
SELECT id, (id, name) = (SELECT p.author_id, p.title FROM posts p LIMIT 0) AS a_null FROM users;

-- name: subqueries_in_from
-- why: 2 a subquery passes NOT NULL on
SELECT s.a, s.b AS b_null, s.c, t.n, t.m AS m_null FROM (SELECT name AS a, nick AS b, upper(name) AS c FROM users) s,
  (SELECT count(*) AS n, max(body) AS m FROM posts) t;

-- name: three_levels
-- why: 2 a subquery passes NOT NULL on
SELECT a.x, a.y AS y_null FROM (SELECT b.x, b.y FROM (SELECT c.x, c.y FROM (SELECT name AS x, nick AS y FROM users) c) b) a;

-- name: with_limit_and_offset
-- why: 2 a subquery passes NOT NULL on
SELECT s.id, s.nick AS nick_null FROM (SELECT id, nick FROM users ORDER BY id LIMIT 5 OFFSET 0) s;

-- name: a_proof_inside_and_an_outer_join_outside
-- why: 1 the preserved side
SELECT u.id, s.nick AS nick_null FROM users u LEFT JOIN (SELECT id, nick FROM users WHERE nick IS NOT NULL) s ON s.id = u.id;

-- name: a_subquery_in_a_case
-- why: 2 every branch
SELECT CASE WHEN EXISTS (SELECT 1 FROM posts p WHERE p.author_id = u.id) THEN 'y' ELSE 'n' END AS a,
  CASE WHEN (SELECT count(*) FROM posts) > 1 THEN (SELECT title FROM posts WHERE id = 99) ELSE '' END AS b_null FROM users u;

-- name: array_of_a_subquery
-- why: 2 an array, at worst an empty one
SELECT ARRAY(SELECT nick FROM users) AS a, ARRAY(SELECT 1 WHERE false) AS b, cardinality(ARRAY(SELECT id FROM posts)) AS c,
  (ARRAY(SELECT id FROM posts))[1] AS d_null, array_length(ARRAY(SELECT id FROM posts), 1) AS e_null,
  array_to_string(ARRAY(SELECT nick FROM users), ',') AS f;

-- name: aggregates_in_lateral_subqueries
-- why: 2 an aggregate without GROUP BY has a row
SELECT u.id, a.n, b.title AS t_null, c.total AS total_null FROM users u
CROSS JOIN LATERAL (SELECT count(*) AS n FROM posts p WHERE p.author_id = u.id) a
LEFT JOIN LATERAL (SELECT p.title FROM posts p WHERE p.author_id = u.id LIMIT 1) b ON true
LEFT JOIN LATERAL (SELECT sum(p.views) AS total FROM posts p WHERE p.author_id = u.id) c ON a.n > 0;

-- name: a_lateral_aggregate_joined_left_on_true
-- why: 3 it has a row for every row on its left
SELECT u.id, c.n, c.m AS m_null FROM users u
LEFT JOIN LATERAL (SELECT count(*) AS n, max(p.id) AS m FROM posts p WHERE p.author_id = u.id) c ON true;
