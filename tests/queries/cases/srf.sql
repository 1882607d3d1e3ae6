-- name: series
-- why: 2 a series has no NULL
SELECT g, d, n.n, t.o FROM generate_series(1, 3) g, generate_series(date '2020-01-01', '2020-01-02', '1 day') d,
  generate_series(1.0, 2.0, 0.5) n, generate_series(1, 2) WITH ORDINALITY t(x, o);

-- name: a_series_with_null_bounds_is_empty
-- why: 2 a series has no NULL
SELECT u.id, g FROM users u, generate_series(1, u.age) g;

-- name: a_series_in_a_left_join
-- why: 1 the preserved side
SELECT u.id, g AS g_null FROM users u LEFT JOIN generate_series(1, u.age) g ON true;

-- name: unnest
-- why: 2 the ordinal number; elements that are spelled out
SELECT u.id, t.x AS x_null, t.o, s.y AS y_null, a.z, b.w AS w_null FROM users u, unnest(u.tags) WITH ORDINALITY t(x, o),
  LATERAL unnest(u.scores) s(y), unnest(ARRAY[1, 2]) a(z), unnest(ARRAY[u.nick]) b(w)
UNION ALL SELECT 9, NULL, 1, NULL, 1, nick FROM users;

-- name: unnest_of_a_query
-- why: 3 the column of the query
SELECT u.id, x AS x_null, y FROM users u, unnest(ARRAY(SELECT nick FROM users)) x, unnest(ARRAY(SELECT id FROM users)) y;

-- name: unnest_of_parts
-- why: 3 the function gives no NULL as an element
SELECT x, y, z, n AS n_null FROM unnest(string_to_array('a,b', ',')) x, unnest(regexp_split_to_array('a b', ' ')) y,
  unnest(array_remove(ARRAY[1, NULL], NULL)) z, unnest(string_to_array('a,', ',', '')) n;

-- name: unnest_of_several
-- why: 2 the ordinal number
SELECT t.a AS a_null, t.b AS b_null, t.o FROM unnest(ARRAY[1, 2], ARRAY['a']) WITH ORDINALITY t(a, b, o),
  unnest(ARRAY[1], ARRAY['a', 'b']) s(c, d) UNION ALL SELECT NULL, 'x', 1;

-- name: rows_from
-- why: 2 the ordinal number
SELECT a AS a_null, b AS b_null, o FROM ROWS FROM (generate_series(1, 2), generate_series(1, 3)) WITH ORDINALITY t(a, b, o)
UNION ALL SELECT 1, NULL, 1;

-- name: json_elements
-- why: 3 a JSON value; a key
SELECT e, k.key, k.value, o.v FROM jsonb_array_elements('[1, null]'::jsonb) e, jsonb_each('{"a": null}') k,
  jsonb_object_keys('{"a": 1}') o(v);

-- name: json_elements_as_text
-- why: 3 a key
SELECT t AS t_null, k.key, k.value AS value_null FROM jsonb_array_elements_text('[1, null]'::jsonb) t, jsonb_each_text('{"a": null}') k;

-- name: json_records
-- why: 1 a constant
SELECT a AS a_null, b AS b_null, r.id AS id_null, s.title AS title_null, 1 AS one
FROM json_to_recordset('[{"a": 1}, {"b": "x"}]') AS x(a int, b text), jsonb_populate_recordset(NULL::posts, '[{}]') r,
  json_populate_record(NULL::posts, '{}') s;

-- name: patterns
-- why: 3 an array of a match; a part
SELECT m, m[1] AS g_null, p FROM regexp_matches('ab', 'a(z)?', 'g') m, regexp_split_to_table('a,b', ',') p;

-- name: parts_of_a_string
-- why: 3 a part
SELECT s, t AS t_null FROM string_to_table('a,b', ',') s, string_to_table('a,n', ',', 'n') t;

-- name: a_set_in_the_select_list
-- why: 2 a series has no NULL
SELECT id, generate_series(1, 2) AS g, nick AS n_null FROM users;

-- name: sets_in_lockstep
-- why: 1 NOT NULL
SELECT id, generate_series(1, 3) AS a_null, generate_series(1, coalesce(age, 2)) AS b_null FROM users;

-- name: a_set_within_an_expression
-- why: 3 a series has no NULL
SELECT id, generate_series(1, 2) + 1 AS a, nick AS b_null FROM users;

-- name: functions_of_the_user
-- why: 1 a constant
SELECT r.k AS k_null, r.v AS v_null, o.a AS a_null, o.b AS b_null, g.id AS id_null, g.name AS name_null, m AS m_null, 1 AS one
FROM f_rows(2) r, f_out(1) o, f_ghost() g, some_moods() m;

-- name: rows_of_a_table_from_a_function
-- why: 1 a constant
SELECT u.id AS id_null, u.name AS name_null, s.id AS s_null, 1 AS one FROM f_one_user(77) u, some_users() s;

-- name: the_whole_row_of_a_function
-- why: 1 a constant; the whole row is one of NULLs, but never NULL in the versions so far
-- unseen: s_null
SELECT s AS s_null, (s).id AS id_null, 1 AS one FROM some_users() s;

-- name: a_scalar_function_in_from
-- why: 2 never NULL of what is not NULL
SELECT a, b AS b_null, c, d, e AS e_null FROM lower('A') a, f_null_strict(5) b, now() c, current_date d, nullif(1, 1) e;

-- name: a_record_of_a_function
-- why: 1 a constant
SELECT x.a AS a_null, x.b AS b_null, 1 AS one FROM any_case_equals('x') x;

-- name: functions_of_the_system
-- why: 1 a constant
SELECT k.word, s.nr AS nr_null, 1 AS one FROM (SELECT 'x' AS word) k, LATERAL (SELECT NULL::int AS nr FROM pg_get_keywords()) s;

-- name: subscripts
-- why: 3 a subscript that there is
SELECT u.id, i, tags[i] AS t_null FROM users u, generate_subscripts(u.tags, 1) i;

-- name: xmltable
-- why: 3 FOR ORDINALITY
-- xml
SELECT x.a AS a_null, x.n, x.o AS o_null FROM xmltable('/r/i' PASSING (xml '<r><i a="1"/><i/></r>') COLUMNS a int PATH '@a', n FOR ORDINALITY, o text PATH '@o') x;
