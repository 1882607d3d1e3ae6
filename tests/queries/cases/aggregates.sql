-- name: without_group_by
-- why: 1 count; 1 coalesce with a constant
-- rows: 1
SELECT count(*) AS n, count(body) AS m, max(id) AS a_null, sum(views) AS b_null, array_agg(id) AS c_null, json_agg(p) AS d_null,
  string_agg(title, ',') AS e_null, bool_and(published) AS f_null, avg(views) AS g_null, min(title) AS h_null,
  coalesce(sum(views), 0) AS i, coalesce(json_agg(p), '[]') AS j, jsonb_object_agg(id, title) AS k_null,
  count(DISTINCT title) AS o, bit_or(views) AS p_null, every(published) AS q_null, count(*) FILTER (WHERE hidden) AS r FROM posts p;

-- name: with_group_by
-- why: 2 a group has rows, and the argument is not NULL
-- rows: 0..n
SELECT author_id, count(*) AS n, max(id) AS a, min(score) AS b_null, sum(views) AS c, array_agg(body) AS d, avg(score) AS e_null,
  string_agg(body, ',') AS f_null, string_agg(title, ',' ORDER BY id) AS g, bool_or(hidden) AS h_null, bool_or(published) AS i,
  json_agg(body) AS j, jsonb_agg(p) AS k, json_object_agg(id, body) AS l, sum(DISTINCT views) AS m, every(published) AS o,
  bit_and(views) AS p, array_agg(DISTINCT title) AS q, max(id + views) AS r, max(coalesce(body, '')) AS s,
  sum(views) FILTER (WHERE views > 5) AS t_null, range_agg(int4range(id, id)) AS u
FROM posts p GROUP BY author_id HAVING sum(views) FILTER (WHERE views > 5) IS NULL OR author_id <> 3;

-- name: group_by_an_expression
-- why: 2 the key; a group has rows
SELECT lower(title) AS k, coalesce(body, '') AS b, count(*) AS n, max(views) AS m FROM posts GROUP BY lower(title), 2;

-- name: group_by_a_nullable_key
-- why: 1 count
SELECT editor_id AS k_null, count(*) AS n, editor_id + 1 AS l_null, coalesce(editor_id, 0) AS m FROM posts GROUP BY editor_id;

-- name: group_by_the_primary_key
-- why: 2 depends on the key
SELECT u.id, u.name, u.nick AS nick_null, count(p.id) AS n, max(u.name) AS m FROM users u
LEFT JOIN posts p ON p.author_id = u.id GROUP BY u.id;

-- name: rollup
-- why: 1 count
SELECT author_id AS k_null, published AS p_null, count(*) AS n, sum(views) AS s_null, grouping(author_id) AS g
FROM posts GROUP BY ROLLUP (author_id, published);

-- name: grouping_sets_that_share_a_key
-- why: 2 a key of every set; a group has rows
SELECT author_id, published AS p_null, count(*) AS n, sum(views) AS s, max(title) AS m
FROM posts GROUP BY GROUPING SETS ((author_id, published), (author_id));

-- name: grouping_sets_without_the_empty_one
-- why: 3 count; a number
SELECT author_id AS k_null, published AS p_null, count(*) AS n, grouping(author_id, published) AS g
FROM posts GROUP BY GROUPING SETS (author_id, published);

-- name: a_key_and_a_rollup
-- why: 2 a key of every set
SELECT author_id, published AS p_null, author_id + 1 AS a, CASE WHEN published THEN 1 ELSE 0 END AS c, NOT published AS d_null
FROM posts GROUP BY author_id, ROLLUP (published);

-- name: a_direct_argument_that_a_grouping_set_replaces
-- why: 1 the key of every set
-- setup: INSERT INTO users (id, name, nick) VALUES (1, 'n', 'k')
SELECT name, percentile_disc(length(nick) / 9.0) WITHIN GROUP (ORDER BY id) AS d_null, percentile_disc(length(name) / 9.0)
  WITHIN GROUP (ORDER BY id) AS e FROM users WHERE nick IS NOT NULL GROUP BY name, ROLLUP (length(nick), length(nick) / 9.0),
  length(name) / 9.0;

-- name: the_empty_grouping_set
-- why: 1 count
-- rows: 1
SELECT count(*) AS n, max(id) AS m_null FROM posts GROUP BY ();

-- name: cube_of_expressions
-- why: 1 count
SELECT upper(title) AS a_null, views > 1 AS b_null, count(*) AS n, coalesce(upper(title), 'all') AS c
FROM posts GROUP BY CUBE (upper(title), views > 1);

