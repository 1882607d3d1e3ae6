-- name: logic
-- why: 2 of what is not NULL
SELECT published AND views > 1 AS a, published OR views > 1 AS b, NOT published AS c, hidden AND true AS d_null,
  hidden OR published AS e_null, (hidden AND published) IS TRUE AS f, hidden IS NOT UNKNOWN AS g,
  coalesce(hidden, false) OR published AS h, published = hidden AS i_null, hidden IS NOT TRUE AND published AS j FROM posts;

-- name: comparisons
-- why: 2 of what is not NULL
SELECT id = 1 AS a, id <> 1 AS b, name >= 'a' AS c, age = 1 AS d_null, id = age AS e_null, name = nick AS f_null,
  age IS NOT DISTINCT FROM level AS g, nick IS NOT NULL AS h, id = 1 AND nick IS NULL AS i, name < nick IS NULL AS j,
  tags = tags AS k, scores = scores AS l_null, home = home AS m, addr = home AS n_null, mood <> 'ok' AS o FROM users;

-- name: lists
-- why: 2 of what is not NULL
SELECT id IN (1, 2) AS a, id NOT IN (1, 2) AS b, id IN (1, NULL) AS c_null, age IN (1, 2) AS d_null, mood IN ('ok', 'sad') AS e,
  name IN ('a', nick) AS f_null, id IN (1, boss_id) AS g_null, name = ANY (tags) AS h_null, id = ANY ('{1,2}') AS i,
  name <> ALL ('{a,b}'::text[]) AS j, name = ANY ('{}'::text[]) AS k, name = ANY (ARRAY[name, 'x']) AS l,
  name LIKE ANY (ARRAY['a%', 'b%']) AS m, id IN (1, 2, posts_id) AS n, 5 = ANY (scores) AS o_null, name IN (name) AS p,
  name NOT IN (SELECT title FROM posts) AS q, nick IN (SELECT title FROM posts) AS r_null,
  name IN (SELECT body FROM posts) AS s_null, id = ANY (SELECT author_id FROM posts) AS t
FROM (SELECT *, 7 AS posts_id FROM users) u;

-- name: between_and_friends
-- why: 2 of what is not NULL
SELECT id BETWEEN 1 AND 5 AS a, id NOT BETWEEN 1 AND 5 AS b, id BETWEEN SYMMETRIC 5 AND 1 AS c, age BETWEEN 1 AND 2 AS d_null,
  9 BETWEEN id AND age AS e_null, name BETWEEN 'a' AND 'b' AS f, id BETWEEN 1 AND coalesce(age, 9) AS g FROM users;

-- name: rows
-- why: 2 of what is not NULL
SELECT (id, name) = (1, 'a') AS a, (id, nick) = (id, 'a') AS b_null, (id, name) < (2, 'b') AS c, (id, age) < (id, 5) AS d_null,
  ROW(id, nick) IS DISTINCT FROM ROW(1, NULL) AS e, ROW(nick, age) IS NULL AS f, ROW(nick, age) IS NOT NULL AS g,
  (id, name) IN ((1, 'a'), (2, 'b')) AS h, (id, nick) IN ((1, 'a'), (2, 'b')) AS i_null, (id, name) <> (1, 'a') AS j,
  (id, name) IN (SELECT author_id, title FROM posts) AS k, (id, nick) IN (SELECT author_id, title FROM posts) AS l_null,
  ROW(1, NULL) = ROW(1, NULL) AS m_null, (SELECT ROW(id, 2) FROM posts LIMIT 0) IS NULL AS n FROM users;

-- name: coalesce_and_nullif
-- why: 1 an argument that is not NULL
SELECT coalesce(nick, age::text, name) AS a, coalesce(nick, age::text) AS b_null, coalesce(NULL, nick, 'x') AS c,
  coalesce(coalesce(nick, NULL), name) AS d, nullif(name, 'ann') AS e_null, coalesce(nullif(nick, 'x'), nullif(name, 'n')) AS f_null,
  coalesce(nullif(nick, ''), 'x') AS g, nullif(nick, 'a') IS NULL AS h, nullif(id, 7) AS i_null, nullif(1, 1) AS j_null,
  coalesce(NULL) AS k_null, coalesce(tags, '{}') AS l, coalesce(scores, '{}') AS m, nullif(NULL::int, 1) AS n_null
