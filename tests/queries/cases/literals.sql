-- name: constants
-- why: 1 constants
-- rows: 1
SELECT 1 AS a, 'x' AS b, NULL AS c_null, true AS d, 1.5 AS e, NULL::int AS f_null, '{}'::jsonb AS g, DATE '2020-01-01' AS h,
  INTERVAL '1 day' AS i, ARRAY[1, 2] AS j, ROW(1, 2) AS k, B'1' AS l, E'a\n' AS m, $$x$$ AS n, 'ok'::mood AS o, 1 + NULL AS p_null;

-- name: of_the_session
-- why: 1 always known
-- rows: 1
SELECT current_user AS a, now() AS b, current_date AS c, current_timestamp AS d, t.e, session_user AS f,
  current_database() AS g, version() AS h, pg_backend_pid() AS i, current_setting('server_version') AS j,
  current_setting('no.such', true) AS k_null, user AS l, localtimestamp AS m, current_catalog AS n, random() AS o, statement_timestamp() AS p
FROM (SELECT 1) s(x), (SELECT 'x' AS e) t;

-- name: of_a_session_that_may_lack_them
-- why: 1 a constant
-- setup: SET LOCAL search_path = nowhere
-- rows: 1
SELECT current_schema AS a_null, current_schema() AS b_null, 1 AS c;

-- name: in_conditions
-- why: 1 constants
SELECT 1 AS a WHERE NULL IS NULL AND 1 IN (1, NULL);
