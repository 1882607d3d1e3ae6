-- name: strict_operators
-- why: 2 a strict operator is not true for NULL
SELECT nick, age FROM users WHERE nick > '' AND age + 1 > 0;

-- name: not_of_a_comparison
-- why: 2 NOT NULL is NULL
SELECT nick FROM users WHERE NOT (nick = 'zz');

-- name: or_of_the_same_column
-- why: 2 both alternatives exclude NULL
SELECT nick FROM users WHERE nick = 'a' OR nick LIKE 'd%';

-- name: or_of_different_columns
-- why: 1 NOT NULL
SELECT id, nick AS nick_null, age AS age_null FROM users WHERE nick = 'a' OR age = 5 OR name = 'bob';

-- name: or_with_is_null
-- why: 1 NOT NULL
SELECT id, nick AS nick_null FROM users WHERE nick = 'a' OR nick IS NULL;

-- name: and_within_or
-- why: 3 both alternatives exclude NULL
SELECT nick, age AS age_null FROM users WHERE (nick = 'a' AND age > 0) OR (nick = 'd' AND age IS NULL);

-- name: not_of_or
-- why: 3 both parts are false
SELECT nick, age FROM users WHERE NOT (nick = 'zz' OR age < 0);

-- name: not_of_and
-- why: 1 NOT NULL
-- setup: INSERT INTO users (id, name, age) VALUES (1, 'a', 2)
SELECT id, nick AS nick_null, age AS age_null FROM users WHERE NOT (nick = 'a' AND age = 30);

-- name: in_list
-- why: 2 IN with a list is a comparison
SELECT nick, age FROM users WHERE nick IN ('a', 'c') AND age IN (30, 1);

-- name: in_list_with_null
-- why: 2 true only if an element is equal
SELECT nick FROM users WHERE nick IN ('a', NULL);

-- name: not_in_list
-- why: 2 NOT IN with a list is a comparison
SELECT nick FROM users WHERE nick NOT IN ('zz', 'yy');

-- name: between
-- why: 2 two comparisons
SELECT age FROM users WHERE age BETWEEN 0 AND 100;

-- name: not_between
-- why: 2 one of two comparisons is true
SELECT age FROM users WHERE age NOT BETWEEN 50 AND 100;

-- name: between_symmetric
-- why: 3 two comparisons
SELECT age FROM users WHERE age BETWEEN SYMMETRIC 100 AND 0;

-- name: bound_of_between
-- why: 3 a comparison; NOT NULL
SELECT age, level AS level_null FROM users WHERE 0 BETWEEN -1 AND age;

-- name: like_and_similar
-- why: 2 strict operators
SELECT nick, body FROM users, posts WHERE nick LIKE '%' AND body ~ '.*';

-- name: similar_to
-- why: 3 strict operators
SELECT nick FROM users WHERE nick SIMILAR TO '[a-z]%';

-- name: any_of_an_array_column
-- why: 2 equal to an element
-- setup: INSERT INTO users (id, name, nick) VALUES (1, 'a', 'd')
SELECT nick, scores AS scores_null FROM users WHERE nick = ANY (tags) OR nick = 'd';

-- name: element_of_a_nullable_array
-- why: 2 equal to an element of it
SELECT scores FROM users WHERE 1 = ANY (scores);

-- name: all_of_a_nullable_array
-- why: 3 the array is not NULL
SELECT scores, age AS age_null FROM users WHERE scores <> '{1}' AND age > ALL (scores) OR 7 <> ALL (scores);

-- name: all_of_an_array_that_may_be_empty
-- why: 1 NOT NULL
-- setup: INSERT INTO users (id, name, scores) VALUES (1, 'a', '{}')
SELECT id, age AS age_null FROM users WHERE age > ALL (array_remove(scores, NULL));

-- name: is_true
-- why: 2 true, hence not NULL
SELECT nick FROM users WHERE (nick = 'a') IS TRUE;