FROM (SELECT * FROM users UNION ALL SELECT * FROM users WHERE false) u;

-- name: greatest_and_least
-- why: 1 an argument that is not NULL
SELECT greatest(age, 1) AS a, least(age, level) AS b_null, greatest(nick, name) AS c, least(nick, NULL) AS d_null,
  greatest(NULL, NULL, 1) AS e FROM users;

-- name: cases
-- why: 2 every branch, and ELSE
SELECT CASE WHEN age > 1 THEN 'a' WHEN age < 0 THEN 'b' ELSE 'c' END AS a, CASE WHEN id > 1 THEN 'a' END AS b_null,
  CASE WHEN id < 3 THEN name ELSE nick END AS c_null, CASE mood WHEN 'ok' THEN 1 ELSE 2 END AS d,
  CASE mood WHEN 'ok' THEN 1 WHEN 'sad' THEN 2 WHEN 'sad' THEN 3 END AS e_null,
  CASE WHEN age > 1 THEN CASE WHEN id > 1 THEN 1 ELSE 2 END ELSE 3 END AS f,
  CASE WHEN age > 1 THEN CASE WHEN id < 0 THEN 1 END ELSE 3 END AS g_null, coalesce(CASE WHEN age > 1 THEN 1 END, 2) AS h,
  CASE WHEN nick IS NOT NULL AND age IS NOT NULL THEN nick || age ELSE '' END AS i,
  CASE WHEN nick IS NULL THEN '' WHEN age IS NULL THEN nick ELSE nick || age END AS j,
  CASE WHEN coalesce(nick, 'x') = '' THEN 'none' ELSE nick END AS k_null, CASE WHEN hidden THEN 1 ELSE 0 END AS l
FROM (SELECT *, NULL::boolean AS hidden FROM users WHERE mood <> 'happy' UNION ALL
  SELECT *, NULL::boolean FROM users WHERE mood = 'happy') u;

-- name: operators_of_the_user
-- why: 1 a constant
SELECT id <=> 'x' AS a_null, id === '1' AS b_null, 1 AS c FROM posts;

-- name: distinct_from
-- why: 1 never NULL
SELECT nick IS DISTINCT FROM name AS a, NULL IS NOT DISTINCT FROM NULL AS b, (nick IS NULL) = (age IS NULL) AS c,
  age IS NULL AND nick = 'a' AS e_null FROM users ;

-- name: tests_of_the_server
-- why: 2 never NULL of what is not NULL
SELECT name IS NORMALIZED AS a, nick IS NFC NORMALIZED AS b_null, normalize(name) AS c FROM users;

-- name: json_tests
-- why: 2 never NULL of what is not NULL
-- since: 16
SELECT name IS JSON AS a, nick IS JSON OBJECT AS b_null, name IS NOT JSON AS c FROM users;

-- name: arithmetic
-- why: 2 of what is not NULL
SELECT id + 1 AS a, id + age AS b_null, 1.0 / 3 AS c, views * 2 + 1 AS d, -views AS e, score * views AS f_null,
  views::float8 / 3 AS g, created_at - interval '1 h' AS h, created_at - deleted_at AS i_null, 'a' || id AS j,
  name || NULL AS k_null, age || 'x' AS l_null, id = 1 OR NULL AS m_null
FROM (SELECT u.*, p.score, 1 AS views FROM users u LEFT JOIN posts p ON p.id = u.id) u;

-- name: array_and_row_constructors
-- why: 2 an array or a row, whatever is in it
SELECT ARRAY[nick] AS a, ARRAY[1, NULL] AS b, ROW(nick, NULL) AS c, ARRAY[[1, 2], [3, 4]] AS d, ARRAY[]::int[] AS e,
  (ARRAY[nick])[1] AS f_null, (ROW(nick, 1)::address).street AS g_null, ARRAY[nick] || ARRAY['x'] AS h FROM users;

-- name: at_time_zone
-- why: 2 of what is not NULL
SELECT created_at AT TIME ZONE 'UTC' AS a, deleted_at AT TIME ZONE 'UTC' AS b_null, created_at AT TIME ZONE nick AS c_null,
  timestamp '2020-01-01' AT TIME ZONE interval '1 h' AS d FROM users WHERE nick IS NULL;
