-- One query for each finding; expected.txt has what is said of them.

-- name: unknown_column :many
SELECT p.titel FROM posts p;

-- name: unknown_table :many
SELECT id FROM posst;

-- name: unknown_function :many
SELECT lowr(name) AS name FROM users;

-- name: no_type :many
SELECT id FROM posts WHERE :since IS NULL;

-- name: twice :many
SELECT 1 AS one;

-- name: twice :many
SELECT 2 AS two;

-- name: same_column :many
SELECT p.id, u.id FROM posts p JOIN users u ON u.id = p.author_id;

-- name: many_rows :one
SELECT id FROM posts WHERE author_id = :author_id;

-- name: no_rows :many
DELETE FROM kv;

-- name: conflict :one
INSERT INTO kv (k, v) VALUES (:k, :v)
ON CONFLICT DO NOTHING
RETURNING k;

-- name: excluded :many
SELECT id FROM users WHERE id NOT IN (SELECT editor_id FROM posts);

-- name: cast_column :many
SELECT name FROM users
WHERE id = :id::numeric;

-- name: wiped :exec
UPDATE users SET prefs = jsonb_set(prefs, '{nick}', to_jsonb(nick)) WHERE id = :id;

-- name: narrow :many
SELECT name FROM users WHERE id > coalesce(:after, 0);

-- name: unused :many
-- param: since date
SELECT id FROM posts;

-- name: gap :many
SELECT id FROM posts WHERE id = $2;

-- name: variable :many
SELECT :'column' FROM posts;

-- name: misnamed :many
-- notnull: nmae
SELECT name FROM users;

-- name: needless :many
-- notnull: name
SELECT name FROM users;

-- name: torn :many
-- notnull: nick
-- nullable: nick
SELECT nick FROM users;

-- name: copied :copyfrom
INSERT INTO kv (k, v) VALUES (lower(:k), :v);

-- name: batched :batch
DELETE FROM kv;

-- name: other_columns :many
SELECT id
  , name --? with_name
FROM users;

-- name: other_types :many
SELECT id FROM users WHERE
  id = :key     --? by = id
  name = :key   --? by = name
;

-- name: unknown_command :mny
SELECT 1;

-- name: not-a-name :one
SELECT 1;

SELECT 1;

-- name: accepted :one
-- allow: many-rows
SELECT id FROM posts;

-- name: nothing :many