-- name: is_not_false
-- why: 1 NOT NULL
SELECT id, nick AS nick_null FROM users WHERE (nick = 'a') IS NOT FALSE;

-- name: is_false
-- why: 3 false, hence not NULL
SELECT nick FROM users WHERE (nick = 'zz') IS FALSE;

-- name: is_unknown
-- why: 1 NOT NULL
SELECT id, nick AS nick_null FROM users WHERE (nick = 'zz') IS UNKNOWN;

-- name: is_not_unknown
-- why: 3 not NULL
SELECT nick FROM users WHERE (nick = 'zz') IS NOT UNKNOWN;

-- name: a_boolean_column_by_itself
-- why: 2 true, hence not NULL
SELECT hidden FROM posts WHERE hidden;

-- name: not_a_boolean_column
-- why: 2 false, hence not NULL
-- setup: INSERT INTO users (id, name) VALUES (1, 'a'); INSERT INTO posts (id, author_id, title, hidden) VALUES (1, 1, 't', false)
SELECT hidden FROM posts WHERE NOT hidden;

-- name: is_distinct_from_null
-- why: 2 the same as IS NOT NULL
SELECT nick FROM users WHERE nick IS DISTINCT FROM NULL;

-- name: is_distinct_from_a_value
-- why: 1 NOT NULL
SELECT id, nick AS nick_null FROM users WHERE nick IS DISTINCT FROM 'a';

-- name: not_is_distinct_from_a_value
-- why: 3 equal to a value
SELECT nick FROM users WHERE NOT (nick IS DISTINCT FROM 'a');

-- name: both_may_be_null_and_equal
-- why: 1 NOT NULL
SELECT id, nick AS nick_null FROM users WHERE nick IS NOT DISTINCT FROM (SELECT NULL::text);

-- name: coalesce_in_a_comparison
-- why: 1 NOT NULL
SELECT id, nick AS nick_null FROM users WHERE coalesce(nick, 'a') = 'a';

-- name: nullif_in_a_comparison
-- why: 3 nullif of NULL is NULL
SELECT nick FROM users WHERE nullif(nick, '') IS NOT NULL;

-- name: case_in_where
-- why: 1 NOT NULL
SELECT id, nick AS nick_null FROM users WHERE CASE WHEN nick IS NULL THEN true ELSE nick = 'a' END;

-- name: a_function_that_is_not_strict
-- why: 1 NOT NULL
SELECT id, age AS age_null FROM users WHERE f_nonstrict(age) >= 0;

-- name: a_strict_function_of_the_user
-- why: 3 a strict function is NULL for NULL
SELECT age FROM users WHERE f_null_strict(age) IS NOT NULL;

-- name: an_operator_of_the_user_that_is_not_strict
-- why: 1 NOT NULL
SELECT id, age AS age_null FROM users WHERE age === '1';

-- name: an_operator_of_the_user_that_is_strict
-- why: 3 a strict operator is not true for NULL
SELECT age FROM users WHERE age <=> 'x';

-- name: concat_is_not_strict
-- why: 1 NOT NULL
SELECT id, nick AS nick_null FROM users WHERE concat(nick, 'x') <> '';

-- name: json_of_a_nullable_column
-- why: 3 strict operators
SELECT extra FROM users WHERE extra ->> 'a' = 'b';

-- name: cast_in_a_condition
-- why: 3 a cast of NULL is NULL
SELECT age FROM users WHERE age::text <> '' AND (age::numeric)::int > 0;

-- name: a_field_of_a_composite
-- why: 3 a field of NULL is NULL
SELECT addr FROM users WHERE (addr).street = 's' OR (addr).street = 'q';

-- name: composite_is_not_null
-- why: 3 IS NOT NULL of a row means that every field is not NULL
SELECT addr FROM users WHERE addr IS NOT NULL;

-- name: not_composite_is_null
-- why: 3 NOT (row IS NULL) means that a field is not NULL
SELECT addr FROM users WHERE NOT (addr IS NULL);

