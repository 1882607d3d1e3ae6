-- name: a_primary_key
-- why: 1 primary key
-- rows: 0..1
-- setup: INSERT INTO keyed (id, a) VALUES (1, 6), (2, 6)
SELECT id FROM keyed WHERE id = 1 AND a > 5;

-- name: a_unique_key_in_two_columns
-- why: 1 primary key
-- rows: 0..1
-- setup: INSERT INTO keyed (id, a, b) VALUES (1, 1, 2), (2, 1, 3)
SELECT id FROM keyed WHERE a = 1 AND b = 2;

-- name: half_of_a_unique_key
-- why: 1 primary key
-- rows: 0..n
-- setup: INSERT INTO keyed (id, a, b) VALUES (1, 1, 2), (2, 1, 3)
SELECT id FROM keyed WHERE a = 1;

-- name: a_unique_column_asked_for_null
-- why: 1 primary key
-- rows: 0..n
-- setup: INSERT INTO keyed (id) VALUES (1), (2)
SELECT id FROM keyed WHERE code IS NULL;

-- name: a_unique_column_not_distinct
-- why: 1 primary key
-- rows: 0..n
-- setup: INSERT INTO keyed (id) VALUES (1), (2)
SELECT id FROM keyed WHERE code IS NOT DISTINCT FROM NULL;

-- name: a_partial_index
-- why: 1 primary key
-- rows: 0..n
-- setup: INSERT INTO keyed (id, c) VALUES (1, 5), (2, 5)
SELECT id FROM keyed WHERE c = 5;

-- name: a_deferrable_key
-- why: 1 primary key
-- rows: 0..n
-- setup: INSERT INTO keyed (id, d) VALUES (1, 5), (2, 5)
SELECT id FROM keyed WHERE d = 5;

-- name: an_index_on_an_expression
-- why: 1 primary key
-- rows: 0..n
-- setup: INSERT INTO keyed (id, code) VALUES (1, 'X')
SELECT id FROM keyed WHERE low = 'x';

-- name: a_list
-- why: 1 primary key
-- rows: 0..n
SELECT id FROM users WHERE id IN (1, 2);

-- name: an_alternative
-- why: 1 primary key
-- rows: 0..n
SELECT id FROM users WHERE id = 1 OR id = 2;

-- name: a_scalar_subquery_as_the_key
-- why: 1 primary key
-- rows: 0..1
SELECT id FROM users WHERE id = (SELECT max(id) FROM users);

-- name: a_correlated_subquery_as_the_key
-- why: 1 primary key
-- rows: 0..n
SELECT id FROM users WHERE id = (SELECT max(p.id) FROM posts p WHERE p.id = users.id);

-- name: a_volatile_function_as_the_key
-- why: 1 primary key
-- rows: 0..n
SELECT id FROM users WHERE id = (random() * 0)::bigint + id;

-- name: joined_along_a_key
-- why: 1 primary key
-- rows: 0..1
SELECT p.id, u.name FROM posts p JOIN users u ON u.id = p.author_id WHERE p.id = 1;

-- name: joined_against_a_key
-- why: 1 primary key
-- rows: 0..n
SELECT p.id, u.name FROM users u JOIN posts p ON p.author_id = u.id WHERE u.id = 1;

-- name: left_joined_along_a_key
-- why: 1 primary key
-- rows: 0..1
SELECT p.id, u.name AS name_null FROM posts p LEFT JOIN users u ON u.id = p.editor_id WHERE p.id = 1;

-- name: a_limit
-- why: 1 primary key
-- rows: 0..1
SELECT id FROM users ORDER BY id LIMIT 1;

-- name: a_limit_with_ties
-- why: 1 NOT NULL
-- rows: 0..n
SELECT mood FROM users ORDER BY mood FETCH FIRST 1 ROW WITH TIES;

-- name: a_limit_of_an_aggregate
-- why: 1 count
-- rows: 1
SELECT count(*) AS n FROM users LIMIT 1;

