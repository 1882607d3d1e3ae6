-- name: insert_returning
-- why: 1 NOT NULL
-- rows: 1
-- args: 'k1', NULL
-- nullable: 2
INSERT INTO kv (k, v) VALUES ($1, $2) RETURNING k, v AS v_null, upper(k) AS u, coalesce(v, '') AS c;

-- name: insert_several
-- why: 1 NOT NULL
-- rows: 0..n
INSERT INTO kv (k, v) VALUES ('x1', 'a'), ('x2', NULL) RETURNING k, v AS v_null;

-- name: insert_defaults
-- why: 1 NOT NULL
-- rows: 1
INSERT INTO users (name) VALUES ('z') RETURNING id, created_at, nick AS nick_null, mood, tags, home, prefs;

-- name: insert_default_values
-- why: 1 NOT NULL
-- args: 3
INSERT INTO checked (id, v) VALUES ($1::int + 1000, 0) RETURNING id, v, w AS w_null;

-- name: insert_select
-- why: 1 NOT NULL
INSERT INTO kv (k, v) SELECT title || posts.id, nick FROM posts, users WHERE users.id = posts.author_id AND title <> 'P10'
RETURNING k, v AS v_null;

-- name: insert_of_a_generated_column
-- why: 3 an expression of what is not NULL
-- rows: 1
INSERT INTO gen (id, a) VALUES (500, 'x') RETURNING id, up, ub AS ub_null;

-- name: upsert_do_nothing
-- why: 1 NOT NULL
-- rows: 0..1
-- args: 'a', NULL
-- nullable: 2
INSERT INTO kv (k, v) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING k, v AS v_null;

-- name: upsert_do_update
-- why: 1 NOT NULL
-- rows: 1
-- args: 'a', NULL
-- nullable: 2
INSERT INTO kv (k, v) VALUES ($1, $2) ON CONFLICT (k) DO UPDATE SET v = coalesce(EXCLUDED.v, kv.v) RETURNING k, v AS v_null;

-- name: upsert_where
-- why: 1 NOT NULL
-- rows: 0..1
INSERT INTO kv (k, v) VALUES ('a', NULL) ON CONFLICT (k) DO UPDATE SET v = NULL WHERE kv.v IS NULL RETURNING k, v AS v_null;

-- name: insert_with_a_trigger_that_skips_rows
-- why: 1 primary key
-- rows: 0..1
INSERT INTO guarded VALUES (1, 'x') RETURNING id, v AS v_null;

-- name: update_with_a_trigger_that_changes_rows
-- why: 1 primary key
-- setup: INSERT INTO guarded VALUES (1, 'x'); ALTER TABLE guarded DISABLE TRIGGER skip; UPDATE guarded SET v = 'x'; ALTER TABLE guarded ENABLE TRIGGER skip
-- rows: 0..n
UPDATE guarded SET v = 'y' WHERE v IS NOT NULL RETURNING id, v AS v_null;

-- name: insert_with_a_rule
-- why: 1 a constant
-- setup: INSERT INTO kv VALUES ('q', 'x')
-- rows: 0..n
INSERT INTO ruled (id, v) VALUES (1, 'q') RETURNING 1 AS one, v AS v_null;

-- name: insert_through_a_view_over_a_rule
-- why: 1 a constant
-- setup: INSERT INTO kv VALUES ('q', 'x')
INSERT INTO v_ruled (id, v) VALUES (1, 'q') RETURNING 1 AS one, v AS v_null;

-- name: update_by_the_primary_key
-- why: 1 NOT NULL
-- rows: 0..1
-- args: 'b', NULL
-- nullable: 2
UPDATE kv SET v = $2 WHERE k = $1 RETURNING k, v AS v_null, k || 'x' AS x;

-- name: update_shows_the_new_row
-- why: 1 NOT NULL
UPDATE users SET nick = NULL, age = nullif(age, 30) WHERE nick IS NOT NULL AND age > 0 RETURNING id, nick AS nick_null, age AS age_null
  , name;

-- name: update_from
-- why: 2 an inner join, and its conditions
UPDATE posts SET views = views + 1 FROM users u WHERE u.id = posts.author_id AND u.nick IS NOT NULL
RETURNING posts.id, u.name, u.nick, u.boss_id AS boss_null, posts.body AS body_null;

-- name: update_from_an_outer_join
-- why: 1 the preserved side
UPDATE posts SET views = 0 FROM users u LEFT JOIN comments c ON c.user_id = u.id AND c.id > 5 WHERE u.id = posts.author_id
RETURNING posts.id, u.name, c.body AS c_null, c.id AS d_null;

-- name: update_from_a_subquery
-- why: 2 count
UPDATE posts SET views = s.n FROM (SELECT author_id, count(*) AS n, max(body) AS b FROM posts GROUP BY author_id) s
WHERE s.author_id = posts.author_id RETURNING posts.id, s.n, s.b AS b_null;

