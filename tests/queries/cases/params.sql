-- name: comparisons
-- why: 1 primary key
-- args: 1, 'x', 3
SELECT id, nick AS nick_null FROM users WHERE id >= $1 AND name <> $2 AND coalesce(age, 5) < $3 * 100;

-- name: a_list
-- why: 1 primary key; 2 equal to an element
-- args: '{1,2,4}', '{a,d}'
SELECT id, nick FROM users WHERE id = ANY ($1) AND nick = ANY ($2::text[]);

-- name: asked_for_null
-- why: 1 primary key
-- args: NULL, NULL
-- nullable: 1, 2
SELECT id, nick AS nick_null FROM users WHERE ($1::text IS NULL OR name = $1) AND ($2::int IS NULL OR id > $2);

-- name: coalesce_gives_a_meaning
-- why: 1 primary key
-- args: NULL, NULL
-- nullable: 1, 2
SELECT id, nick AS nick_null, coalesce($2, 5) AS n FROM users WHERE name = coalesce($1, name);

-- name: not_distinct_gives_a_meaning
-- why: 1 primary key
-- args: NULL
-- nullable: 1
SELECT id, nick AS nick_null FROM users WHERE nick IS NOT DISTINCT FROM $1;

-- name: results
-- why: 1 parameters are not NULL
-- args: 'x', 1, '{NULL}'
-- rows: 0..1
SELECT $1::text AS a, $2::int + 1 AS b, $1 || 'y' AS c, ($3::int[])[5] AS d_null, nullif($2, 1) AS e_null, upper($1) AS f,
  $2 = ANY ($3) AS g_null FROM (VALUES (1)) v(x) WHERE true OR $2 > 1;

-- name: limits
-- why: 1 primary key
-- args: 2, 0
SELECT id, nick AS nick_null FROM users ORDER BY id DESC LIMIT $1 OFFSET $2;

-- name: assignments
-- why: 1 NOT NULL
-- args: 1, 'n', NULL, NULL
-- nullable: 3, 4
-- rows: 0..1
UPDATE users SET name = $2, nick = $3, age = $4 WHERE id = $1 RETURNING id, name, nick AS nick_null, age AS age_null;

-- name: assignments_in_several_rows
-- why: 1 NOT NULL
-- args: 'p', NULL, 'q', 'x'
-- nullable: 2, 4
INSERT INTO kv (k, v) VALUES ($1, $2), ($3, $4) RETURNING k, v AS v_null;

-- name: assignments_through_a_select
-- why: 1 NOT NULL
-- args: 'p', NULL
-- nullable: 2
INSERT INTO kv (k, v) SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM kv WHERE k = $1) RETURNING k, v AS v_null;

-- name: assignments_through_an_expression
-- why: 1 NOT NULL
-- args: 'p', 'x'
INSERT INTO kv (k, v) VALUES (lower($1), nullif($2, 'x')) RETURNING k, v AS v_null;

-- name: assignments_through_a_case
-- why: 1 NOT NULL
-- args: true, NULL, 'q', 'a'
-- nullable: 2
-- rows: 0..1
UPDATE kv SET v = CASE WHEN $1 THEN $2 ELSE v END, k = CASE WHEN $1 THEN $3 ELSE k END WHERE k = $4 RETURNING k, v AS v_null;

-- name: arrays_to_rows
-- why: 1 NOT NULL
-- args: '{p,q}', '{NULL,x}'
INSERT INTO kv (k, v) SELECT * FROM unnest($1::text[], $2::text[]) RETURNING k, v AS v_null;

-- name: a_domain_that_refuses_null
-- why: 1 primary key
-- args: 5, 'a@b'
-- unseen: a_null
INSERT INTO mails (id, addr) VALUES ($1, $2) RETURNING id, addr AS a_null;

-- name: a_checked_column
-- why: 1 primary key; 3 CHECK
-- args: 6, 1, NULL
-- nullable: 3
INSERT INTO checked (id, v, w) VALUES ($1, $2, $3) RETURNING id, v, w AS w_null;

-- name: patterns_and_json
-- why: 1 primary key
-- args: 'a', 'a', '{}'
SELECT id, nick AS nick_null FROM users WHERE name LIKE $1 || '%' OR prefs ? $2 OR prefs @> $3;

-- name: a_case
-- why: 1 primary key
-- args: 'up'
SELECT id, CASE WHEN $1 = 'up' THEN name ELSE 'x' END AS a, CASE $1 WHEN 'up' THEN nick ELSE name END AS b_null FROM users;

-- name: intervals_and_enums
-- why: 1 primary key
-- args: 'ok', '1 day'
SELECT id, created_at - $2::interval AS t, nick AS nick_null FROM users WHERE mood = $1;

-- name: both_compared_and_asked
-- why: 1 primary key
-- args: NULL
-- nullable: 1
SELECT id, age AS age_null FROM users WHERE age = $1 OR (age IS NULL AND $1 IS NULL);