-- name: what_a_lateral_subquery_needs
-- why: 3 without it there is no row
-- setup: INSERT INTO users (id, name, nick) VALUES (1, 'a', 'a'), (2, 'b', NULL); INSERT INTO posts (id, author_id, title) VALUES (1, 1, 'a')
SELECT u.nick, s.one FROM users u CROSS JOIN LATERAL (SELECT 1 AS one FROM posts p WHERE p.title = u.nick) s;

-- name: what_a_lateral_subquery_of_a_left_join_needs
-- why: 1 NOT NULL
SELECT u.id, u.nick AS nick_null, s.one AS one_null FROM users u
LEFT JOIN LATERAL (SELECT 1 AS one FROM posts p WHERE p.title = u.nick) s ON true;

-- name: what_a_lateral_aggregate_needs
-- why: 2 count
SELECT u.nick AS nick_null, s.n, t.n AS m FROM users u CROSS JOIN LATERAL (SELECT count(*) AS n FROM posts p WHERE p.title = u.nick) s
CROSS JOIN LATERAL (SELECT 1 AS n FROM posts p WHERE p.title = u.nick GROUP BY ROLLUP (p.title)) t;

-- name: what_a_function_of_rows_needs
-- why: 3 for NULL there is no row
SELECT u.scores, s AS s_null, u.extra, j.key FROM users u, unnest(u.scores) s, jsonb_each(u.extra || '{"z": 1}') j;

-- name: what_two_functions_of_rows_need
-- why: 2 the ordinal number
-- setup: INSERT INTO users (id, name, tags) VALUES (1, 'a', '{x}')
SELECT u.scores AS scores_null, t.o, t.a AS a_null, t.b AS b_null FROM users u, unnest(u.scores, u.tags) WITH ORDINALITY t(a, b, o);

-- name: on_of_an_outer_join_that_found_its_row
-- why: 3 the condition of the join held
SELECT a.nick, b.nick AS b, a.age AS age_null FROM users a LEFT JOIN users b ON a.nick = b.nick WHERE b.id > 0;

-- name: on_of_a_right_join_that_found_its_row
-- why: 3 the condition of the join held
-- setup: INSERT INTO users (id, name, nick) VALUES (1, 'a', 'x'); INSERT INTO posts (id, author_id, title) VALUES (1, 1, 't')
SELECT a.nick, b.nick AS b, a.age AS age_null FROM users b RIGHT JOIN users a ON a.nick = b.nick JOIN posts p ON p.id = b.id;

-- name: on_of_an_outer_join_below_another
-- why: 1 the preserved side
SELECT c.id, a.nick AS a_null, b.id AS b_null FROM comments c
LEFT JOIN (users a LEFT JOIN users b ON a.nick = b.nick) ON a.id = c.id WHERE c.id > 0;

-- name: on_of_an_outer_join_below_another_that_found_its_row
-- why: 3 the conditions of both joins held
SELECT c.id, c.user_id, a.nick, b.id AS b FROM comments c
LEFT JOIN (users a LEFT JOIN users b ON a.nick = b.nick) ON a.id = c.user_id WHERE b.id > 0;

-- name: on_of_a_full_join
-- why: 1 its row is there
SELECT a.nick AS a_null, b.id AS b FROM users a FULL JOIN users b ON a.nick = b.nick WHERE b.id > 0;

-- name: a_row_that_has_no_null
-- why: 3 IS NOT NULL of a row means every field
SELECT nick, age, level AS level_null FROM users WHERE ROW(nick, age) IS NOT NULL;

-- name: a_row_that_is_not_all_null
-- why: 1 NOT NULL
-- setup: INSERT INTO users (id, name, age) VALUES (1, 'a', 5)
SELECT id, nick AS nick_null, age AS age_null FROM users WHERE NOT (ROW(nick, age) IS NULL);