-- name: an_aggregate_with_an_offset
-- why: 1 count
-- rows: 0..1
SELECT count(*) AS n FROM users OFFSET 0;

-- name: an_aggregate_with_a_set
-- why: 1 count
-- rows: 0..n
SELECT count(*) AS n, generate_series(1, 2) AS g FROM users;

-- name: a_set_over_one_row
-- why: 2 a series has no NULL
-- rows: 0..n
SELECT generate_series(1, 2) AS g;

-- name: groups_of_one_row
-- why: 1 the key
-- rows: 0..1
SELECT id, count(*) AS n FROM users WHERE id = 1 GROUP BY id;

-- name: rollup_of_one_row
-- why: 1 count
-- rows: 0..n
SELECT id AS id_null, count(*) AS n FROM users WHERE id = 1 GROUP BY ROLLUP (id);

-- name: distinct_of_one_row
-- why: 1 primary key
-- rows: 0..1
SELECT DISTINCT id FROM users WHERE id = 1;

-- name: skip_locked
-- why: 1 primary key
-- rows: 0..1
SELECT id FROM users WHERE id = 1 FOR UPDATE SKIP LOCKED;

-- name: the_key_of_an_inheritance_parent
-- why: 1 NOT NULL
-- rows: 0..n
-- setup: INSERT INTO child (id, b, c) VALUES (1, 1, 1); INSERT INTO parent (id, b) VALUES (1, 2);
SELECT id FROM parent WHERE id = 1;

-- name: the_key_of_only_the_parent
-- why: 1 NOT NULL
-- rows: 0..1
-- setup: INSERT INTO child (id, b, c) VALUES (1, 1, 1); INSERT INTO parent (id, b) VALUES (1, 2);
SELECT id FROM ONLY parent WHERE id = 1;

-- name: update_from_another_table
-- why: 1 NOT NULL
-- rows: 0..1
UPDATE kv SET v = u.nick FROM users u WHERE kv.k = 'a' AND u.id = 2 RETURNING k, v AS v_null;

-- name: delete_using_another_table
-- why: 1 NOT NULL
-- rows: 0..1
DELETE FROM kv USING users u WHERE kv.k = 'a' AND u.id > 0 RETURNING k;

-- name: update_joined_by_the_key
-- why: 1 NOT NULL
-- rows: 0..n
UPDATE kv SET v = u.boss_id FROM users u WHERE kv.k = u.nick RETURNING k, v AS v_null;

-- name: no_from
-- why: 1 a constant
-- rows: 0..1
SELECT 1 AS a WHERE EXISTS (SELECT FROM users);

-- name: a_union_of_single_rows
-- why: 1 constants
-- rows: 0..n
SELECT 1 AS a UNION SELECT 2;

-- name: a_cte_of_one_row
-- why: 1 constants
-- rows: 1
WITH t AS (SELECT 1 AS a) SELECT a FROM t;

-- name: a_write_of_one_row_in_a_cte
-- why: 1 NOT NULL
-- rows: 1
WITH t AS (INSERT INTO kv VALUES ('one') RETURNING k) SELECT k FROM t;

-- name: a_single_row_of_values
-- why: 1 constants
-- rows: 1
SELECT a FROM (VALUES (1)) v(a);

-- name: several_rows_of_values
-- why: 1 constants
-- rows: 0..n
VALUES (1), (2);

-- name: a_function_that_returns_one_row
-- why: 2 of what is not NULL
-- rows: 1
SELECT x FROM lower('X') x;

-- name: a_view_pinned_by_its_key
-- why: 2 the query of the view
-- rows: 0..n
SELECT id FROM v_posts WHERE id = 1;

-- name: a_comparison_of_another_type
-- why: 1 primary key
-- rows: 0..1
SELECT id FROM users WHERE id = 1::smallint;

-- name: equal_to_itself
-- why: 1 primary key
-- rows: 0..n
SELECT id FROM users WHERE id = id;

-- name: an_in_list_of_one
-- why: 1 primary key
SELECT id FROM users WHERE id IN (1);
