-- name: union_of_both
-- why: 2 not NULL in both branches
SELECT id, name AS a, nick AS b_null FROM users UNION SELECT author_id, title, body FROM posts;

-- name: union_with_null
-- why: 2 not NULL in both branches
SELECT id, nick AS a_null FROM users UNION ALL SELECT 1, NULL;

-- name: union_with_types
-- why: 2 not NULL in both branches
SELECT id, 1.5 AS n FROM posts UNION ALL SELECT id, age AS n FROM (SELECT id, coalesce(age, 0) AS age FROM users) s;

-- name: intersection
-- why: 3 not NULL in one of them
SELECT id AS a FROM users INTERSECT SELECT editor_id FROM posts;

-- name: intersection_of_nullable_columns
-- why: 1 NOT NULL
SELECT 1 AS one, nick AS a_null FROM users INTERSECT SELECT 1, body FROM (SELECT body FROM posts UNION SELECT NULL) s;

-- name: difference
-- why: 2 the left side
SELECT name AS a, nick AS b_null FROM users EXCEPT SELECT title, body FROM posts;

-- name: difference_takes_no_null_away
-- why: 1 NOT NULL
SELECT id, nick AS b_null FROM users EXCEPT ALL SELECT id, nick FROM users WHERE nick IS NULL AND id = 2;

-- name: nested
-- why: 2 not NULL in every branch
(SELECT name AS a, nick AS b_null FROM users INTERSECT SELECT name, nick FROM users) UNION ALL (SELECT 'x', 'y' EXCEPT SELECT 'z', 'z');

-- name: values
-- why: 2 not NULL in any row
VALUES (1, 'a', true), (2, 'b', false);

-- name: values_with_null_in_from
-- why: 2 not NULL in any row
SELECT a, b AS b_null, c FROM (VALUES (1, NULL, 'x'), (2, 3, 'y')) v(a, b, c);

-- name: values_of_expressions
-- why: 2 not NULL in any row
SELECT a, b AS b_null FROM users u, LATERAL (VALUES (u.id, u.nick), (0, 'x')) v(a, b);

-- name: a_union_in_from
-- why: 2 not NULL in both branches
SELECT s.kind, s.label AS label_null, s.id FROM (
  SELECT 'user' AS kind, id, name AS label FROM users UNION ALL SELECT 'post', id, body FROM posts) s ORDER BY s.kind;

-- name: a_union_narrowed_outside
-- why: 2 WHERE excludes NULL
SELECT s.label FROM (SELECT name AS label FROM users UNION ALL SELECT body FROM posts) s WHERE s.label IS NOT NULL;

-- name: a_union_of_outer_joins
-- why: 2 not NULL in both branches
SELECT u.id, p.title AS t_null FROM users u LEFT JOIN posts p ON p.author_id = u.id UNION SELECT c.id, c.body FROM comments c;

-- name: a_union_with_order_and_limit
-- why: 2 not NULL in both branches
(SELECT id, name FROM users ORDER BY id LIMIT 2) UNION ALL (SELECT id, title FROM posts ORDER BY id LIMIT 2) ORDER BY 1 LIMIT 3;

-- name: a_union_of_aggregates
-- why: 2 count in both branches
SELECT 'u' AS k, count(*) AS n, max(nick) AS m_null FROM users UNION ALL SELECT 'p', count(*), max(title) FROM posts;

-- name: a_union_below_an_outer_join
-- why: 1 the preserved side
SELECT u.id, s.x AS x_null FROM users u LEFT JOIN (SELECT 2 AS x UNION SELECT 5) s ON s.x = u.id;

-- name: table_command
-- why: 1 NOT NULL
SELECT t.k, t.v AS v_null FROM (TABLE kv) t;
