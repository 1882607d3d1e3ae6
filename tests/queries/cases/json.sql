-- name: constructors
-- why: 2 an object or an array, whatever is in it
-- since: 16
SELECT JSON_OBJECT('a' : nick) AS a, JSON_ARRAY(nick, age) AS b, JSON_OBJECT('a' : nick ABSENT ON NULL RETURNING jsonb) AS c,
  JSON_ARRAY(nick NULL ON NULL) AS d, JSON_ARRAY(SELECT id FROM posts WHERE false) AS e_null, JSON_OBJECT() AS f, JSON_ARRAY() AS g,
  JSON_OBJECT('a' : 1 RETURNING text) AS h FROM users;

-- name: tests
-- why: 2 of what is not NULL
-- since: 16
SELECT name IS JSON AS a, nick IS JSON AS b_null, name IS JSON ARRAY WITH UNIQUE KEYS AS c, prefs IS JSON OBJECT AS d FROM users;

-- name: values_of_others
-- why: 3 of what is not NULL
-- since: 17
SELECT JSON_SCALAR(name) AS a, JSON_SCALAR(nick) AS b_null, JSON('{"a": 1}') AS c, JSON_SERIALIZE('{}'::json) AS d,
  JSON(nick) AS e_null FROM users WHERE nick IS NULL;

-- name: queries
-- why: 1 a constant
-- since: 17
SELECT JSON_VALUE(prefs, '$.a') AS a_null, JSON_QUERY(prefs, '$.zz') AS b_null, JSON_VALUE(extra, '$.zz' DEFAULT 1 ON EMPTY) AS c_null,
  JSON_EXISTS(prefs, '$.a') AS d, JSON_EXISTS(extra, '$.a') AS e_null, JSON_EXISTS(prefs, 'strict $.a.b.c' UNKNOWN ON ERROR) AS f_null,
  JSON_EXISTS(prefs, 'strict $.a.b' FALSE ON ERROR) AS g, 1 AS one
FROM (SELECT jsonb_build_object('a', nick) AS prefs, extra FROM users) u;

-- name: tables
-- why: 1 NOT NULL
-- since: 17
SELECT u.id, t.a AS a_null, t.n AS n_null, t.e AS e_null FROM users u LEFT JOIN JSON_TABLE(u.prefs, '$' COLUMNS (
  n FOR ORDINALITY, a int PATH '$.a' DEFAULT 5 ON EMPTY NULL ON ERROR, e boolean EXISTS PATH '$.a')) t ON u.age > 3;

-- name: ordinality_of_tables
-- why: 1 a constant; in a NESTED PATH the number may be NULL
-- since: 17
-- unseen: n_null
SELECT 1 AS one, t.n AS n_null, t.a AS a_null FROM JSON_TABLE('[1, null]'::jsonb, '$[*]' COLUMNS (n FOR ORDINALITY, a int PATH '$')) t;