-- name: statistics
-- why: 3 a number of a group with rows
SELECT stddev_samp(views) AS a_null, var_pop(views) AS b, variance(id) AS c_null, stddev_pop(score) AS d_null,
  regr_count(views, id) AS e, corr(views, id) AS f_null, regr_avgx(views, id) AS g, covar_pop(views, id) AS h,
  regr_r2(views, id) AS i_null, percentile_cont(0.5) WITHIN GROUP (ORDER BY views) AS j,
  percentile_cont(ARRAY[0.1, 0.9]) WITHIN GROUP (ORDER BY views) AS k, mode() WITHIN GROUP (ORDER BY title) AS l,
  rank(3) WITHIN GROUP (ORDER BY views) AS m, percentile_disc(NULL) WITHIN GROUP (ORDER BY views) AS n_null,
  cume_dist(3) WITHIN GROUP (ORDER BY views) AS o, percent_rank(NULL) WITHIN GROUP (ORDER BY views) AS p
FROM posts GROUP BY author_id, title HAVING regr_avgx(views, id) > 0 OR author_id > 0;

-- name: averages_of_pairs
-- why: 3 a number of a group with rows
SELECT regr_avgy(views, id) AS a, regr_avgy(views, score) AS b_null, count(*) AS n FROM posts GROUP BY id;

-- name: ordered_sets_without_groups
-- why: 2 a number
-- rows: 1
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY id) AS a_null, mode() WITHIN GROUP (ORDER BY id) AS b_null,
  rank('x') WITHIN GROUP (ORDER BY title) AS c, dense_rank('x') WITHIN GROUP (ORDER BY title) AS d FROM posts;

-- name: filters
-- why: 1 count
SELECT author_id, count(*) FILTER (WHERE hidden) AS n, max(id) FILTER (WHERE hidden) AS a_null,
  coalesce(max(id) FILTER (WHERE hidden), 0) AS b, json_agg(id) FILTER (WHERE hidden) AS c_null FROM posts GROUP BY author_id;

-- name: having_without_group_by
-- why: 3 HAVING asks for a row
-- rows: 0..1
SELECT max(views) AS m, sum(score) AS s_null, count(*) AS n FROM posts HAVING count(*) > 0;

-- name: having_of_something_else
-- why: 1 count
-- rows: 0..1
SELECT max(views) AS m_null, count(*) AS n FROM posts HAVING count(*) < 100;

-- name: having_a_count_of_the_outer_query
-- why: 1 count
-- setup: INSERT INTO users (id, name) VALUES (1, 'n')
SELECT count(*) AS n, (SELECT max(p.views) FROM posts p HAVING count(u.id) > 0) AS m_null FROM users u;

-- name: an_aggregate_of_an_outer_column
-- why: 1 count
SELECT count(*) AS n, (SELECT max(u.id) FROM (SELECT 1) s) AS m_null FROM users u;

-- name: aggregates_over_an_outer_join
-- why: 2 count; a group has rows
SELECT u.id, count(p.id) AS n, max(p.title) AS m_null, array_agg(p.title) AS a, bool_or(p.published) AS b_null,
  coalesce(max(p.views), 0) AS c, sum(coalesce(p.views, 0)) AS d, json_agg(p.*) AS e, count(*) AS f,
  json_agg(p.id) FILTER (WHERE p.id IS NOT NULL) AS g_null,
  coalesce(json_agg(p.id) FILTER (WHERE p.id IS NOT NULL), '[]') AS h
FROM users u LEFT JOIN posts p ON p.author_id = u.id GROUP BY u.id;

-- name: aggregates_of_the_user
-- why: 1 the key
-- setup: INSERT INTO users (id, name) VALUES (1, 'a')
SELECT author_id, last_of(id) AS a_null FROM (SELECT id AS author_id, age AS id FROM users) s GROUP BY author_id;

-- name: distinct
-- why: 1 NOT NULL
SELECT DISTINCT author_id, body AS b_null FROM posts;

-- name: distinct_on
-- why: 1 NOT NULL
SELECT DISTINCT ON (author_id) author_id, title, body AS b_null FROM posts ORDER BY author_id, body DESC NULLS FIRST;

-- name: distinct_aggregates_over_subqueries
-- why: 2 count; the key
SELECT s.author_id, s.n, s.m AS m_null FROM (SELECT author_id, count(*) AS n, max(body) AS m FROM posts GROUP BY 1) s;

-- name: json_aggregates
-- why: 2 a group has rows
-- since: 16
SELECT author_id, JSON_ARRAYAGG(body) AS a, JSON_OBJECTAGG(id : body ABSENT ON NULL) AS b, JSON_ARRAYAGG(body NULL ON NULL) AS c,
  JSON_ARRAYAGG(id) FILTER (WHERE hidden) AS d_null, any_value(title) AS e, any_value(body) AS f_null
FROM posts GROUP BY author_id;

-- name: json_aggregates_of_no_rows
-- why: 1 count
-- rows: 1
-- since: 16
SELECT JSON_ARRAYAGG(body) AS a_null, JSON_OBJECTAGG(id : body) AS b_null, any_value(id) AS c_null, count(*) AS n FROM posts;
