-- name: qualified_and_quoted
-- why: 1 NOT NULL
SELECT u.id, "u"."name", public.users.nick AS nick_null, u.mood AS "Mood" FROM users u, users;

-- name: expressions_of_columns
-- why: 2 operators of what is not NULL
SELECT id + 1 AS a, id::text || name AS b, -id AS c, name || nick AS d_null, age * 2 AS e_null, id % 3 AS f FROM users;

-- name: composite_fields
-- why: 1 a composite column that is NOT NULL
SELECT home, (home).street AS street_null, (home).zip AS zip_null, addr AS addr_null, (addr).zip AS z_null FROM users;

-- name: fields_of_a_whole_row
-- why: 2 the column of the row
SELECT (u).id, (u).name, (u).nick AS nick_null FROM users u;

-- name: stars_of_two_tables
-- why: 1 NOT NULL
SELECT kv.k, t.* FROM kv, (SELECT id, v AS v_null, w AS w_null FROM (SELECT id, NULL::int AS v, w FROM checked) s) t;

-- name: a_check_constraint
-- why: 3 CHECK (v IS NOT NULL)
SELECT id, v, w AS w_null FROM checked;

-- name: checks_that_prove_nothing
-- why: 3 CHECK (b IS NOT NULL AND b > 0)
-- setup: INSERT INTO half_checked (a, b, c) VALUES (1, 1, 1); INSERT INTO half_checked (a, b, d) VALUES (1, 1, 1);
-- unseen: a_null
SELECT a AS a_null, b, c AS c_null, d AS d_null FROM half_checked;

-- name: not_null_of_an_inheritance_parent
-- why: 1 NOT NULL; 3 CHECK is inherited
-- setup: INSERT INTO child (id, b, c) VALUES (1, 1, 1); INSERT INTO parent (id, b) VALUES (2, 2);
SELECT id, a AS a_null, b FROM parent;

-- name: only_the_parent
-- why: 1 NOT NULL
-- setup: INSERT INTO parent (id, b) VALUES (2, 2);
SELECT id, a AS a_null, b FROM ONLY parent;

-- name: partitions
-- why: 1 NOT NULL of the partitioned table
SELECT id, kind, payload AS payload_null, tableoid::regclass::text AS t FROM events;

-- name: one_partition
-- why: 1 NOT NULL of the partition
SELECT id, kind, payload AS payload_null FROM events_a;

-- name: a_domain_is_no_proof
-- why: 1 primary key
-- setup: INSERT INTO mails SELECT 1, (SELECT addr FROM mails)
SELECT id, addr AS addr_null FROM mails;

-- name: generated_columns
-- why: 3 an expression of what is not NULL
SELECT id, up, ub AS ub_null, length(up) AS n FROM gen;

-- name: a_generated_column_of_a_nullable_one
-- why: 1 primary key
-- setup: INSERT INTO keyed (id) VALUES (1)
SELECT id, code AS code_null, low AS low_null FROM keyed;

-- name: slices_and_subscripts
-- why: 3 a slice is at worst empty
SELECT tags[1:2] AS a, tags[:1] AS b, tags[2:] AS c, scores[1:2] AS d_null, tags[id] AS e_null, tags[age:2] AS f_null,
  (ARRAY[1, 2])[age] AS g_null, (ARRAY[1, 2])[5] AS h_null, prefs['a']['b'] AS i_null FROM users;

-- name: system_columns
-- why: 2 system columns
SELECT ctid, xmin, cmin, xmax, cmax, tableoid FROM posts;

-- name: whole_rows
-- why: 2 a row of FROM
SELECT u, u.*::text AS t, ROW(u.*) AS r, ROW(u.nick) AS s, to_jsonb(u) AS j, (u IS NULL) AS n FROM users u;

-- name: whole_row_of_a_subquery
-- why: 2 a row of FROM
SELECT s, (s).a AS a_null FROM (SELECT nick AS a FROM users) s;

-- name: casts
-- why: 2 a cast of what is not NULL
SELECT id::int AS a, name::varchar(2) AS b, mood::text AS c, 'ok'::text::mood AS d, created_at::date AS e,
  tags::text AS f, '{1}'::int[] AS g, age::bigint AS h_null, id::posint AS i, prefs::json AS j, tags::varchar[] AS k,
  name::name AS l, id::numeric(30, 2) AS m, views::smallint AS n, published::int AS o, period::text AS p
FROM (SELECT users.*, 1 AS views, true AS published FROM users) u;

-- name: a_cast_by_a_function_of_the_user
-- why: 1 NOT NULL
SELECT id, posts.id::mood AS m_null, '1'::int::mood AS x_null FROM posts;

-- name: collations
-- why: 2 the same value
SELECT name COLLATE "C" AS a, nick COLLATE "C" AS b_null, (name || 'x') COLLATE "C" < 'y' AS c FROM users;

-- name: system_catalogs
-- why: 1 NOT NULL of the catalog
SELECT c.oid, c.relname, n.nspname, c.relacl AS acl_null, c.relname::text || 'x' AS t
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace;
