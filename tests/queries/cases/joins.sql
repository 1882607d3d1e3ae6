-- name: left_join_then_left_join_on_its_columns
-- why: 1 the preserved side
SELECT u.id, p.title AS p_null, c.body AS c_null, c.id + 1 AS c1_null
FROM users u LEFT JOIN posts p ON p.author_id = u.id LEFT JOIN comments c ON c.post_id = p.id;

-- name: right_join_keeps_the_right
-- why: 1 the preserved side
SELECT u.name AS name_null, p.id, p.title FROM users u RIGHT JOIN posts p ON p.id = u.id;

-- name: right_join_with_a_chain
-- why: 1 the preserved side of the outermost join
SELECT u.name AS u_null, p.title AS p_null, c.id
FROM users u JOIN posts p ON p.author_id = u.id RIGHT JOIN comments c ON c.id = p.id + 100;

-- name: left_join_of_a_parenthesised_inner_join
-- why: 1 the preserved side
SELECT u.id, p.title AS p_null, c.body AS c_null
FROM users u LEFT JOIN (posts p JOIN comments c ON c.post_id = p.id) ON p.author_id = u.id;

-- name: left_join_of_a_parenthesised_left_join
-- why: 1 the preserved side
SELECT u.id, p.title AS p_null, c.body AS c_null
FROM users u LEFT JOIN (posts p LEFT JOIN comments c ON c.post_id = p.id) ON p.author_id = u.id;

-- name: inner_join_on_the_inner_of_a_parenthesised_left_join
-- why: 2 the later inner join finds only rows with a partner
SELECT u.id, p.title, c.body AS c_null, x.id AS x
FROM users u LEFT JOIN (posts p LEFT JOIN comments c ON c.post_id = p.id) ON p.author_id = u.id
JOIN users x ON x.id = p.author_id;

-- name: inner_join_on_the_innermost
-- why: 2 the later inner join finds only rows with a partner
SELECT u.id, p.title, c.body, x.id AS x
FROM users u LEFT JOIN (posts p LEFT JOIN comments c ON c.post_id = p.id) ON p.author_id = u.id
JOIN users x ON x.id = c.user_id;

-- name: where_on_the_right_undoes_a_left_join
-- why: 2 a condition of WHERE is not true for NULL
SELECT u.id, p.title, p.body AS body_null FROM users u LEFT JOIN posts p ON p.author_id = u.id WHERE p.views >= 0;

-- name: where_with_or_undoes_nothing
-- why: 1 the preserved side
SELECT u.id, p.title AS title_null FROM users u LEFT JOIN posts p ON p.author_id = u.id WHERE p.views > 0 OR u.id > 0;

-- name: where_with_or_of_the_same_side_undoes_it
-- why: 2 both alternatives need a row
SELECT u.id, p.title FROM users u LEFT JOIN posts p ON p.author_id = u.id WHERE p.views > 0 OR p.published;

-- name: where_with_coalesce_undoes_nothing
-- why: 1 the preserved side
SELECT u.id, p.title AS title_null FROM users u LEFT JOIN posts p ON p.author_id = u.id
WHERE coalesce(p.views, 0) >= 0;

-- name: where_is_not_distinct_from_null
-- why: 1 the preserved side
SELECT u.id, p.id AS p_null, p.title AS t_null FROM users u LEFT JOIN posts p ON p.author_id = u.id
WHERE p.id IS NOT DISTINCT FROM NULL;

-- name: full_join
-- why: 1 coalesce with a constant
SELECT u.id AS u_null, p.id AS p_null, coalesce(u.name, p.title, '-') AS c
FROM users u FULL JOIN posts p ON p.id = u.id;

-- name: full_join_of_three
-- why: 3 every row has at least one of the sides
SELECT coalesce(u.id, p.id) AS first_two_null, coalesce(u.id, p.id, c.id) AS all_three, id
FROM users u FULL JOIN posts p USING (id) FULL JOIN comments c USING (id);

-- name: full_join_narrowed_on_one_side
-- why: 2 the condition needs a row of that side
SELECT u.id, u.name, p.id AS p_null FROM users u FULL JOIN posts p ON p.id = u.id WHERE u.created_at IS NOT NULL;

-- name: full_join_narrowed_on_both_sides
-- why: 2 the condition needs a row of both sides
SELECT u.id, p.id AS pid FROM users u FULL JOIN posts p ON p.id = u.id WHERE u.id = p.id;

-- name: natural_join
-- why: 1 an inner join
SELECT k, v_null, one FROM (SELECT k, v AS v_null FROM kv) t NATURAL JOIN (SELECT 'a' AS k, 1 AS one) s;

-- name: natural_full_join
-- why: 3 one side is there
SELECT k, a AS a_null, b AS b_null
FROM (SELECT k, 1 AS a FROM kv) s NATURAL FULL JOIN (SELECT title AS k, 2 AS b FROM posts) t;

-- name: using_left_takes_the_left
-- why: 1 the merged column is that of the left
SELECT id, p.id AS p_null, u.id AS u FROM users u LEFT JOIN posts p USING (id);

-- name: using_right_takes_the_right
-- why: 2 the merged column is that of the right
SELECT id, u.id AS u_null, p.id AS p FROM users u RIGHT JOIN posts p USING (id);

-- name: using_with_an_alias
-- why: 2 the merged column is that of the left
SELECT j.id, p.title AS title_null FROM users u LEFT JOIN posts p USING (id) AS j;