-- name: an_inner_condition_of_a_lateral_subquery
-- why: 1 NOT NULL
SELECT u.id, u.nick AS nick_null, s.n FROM users u
CROSS JOIN LATERAL (SELECT count(*) AS n FROM posts p WHERE p.title = u.nick) s;

-- name: exists_with_rollup_is_always_true
-- why: 1 NOT NULL
SELECT u.id, u.nick AS nick_null FROM users u
WHERE EXISTS (SELECT 1 FROM posts p WHERE p.title = u.nick GROUP BY ROLLUP (p.id));

-- name: exists_with_an_empty_grouping_set_is_always_true
-- why: 1 NOT NULL
SELECT u.id, u.nick AS nick_null FROM users u
WHERE EXISTS (SELECT 1 FROM posts p WHERE p.title = u.nick GROUP BY ());

-- name: exists_with_a_union
-- why: 1 NOT NULL
SELECT u.id, u.nick AS nick_null FROM users u
WHERE EXISTS (SELECT 1 FROM posts p WHERE p.title = u.nick UNION ALL SELECT 2);

-- name: exists_with_an_outer_join
-- why: 1 NOT NULL
SELECT u.id, u.nick AS nick_null FROM users u
WHERE EXISTS (SELECT 1 FROM posts p LEFT JOIN comments c ON c.body = u.nick);

-- name: exists_with_a_join
-- why: 3 a row met the condition
-- setup: INSERT INTO users (id, name, nick) VALUES (1, 'a', 'a'), (2, 'b', NULL); INSERT INTO posts (id, author_id, title) VALUES (1, 1, 'a')
SELECT u.nick FROM users u WHERE EXISTS (SELECT 1 FROM posts p JOIN users x ON p.title = u.nick);

-- name: in_subquery
-- why: 3 equal to a row
SELECT boss_id, nick AS nick_null FROM users
WHERE boss_id IN (SELECT id FROM users) OR nick IN (SELECT nick FROM users) AND boss_id > 0;

-- name: not_in_subquery
-- why: 1 NOT NULL
-- setup: INSERT INTO users (id, name) VALUES (1, 'a')
SELECT id, age AS age_null FROM users WHERE age NOT IN (SELECT views FROM posts);

-- name: compared_with_all_of_a_subquery
-- why: 1 NOT NULL
-- setup: INSERT INTO users (id, name) VALUES (1, 'a')
SELECT id, age AS age_null FROM users WHERE age > ALL (SELECT views FROM posts);

-- name: compared_with_a_scalar_subquery
-- why: 3 a comparison
SELECT age FROM users WHERE age >= (SELECT min(age) FROM users);

-- name: row_comparison
-- why: 3 the first pair is always compared
SELECT age, level AS level_null FROM users WHERE (age, level) < (50, 2);

-- name: row_equality
-- why: 3 every pair is equal
SELECT age, level FROM users WHERE (age, level) = (30, 3);

-- name: row_inequality
-- why: 1 NOT NULL
SELECT id, age AS age_null, level AS level_null FROM users WHERE (age, level, id) <> (30, 3, 9);

-- name: row_in_list
-- why: 3 every pair is equal
SELECT age, level FROM users WHERE (age, level) IN ((30, 3), (1, 1));

-- name: row_in_subquery
-- why: 3 every pair is equal
SELECT age, level FROM users WHERE (age, level) IN (SELECT age, level FROM users);

-- name: overlaps_is_not_strict
-- why: 1 NOT NULL
-- setup: INSERT INTO users (id, name, created_at) VALUES (1, 'a', '2020-01-01')
SELECT id, deleted_at AS d_null FROM users
WHERE (created_at, deleted_at) OVERLAPS (created_at - interval '1 day', created_at + interval '1 day');

-- name: range_operators
-- why: 3 strict operators
SELECT age FROM users WHERE int4range(0, 100) @> age;

-- name: a_condition_of_a_subquery_in_from
-- why: 2 the condition of the subquery
SELECT s.a, s.b AS b_null FROM (SELECT nick AS a, age AS b FROM users WHERE nick IS NOT NULL) s;

