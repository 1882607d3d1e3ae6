-- name: a_condition_of_a_view
-- why: 2 the view excludes NULL
SELECT id, nick, age AS age_null FROM v_named;

-- name: views_over_views
-- why: 2 through both views
SELECT id, nick, name, title AS title_null FROM v_named_over;

-- name: a_security_barrier
-- why: 2 the query of the view
-- setup: INSERT INTO users (id, name, age) VALUES (1, 'a', 1)
SELECT id, nick AS nick_null, name FROM v_barrier;

-- name: a_union
-- why: 2 not NULL in both branches
SELECT id, label AS label_null FROM v_union;

-- name: renamed_columns
-- why: 2 the query of the view
SELECT number, words FROM v_renamed;

-- name: aggregates
-- why: 2 count of one row
-- rows: 1
SELECT n, total AS total_null FROM v_totals;

-- name: groups
-- why: 2 the key; count
SELECT author_id, n, total AS total_null FROM v_stats;

-- name: recursion
-- why: 2 a fixpoint
SELECT id, boss_id AS boss_null, depth FROM v_tree;

-- name: a_materialized_view_with_an_outer_join
-- why: 2 the preserved side
-- setup: INSERT INTO users (id, name) VALUES (1, 'a'); REFRESH MATERIALIZED VIEW m_authors
SELECT id, name, title AS title_null FROM m_authors;

-- name: expressions_over_a_view
-- why: 2 of what is not NULL
SELECT upper(author) AS a, upper(editor) AS b_null, coalesce(editor, author) AS c, id + 1 AS d FROM v_posts;

-- name: a_view_below_an_outer_join
-- why: 1 the preserved side
SELECT u.id, v.n AS n_null, coalesce(v.n, 0) AS m FROM users u LEFT JOIN v_stats v ON v.author_id = u.id;

-- name: a_condition_on_a_view
-- why: 2 WHERE excludes NULL
SELECT id, editor FROM v_posts WHERE editor <> '';

-- name: a_whole_row_of_a_view
-- why: 2 a row of FROM
SELECT v, (v).nick AS nick_null, (v).name AS n FROM v_users v;

-- name: groups_of_a_view
-- why: 2 a group has rows
SELECT author, count(*) AS n, max(editor) AS e_null, max(title) AS t FROM v_posts GROUP BY author;

-- name: a_view_in_a_subquery
-- why: 2 the query of the view
SELECT (SELECT n FROM v_totals) AS n, (SELECT nick FROM v_named LIMIT 1) AS nick_null, id IN (SELECT id FROM v_users) AS i FROM users
UNION ALL SELECT 1, NULL, true;

-- name: a_view_of_the_catalog
-- why: 1 a constant
SELECT v.schemaname, v.viewname, 1 AS one FROM (SELECT n.nspname AS schemaname, c.relname AS viewname FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace) v;