-- name: update_of_several_columns
-- why: 1 NOT NULL
UPDATE users SET (nick, age) = (SELECT NULL, NULL::int) WHERE id > 0 RETURNING id, nick AS nick_null, age AS a_null
  , (SELECT count(*) FROM posts) AS n, EXISTS (SELECT 1 FROM posts p WHERE p.author_id = users.id) AS e;

-- name: delete_shows_the_old_row
-- why: 2 WHERE excludes NULL
DELETE FROM kv WHERE v IS NOT NULL AND k <> '' RETURNING k, v;

-- name: delete_using
-- why: 2 an inner join, and its conditions
DELETE FROM comments USING posts p WHERE p.id = comments.post_id AND p.body IS NOT NULL
RETURNING comments.id, p.title, p.body, comments.rating AS r_null;

-- name: delete_by_the_primary_key
-- why: 1 NOT NULL
-- rows: 0..1
DELETE FROM kv WHERE k = 'a' RETURNING k, v AS v_null;

-- name: writes_through_a_view
-- why: 1 primary key; 3 CHECK
-- setup: INSERT INTO checked VALUES (1, 1, 1)
UPDATE v_written SET w = NULL RETURNING id, v, w AS w_null;

-- name: delete_through_a_view
-- why: 1 primary key; 3 CHECK
-- setup: INSERT INTO checked VALUES (1, 1, 1)
DELETE FROM v_written WHERE v = 1 RETURNING id, v;

-- name: write_to_a_parent
-- why: 1 NOT NULL; 3 CHECK
-- setup: INSERT INTO child (id, b, c) VALUES (1, 1, 1)
UPDATE parent SET a = NULL RETURNING id, a AS a_null, b;

-- name: whole_rows
-- why: 2 the row that was written
UPDATE users SET age = 3 WHERE id > 0 RETURNING users, (users).nick AS nick_null, ctid;

-- name: merge
-- why: 1 nothing is returned
-- rows: 0..n
-- since: 15
-- args: 'a', NULL
-- nullable: 2
MERGE INTO kv USING (VALUES ($1::text, $2::text)) s(k, v) ON kv.k = s.k WHEN MATCHED THEN UPDATE SET v = s.v
WHEN NOT MATCHED THEN INSERT (k, v) VALUES (s.k, s.v);

-- name: merge_returning
-- why: 1 NOT NULL; 2 the source is always there
-- since: 17
MERGE INTO kv USING (SELECT title, body FROM posts WHERE id = 1 UNION ALL SELECT 'a', NULL) s(k, v) ON kv.k = s.k
WHEN MATCHED THEN UPDATE SET v = NULL WHEN NOT MATCHED THEN INSERT (k, v) VALUES (s.k, s.v)
RETURNING merge_action() AS a, kv.k, kv.v AS v_null, s.k AS sk, s.v AS sv_null;

-- name: merge_by_source
-- why: 1 NOT NULL
-- since: 17
MERGE INTO kv USING (SELECT 'new' AS k, 1 AS one) s ON kv.k = s.k WHEN NOT MATCHED BY SOURCE THEN DELETE
WHEN NOT MATCHED THEN INSERT (k) VALUES (s.k) RETURNING merge_action() AS a, kv.k, s.one AS one_null, kv.v AS v_null;

-- name: old_and_new
-- why: 2 the row before and after; 3 WHERE excluded NULL before
-- since: 18
UPDATE kv SET v = NULL WHERE v IS NOT NULL RETURNING old.k AS ok, old.v AS ov, new.k AS nk, new.v AS nv_null, v AS v_null, old, new,
  CASE WHEN old.v IS NOT NULL THEN v ELSE 'x' END AS c_null;

-- name: old_and_new_of_an_insert
-- why: 1 NOT NULL
-- since: 18
INSERT INTO kv (k) VALUES ('zz') RETURNING old.k AS ok_null, new.k AS nk, new.v AS nv_null, k;

-- name: old_and_new_of_an_upsert
-- why: 1 NOT NULL
-- since: 18
INSERT INTO kv (k, v) VALUES ('a', NULL) ON CONFLICT (k) DO UPDATE SET v = EXCLUDED.v
RETURNING old.k AS ok_null, old.v AS ov_null, new.k AS nk, new.v AS nv_null;

-- name: old_and_new_of_a_delete
-- why: 1 NOT NULL
-- since: 18
DELETE FROM kv RETURNING old.k AS ok, old.v AS ov_null, new.k AS nk_null;

-- name: old_and_new_of_a_merge
-- why: 1 a constant
-- since: 18
MERGE INTO kv USING (VALUES ('a'), ('zz')) s(k) ON kv.k = s.k WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (k) VALUES (s.k)
RETURNING old.k AS ok_null, new.k AS nk_null, kv.k AS k, s.k AS sk;

-- name: virtual_generated_columns
-- why: 3 an expression of what is not NULL
-- since: 18
-- setup: INSERT INTO users (id, name) VALUES (1, 'n')
SELECT id, name, nick AS nick_null FROM users;