-- name: a_join_with_an_alias_below_an_outer_join
-- why: 1 the preserved side
SELECT c.id, j.name AS name_null, j.title AS title_null
FROM comments c LEFT JOIN (users u JOIN posts p ON p.author_id = u.id) AS j (uid, name) ON j.uid = c.user_id;

-- name: cross_join_of_an_outer_join
-- why: 1 no outer join above it
SELECT k.k, u.name, p.id AS p_null FROM kv k CROSS JOIN (users u LEFT JOIN posts p ON p.id = u.id);

-- name: comma_and_outer_join
-- why: 1 no outer join above it
SELECT k.k, u.name, p.id AS p_null FROM kv k, users u LEFT JOIN posts p ON p.id = u.id;

-- name: left_join_on_true_to_an_aggregate
-- why: 2 count of one row that is always there; 1 the preserved side
-- rows: 0..n
SELECT u.id, s.n AS n_null FROM users u LEFT JOIN (SELECT count(*) AS n FROM posts) s ON s.n > 1;

-- name: constants_below_an_outer_join
-- why: 1 the preserved side
SELECT u.id, s.one AS one_null, s.yes AS yes_null, s.list AS list_null
FROM users u LEFT JOIN (SELECT author_id, 1 AS one, true AS yes, ARRAY[1] AS list FROM posts) s ON s.author_id = u.id;

-- name: coalesce_below_an_outer_join
-- why: 1 coalesce with a constant
SELECT coalesce(s.b, '-') AS b, s.b AS b_null
FROM users u LEFT JOIN (SELECT author_id, coalesce(body, '') AS b FROM posts) s ON s.author_id = u.id;

-- name: values_below_an_outer_join
-- why: 1 the preserved side
SELECT u.id, v.x AS x_null FROM users u LEFT JOIN (VALUES (1), (2)) v(x) ON v.x = u.id;

-- name: whole_rows_below_an_outer_join
-- why: 1 the preserved side
SELECT u, p AS p_null, p.ctid AS ctid_null, p.tableoid AS oid_null FROM users u LEFT JOIN posts p ON p.author_id = u.id;

-- name: test_of_a_whole_row
-- why: 2 the row is there
SELECT p, p.title FROM users u LEFT JOIN posts p ON p.author_id = u.id WHERE p IS DISTINCT FROM NULL;

-- name: lateral_left_join
-- why: 1 the preserved side
SELECT u.id, s.title AS title_null, s.n AS n_null FROM users u
LEFT JOIN LATERAL (SELECT p.title, 1 AS n FROM posts p WHERE p.author_id = u.id ORDER BY p.id LIMIT 1) s ON true;

-- name: lateral_aggregate_is_always_there
-- why: 2 an aggregate without GROUP BY gives one row; an inner lateral join
SELECT u.id, s.n, s.m AS m_null FROM users u
CROSS JOIN LATERAL (SELECT count(*) AS n, max(p.title) AS m FROM posts p WHERE p.author_id = u.id) s;

-- name: lateral_with_two_levels
-- why: 1 the preserved side
SELECT u.id, s.title AS title_null, s.body AS body_null FROM users u LEFT JOIN LATERAL (
  SELECT p.title, c.body FROM posts p LEFT JOIN LATERAL (
    SELECT c.body FROM comments c WHERE c.post_id = p.id AND c.user_id = u.id) c ON true
  WHERE p.author_id = u.id) s ON true;

-- name: self_joins
-- why: 2 the inner join needs a boss
SELECT u.id, b.name AS boss, b.boss_id AS grand_null, g.name AS name_null
FROM users u JOIN users b ON b.id = u.boss_id LEFT JOIN users g ON g.id = b.boss_id;

-- name: on_with_a_constant_false
-- why: 1 the preserved side
SELECT u.id, p.id AS p_null FROM users u LEFT JOIN posts p ON false;

-- name: inner_join_on_is_not_null
-- why: 2 the condition excludes NULL
SELECT u.nick, p.body FROM users u JOIN posts p ON p.body IS NOT NULL AND u.nick <> 'zz';

-- name: inner_join_on_is_not_distinct
-- why: 1 NOT NULL
SELECT a.id, a.nick AS a_null, b.nick AS b_null FROM users a JOIN users b ON a.nick IS NOT DISTINCT FROM b.nick;

-- name: inner_join_within_the_nullable_side_narrows_there
-- why: 1 the preserved side
SELECT u.id, p.body AS body_null, c.id AS c_null
FROM users u LEFT JOIN (posts p JOIN comments c ON c.post_id = p.id AND p.body IS NOT NULL) ON p.author_id = u.id;

-- name: a_semi_join_in_where
-- why: 1 NOT NULL
SELECT u.id, u.nick AS nick_null FROM users u WHERE EXISTS (SELECT 1 FROM posts p WHERE p.author_id = u.id);

-- name: tablesample
-- why: 1 NOT NULL
SELECT u.id, u.nick AS nick_null FROM users u TABLESAMPLE BERNOULLI (100);

-- name: outer_join_to_a_view_with_an_outer_join
-- why: 1 the preserved side
SELECT u.id, v.id AS v_null, v.author AS author_null, v.editor AS editor_null
FROM users u LEFT JOIN v_posts v ON v.id = u.id;

-- name: inner_join_to_a_view_with_an_outer_join
-- why: 2 an inner join of the view
SELECT u.id, v.author, v.editor AS editor_null FROM users u JOIN v_posts v ON v.id = u.id;

-- name: inner_join_on_a_column_that_a_view_null_extends
-- why: 2 equality with NULL finds nothing
SELECT v.id, v.editor, u.name FROM v_posts v JOIN users u ON u.name = v.editor;
