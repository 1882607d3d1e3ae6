-- name: ranks
-- why: 1 a number
SELECT row_number() OVER () AS a, rank() OVER (ORDER BY age) AS b, dense_rank() OVER (PARTITION BY age ORDER BY id) AS c,
  percent_rank() OVER (ORDER BY id) AS d, cume_dist() OVER (ORDER BY id) AS e, ntile(2) OVER (ORDER BY id) AS f FROM users;

-- name: neighbours
-- why: 3 the default is not NULL
SELECT lag(id) OVER w AS a_null, lead(id) OVER w AS b_null, lag(id, 1, 0::bigint) OVER w AS c, lead(age, 1, 0) OVER w AS d_null,
  lag(name, 1, nick) OVER w AS e_null, lag(id, 2, age) OVER w AS f_null,
  nth_value(id, 2) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS h_null,
  lag(id, NULL, 0::bigint) OVER w AS i_null FROM users WINDOW w AS (ORDER BY id DESC);

-- name: ntile_of_null
-- why: 1 NOT NULL
SELECT id, ntile(age) OVER (ORDER BY age DESC NULLS LAST) AS a_null FROM users;

-- name: frames_with_the_current_row
-- why: 3 the frame has the current row
SELECT sum(views) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS a, count(*) OVER (ORDER BY id) AS b,
  max(title) OVER (PARTITION BY author_id) AS c, sum(views) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS d,
  first_value(title) OVER (ORDER BY id) AS e, last_value(title) OVER (PARTITION BY author_id ORDER BY id) AS f,
  avg(views) OVER (ORDER BY id RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS g, array_agg(body) OVER () AS h,
  sum(views) OVER (ORDER BY id GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS i,
  sum(views) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE TIES) AS j FROM posts;

-- name: frames_that_may_be_empty
-- why: 1 count
SELECT count(*) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS n,
  sum(views) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS a_null,
  max(id) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS b_null,
  first_value(id) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS c_null,
  sum(views) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE GROUP) AS d_null,
  array_agg(id) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS e_null,
  sum(views) OVER (ORDER BY id RANGE BETWEEN 20 FOLLOWING AND 30 FOLLOWING) AS f_null,
  last_value(id) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND CURRENT ROW EXCLUDE CURRENT ROW) AS g_null FROM posts;

-- name: range_offsets_of_nullable_keys
-- why: 1 NOT NULL
-- setup: INSERT INTO users (id, name, age) VALUES (1, 'a', 1), (2, 'b', NULL)
-- unseen: a_null
SELECT id, sum(id) OVER (ORDER BY age RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS a_null,
  sum(age) OVER (ORDER BY age RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS b_null FROM users;

-- name: arguments_that_may_be_null
-- why: 1 count
SELECT sum(score) OVER () AS a_null, max(body) OVER (ORDER BY id) AS b_null, first_value(body) OVER (ORDER BY id) AS c_null,
  count(body) OVER () AS n, sum(views) FILTER (WHERE hidden) OVER () AS d_null, count(*) FILTER (WHERE hidden) OVER () AS m,
  coalesce(sum(score) OVER (), 0) AS e FROM posts;

-- name: windows_over_groups
-- why: 3 the frame has the current row
SELECT author_id, rank() OVER (ORDER BY count(*) DESC) AS r, sum(sum(views)) OVER () AS s, sum(max(score)) OVER () AS t_null,
  lag(count(*)) OVER (ORDER BY author_id) AS l_null, count(*) OVER () AS n FROM posts GROUP BY author_id;

-- name: windows_over_grouping_sets
-- why: 1 a number
SELECT author_id AS k_null, first_value(author_id) OVER (ORDER BY author_id NULLS FIRST) AS f_null, row_number() OVER () AS n,
  sum(count(*)) OVER () AS s FROM posts GROUP BY ROLLUP (author_id);

-- name: windows_over_an_outer_join
-- why: 1 a number
SELECT u.id, row_number() OVER (PARTITION BY u.id ORDER BY p.id) AS n, max(p.title) OVER (PARTITION BY u.id) AS m_null,
  count(p.id) OVER (PARTITION BY u.id) AS c FROM users u LEFT JOIN posts p ON p.author_id = u.id;

-- name: the_first_of_each_group
-- why: 2 a subquery passes NOT NULL on
SELECT s.id, s.title, s.body AS b_null, s.rn FROM (
  SELECT id, title, body, row_number() OVER (PARTITION BY author_id ORDER BY id) AS rn FROM posts) s WHERE s.rn = 1;

-- name: ignore_nulls
-- why: 1 NOT NULL
-- since: 19
SELECT id, first_value(age) IGNORE NULLS OVER (ORDER BY id) AS a_null FROM users;