-- name: a_condition_on_a_subquery_in_from
-- why: 2 the condition outside of the subquery
SELECT s.a, s.b AS b_null FROM (SELECT nick AS a, age AS b FROM users) s WHERE s.a <> '';

-- name: a_condition_on_an_expression_of_a_subquery
-- why: 2 the condition outside of the subquery
SELECT s.a, s.b AS b_null FROM (SELECT lower(nick) AS a, nick AS b FROM users UNION ALL SELECT 'q', NULL) s WHERE s.a <> '';

-- name: the_same_table_twice
-- why: 2 the condition on this one
SELECT a.nick, b.nick AS b_null FROM users a, users b WHERE a.nick IS NOT NULL;

-- name: having_on_the_key
-- why: 2 HAVING excludes NULL
SELECT nick, count(*) AS n FROM users GROUP BY nick HAVING nick IS NOT NULL;

-- name: having_on_an_aggregate
-- why: 1 count
SELECT boss_id AS boss_null, count(*) AS n, max(age) AS m_null FROM users GROUP BY boss_id HAVING count(*) > 0;

-- name: having_on_the_aggregate_itself
-- why: 1 count; what HAVING says of an expression is not followed
-- unseen: m_null
SELECT boss_id AS boss_null, max(age) AS m_null, count(*) AS n FROM users GROUP BY boss_id HAVING max(age) IS NOT NULL;

-- name: filter_narrows_nothing_outside
-- why: 1 count
SELECT nick AS nick_null, count(*) FILTER (WHERE nick IS NOT NULL) AS n FROM users GROUP BY nick;

-- name: order_by_and_limit_narrow_nothing
-- why: 1 NOT NULL
SELECT id, nick AS nick_null FROM users ORDER BY nick NULLS FIRST LIMIT 3;

-- name: case_branches
-- why: 3 what WHEN says
SELECT CASE WHEN nick IS NOT NULL THEN nick ELSE 'x' END AS a, CASE WHEN nick > '' THEN nick ELSE name END AS b,
  CASE WHEN nick IS NULL THEN 'x' ELSE nick || 'y' END AS c, CASE WHEN NOT (nick IS NULL) THEN nick ELSE '' END AS d,
  CASE WHEN nick IS NULL THEN nick ELSE 'x' END AS e_null, CASE WHEN nick = 'a' THEN 'x' ELSE nick END AS f_null,
  CASE WHEN nick IS NULL OR age IS NULL THEN 0 ELSE age END AS g FROM users;

-- name: case_finds_the_row_of_an_outer_join
-- why: 3 a column of it is not NULL there
SELECT CASE WHEN p.id IS NOT NULL THEN p.title ELSE '-' END AS a, CASE WHEN p.id IS NULL THEN '-' ELSE p.title END AS b,
  CASE WHEN p.id > 0 THEN p.body ELSE '-' END AS c_null
FROM users u LEFT JOIN posts p ON p.author_id = u.id;

-- name: case_says_nothing_of_other_rows
-- why: 3 the frame has the current row
SELECT CASE WHEN age IS NOT NULL THEN lag(age, 1, 0) OVER (ORDER BY id) ELSE 0 END AS a_null,
  CASE WHEN age IS NOT NULL THEN first_value(age) OVER (ORDER BY id DESC) ELSE 0 END AS b_null,
  CASE WHEN age IS NOT NULL THEN last_value(age) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
    ELSE 0 END AS c_null,
  CASE WHEN age IS NOT NULL THEN max(age) OVER (ORDER BY id) ELSE 0 END AS d FROM users;

-- name: simple_case
-- why: 1 constants
SELECT CASE nick WHEN 'a' THEN 1 WHEN 'b' THEN 2 ELSE 3 END AS a, CASE nick WHEN 'a' THEN 'x' ELSE nick END AS b_null,
  CASE nick WHEN NULL THEN 'x' ELSE nick END AS c_null FROM users;
