-- name: text_functions
-- why: 2 strict, and never NULL of what is not NULL
SELECT upper(name) AS a, char_length(name) AS b, octet_length(name) AS c, btrim(name, 'x') AS d, ltrim(name) AS e,
  rtrim(name) AS f, lpad(name, 5) AS g, rpad(name, 5, '-') AS h, repeat(name, 2) AS i, reverse(name) AS j,
  translate(name, 'a', 'b') AS k, strpos(name, 'a') AS l, right(name, 1) AS m, starts_with(name, 'a') AS n,
  overlay(name PLACING 'x' FROM 1) AS o, ascii(name) AS p, chr(65) AS q, to_hex(5) AS r, quote_ident(name) AS s,
  quote_literal(name) AS t, encode(name::bytea, 'hex') AS u, name ^@ 'a' AS v, substring(name FROM 2) AS w,
  substring(name FROM 1 FOR 1) AS x, trim(BOTH 'x' FROM name) AS y, string_to_array(name, ',') AS z FROM users;

-- name: text_functions_of_null
-- why: 1 a constant
SELECT upper(nick) AS a_null, length(nick) AS b_null, position('a' IN nick) AS c_null, replace('a', 'b', nick) AS d_null,
  split_part(nick, 'a', 1) AS e_null, lpad('a', age) AS f_null, string_to_array(nick, ',') AS g_null, 1 AS h FROM users;

-- name: patterns
-- why: 2 a boolean or a text of what is not NULL
SELECT name LIKE 'a%' AS a, name NOT LIKE 'a%' AS b, name ILIKE 'A%' AS c, name ~ 'a' AS d, name !~* 'A' AS e,
  name SIMILAR TO 'a%' AS f, regexp_replace(name, 'a', 'b', 'g') AS g, regexp_split_to_array(name, 'a') AS h,
  regexp_match(name, 'zz') AS i_null, substring(name FROM 'zz') AS j_null, (regexp_match(name, 'a'))[1] AS k_null,
  substring(name SIMILAR 'zz' ESCAPE '#') AS l_null, name LIKE nick AS m_null, name LIKE 'a#%' ESCAPE '#' AS n FROM users;

-- name: new_patterns
-- why: 3 a number or a boolean of what is not NULL
-- since: 15
SELECT regexp_like(name, 'a') AS a, regexp_instr(name, 'a') AS b, regexp_count(name, 'a') AS c,
  regexp_substr(name, 'zz') AS d_null FROM users;

-- name: arrays
-- why: 2 an array or a number of what is not NULL
SELECT array_length(tags, 1) AS a_null, cardinality(tags) AS b, array_ndims(tags) AS c_null, array_dims(tags) AS d_null,
  array_upper(tags, 1) AS e_null, array_lower(tags, 1) AS f_null, array_position(tags, 'zz') AS g_null,
  array_positions(tags, 'x') AS h, array_append(tags, nick) AS i, array_prepend(nick, tags) AS j,
  array_cat(tags, tags) AS k, tags || nick AS l, nick || tags AS m, tags || tags AS n, array_remove(tags, 'x') AS o,
  array_replace(tags, 'x', nick) AS p, array_to_string(tags, ',') AS q, array_to_string(tags, nick) AS r_null,
  array_fill(1, ARRAY[2]) AS s, tags @> ARRAY['x'] AS t, tags && tags AS u, tags = '{}' AS v, trim_array(tags, 0) AS w,
  scores || 1 AS x, scores || scores AS y_null, array_to_json(tags) AS z FROM users;

-- name: numbers
-- why: 2 a number of what is not NULL
SELECT abs(id) AS a, ceil(1.5) AS b, floor(1.5) AS c, round(1.55, 1) AS d, trunc(2.5) AS e, sign(-1.0) AS f,
  sqrt(4.0) AS g, power(2, 3) AS h, mod(id, 2) AS i, div(7, 2) AS j, exp(1.0) AS k, ln(2.0) AS l, log(2.0) AS m,
  greatest(id, 5) AS n, least(age, 5) AS o, greatest(age, level) AS p_null, random() AS q, pi() AS r,
  width_bucket(5, 0, 10, 5) AS s, id / 2 AS t, id & 1 AS u, id # 1 AS v, ~id AS w, id << 1 AS x, @ (-5) AS y,
  min_scale('NaN') AS z_null FROM users;

-- name: numbers_of_odd_values
-- why: 3 a number of what is not NULL
SELECT scale('NaN'::numeric) AS a_null, trim_scale('NaN'::numeric) AS b, factorial(3) AS c, gcd(4, 6) AS d, lcm(4, 6) AS e,
  cbrt(8) AS f, degrees(1) AS g, atan2(1, 2) AS h, 5.0 % 3 AS i, 2 ^ 3 AS j, |/ 4 AS k, @ (-1) AS l;

-- name: dates
-- why: 2 a time of what is not NULL
SELECT now() AS a, created_at + interval '1 day' AS b, created_at - interval '1 day' AS c, created_at::date + 1 AS d,
  date_trunc('hour', created_at) AS e, make_date(2020, 1, 1) AS f, make_interval(days => 1) AS g,
  to_timestamp(0) AS h, created_at AT TIME ZONE 'UTC' AS i, created_at > now() AS j, isfinite(created_at) AS k,
  to_date('2020', 'YYYY') AS l, make_timestamptz(2020, 1, 1, 0, 0, 0) AS m, justify_hours(interval '30 h') AS n,
  deleted_at - created_at AS o_null, deleted_at::time AS p_null, extract(year FROM deleted_at) AS q_null,
  clock_timestamp() AS r, localtime AS s, localtimestamp AS t, current_date AS u, current_time(0) AS v,
  to_char(1.5, '9.9') AS w, date '2020-01-01' - date '2019-01-01' AS x, (date '2020-01-01', interval '1 day')
  OVERLAPS (date '2020-01-01', interval '1 day') AS y, date_bin('1 day', timestamp '2020-01-01', timestamp '2001-01-01') AS z
FROM users WHERE isfinite(created_at) OR true;

-- name: dates_that_are_infinite
-- why: 3 the fields that go on
-- setup: INSERT INTO users (id, name, created_at) VALUES (1, 'a', 'infinity')
SELECT extract(month FROM created_at) AS a_null, date_part('hour', created_at) AS b_null,
  extract(epoch FROM created_at) AS c, date_part('year', created_at) AS d, to_char(created_at, 'YYYY') AS e_null,
  created_at::time AS f_null, extract(century FROM created_at) AS g, extract(dow FROM created_at::date) AS h_null,
  created_at::timetz AS i_null, date_trunc('week', created_at) AS j FROM users;

-- name: dates_that_are_finite
-- why: 3 NULL for infinity only
SELECT to_char(now(), 'YYYY-MM') AS a, extract(dow FROM current_date) AS b, now()::time AS c, date_part('hour', clock_timestamp()) AS d,
  extract(month FROM date '2020-01-01') AS e, extract(day FROM timestamp '2020-01-01 10:00') AS f, to_char(now(), '') AS g_null,
  extract(month FROM timestamptz 'infinity') AS h_null, extract(day FROM date '-infinity') AS i_null,
  extract(hour FROM now() AT TIME ZONE 'UTC') AS j, to_char(date_trunc('month', now()), 'MM') AS k, current_timestamp::date::text AS l;

-- name: extract_of_an_interval
-- why: 3 a field of an interval that the function knows
-- unseen: a_null b_null
SELECT extract(day FROM interval '1 day') AS a_null, date_part('minute', interval '1 day') AS b_null,
  extract(epoch FROM interval '1 day') AS c, extract(hour FROM time '10:00') AS d;

-- name: json_access
-- why: 2 operators that are never NULL
SELECT prefs -> 0 AS a_null, prefs ->> 0 AS b_null, prefs #> '{a,b}' AS c_null, jsonb_extract_path(prefs, 'a') AS d_null,
  jsonb_extract_path_text(prefs, 'a') AS e_null, prefs ?| ARRAY['a'] AS f, prefs ?& ARRAY['a'] AS g, prefs <@ '{}' AS h,
  prefs #- '{a}' AS i, jsonb_array_length(prefs -> 'arr') AS j_null, (prefs ->> 'a')::int AS k_null,
  jsonb_path_query_first(prefs, '$.zz') AS l_null, jsonb_path_query_array(prefs, '$.zz') AS m,
  jsonb_path_exists(prefs, '$.a') AS n, jsonb_pretty(prefs) AS o, jsonb_insert(prefs, '{q}', '1') AS p,
  jsonb_set(prefs, '{q}', 'null') AS q, jsonb_set(prefs, '{q}', prefs -> 'zz') AS r_null, to_json(name) AS s,
  prefs = '{}' AS u, extra -> 'a' AS v_null, to_jsonb(nick) AS w_null,
  json_build_object('a', 1) ->> 'b' AS x_null, jsonb_object('{a,b}') AS y, jsonb_path_match('[null]', '$[0]') AS z_null
FROM (SELECT users.*, 1 AS one FROM users WHERE jsonb_typeof(prefs -> 'a') IN ('number') OR NOT prefs ? 'a') users;

-- name: ranges
-- why: 3 a range or a test of a range
SELECT lower(period) AS a_null, upper(period) AS b_null, isempty(period) AS c, lower_inc(period) AS d,
  period @> now() AS e, tstzrange(created_at, deleted_at) AS f, upper(int4range(1, age)) AS g_null, int4range(NULL, 5) AS h,
  period -|- period AS i, period << period AS j, period + period AS k, period - period AS l, numrange(1, 2) = numrange(1, 3) AS m,
  int4range(1, age) @> 1 AS n, int4multirange(int4range(1, 2)) AS o, lower(int4multirange()) AS p_null,
  upper(int4range(1, 1)) AS q_null, daterange('2020-01-01', NULL) AS r, int8range(1, id, '[]') AS s
FROM users;

-- name: network
-- why: 3 an address or a part of one
SELECT host(inet '1.2.3.4/8') AS a, masklen(inet '1.2.3.4/8') AS b, network(inet '1.2.3.4/8') AS c,
  family(inet '::1') AS d, inet '1.2.3.4' << inet '1.0.0.0/8' AS e, inet '1.2.3.4' + 1 AS f, text(inet '1.2.3.4') AS g,
  set_masklen(inet '1.2.3.4', 8) AS h, trunc(macaddr '08:00:2b:01:02:03') AS i;

-- name: text_search
-- why: 3 never NULL of what is not NULL
SELECT to_tsvector('simple', name) AS a, to_tsquery('simple', 'a & b') AS b, plainto_tsquery('simple', name) AS c,
  to_tsvector('simple', name) @@ to_tsquery('simple', 'a') AS d, ts_rank(to_tsvector('simple', name), 'a'::tsquery) AS e,
  ts_headline('simple', name, 'a'::tsquery) AS f, setweight(to_tsvector('simple', name), 'A') AS g,
  to_tsvector('simple', nick) AS h_null, websearch_to_tsquery('simple', name) AS i, to_tsvector('simple', name) || 'x' AS j,
  ts_rank_cd(to_tsvector('simple', nick), 'a'::tsquery) AS k_null, numnode('a'::tsquery) AS l,
  phraseto_tsquery('simple', name) AS m, name @@ 'a' AS n FROM users;

-- name: enums
-- why: 3 comparison of what is not NULL
SELECT mood < 'happy' AS a, mood = prev_mood AS b_null, greatest(mood, 'ok') AS c, mood::text AS d,
  enum_range(NULL::mood) AS e, enum_first(NULL::mood) AS f, enum_last(mood) AS g, enum_range(mood, NULL) AS h FROM users;

-- name: system_functions
-- why: 3 known of the session
SELECT current_user AS a, session_user AS b, version() AS c, current_catalog AS d, pg_typeof(nick) AS e, user AS f,
  txid_current() AS g, pg_backend_pid() AS h, current_setting('nope.x', true) AS i_null, to_regclass('nope') AS j_null,
  obj_description(0, 'pg_class') AS k_null, inet_server_port() IS NULL AS l, current_role AS m,
  pg_get_viewdef(0) AS n_null, col_description(0, 1) AS o_null, current_schemas(true) AS p, format_type(0, NULL) AS q,
  pg_get_userbyid(0) AS r, to_regtype('nope') AS s_null, has_table_privilege(0, 'select') AS t_null,
  shobj_description(0, 'pg_database') AS u_null, pg_get_expr(NULL, 0) AS v_null, pg_size_pretty(5::bigint) AS w,
  gen_random_uuid() AS x, pg_get_serial_sequence('kv', 'k') AS y_null, pg_relation_size(0) AS z_null FROM users;

-- name: variadic_functions
-- why: 2 concat and format of a text
SELECT concat(VARIADIC tags) AS a, concat(VARIADIC scores) AS b_null, format('%s%s%s', VARIADIC tags || tags || ARRAY['', '', '']) AS c,
  concat_ws(',', VARIADIC tags) AS d, concat_ws(',', NULL) AS e, format('%s %s', nick, age) AS f, concat(NULL, NULL) AS g,
  num_nulls(nick, age) AS h, num_nulls(VARIADIC scores) AS i_null, jsonb_build_array(VARIADIC tags) AS j,
  jsonb_build_array(VARIADIC scores) AS k_null, greatest(VARIADIC_less, 1) AS l FROM (SELECT *, 1 AS variadic_less FROM users) u;

-- name: functions_of_the_user
-- why: 1 a constant
SELECT f_null_strict(5) AS a_null, any_number() AS b_null, twice_or_null(1) AS c_null, address_of('{}') AS d_null,
  1 AS e, lower(mood) AS f_null, lower(name) AS g, f_void() AS h_null FROM users
WHERE f_nonstrict(NULL) IS NOT NULL;

-- name: named_arguments
-- why: 3 never NULL of what is not NULL
SELECT make_date(month => 1, day => 2, year => 2020) AS a, jsonb_set(prefs, ARRAY['x'], '1', create_if_missing => true) AS b,
  make_interval(hours => age) AS c_null, parse_ident(str => 'a.b') AS d FROM users;

-- name: hashes_and_bits
-- why: 3 never NULL of what is not NULL
SELECT md5(name) AS a, sha256(name::bytea) AS b, hashtext(name) AS c, get_bit(B'101', 0) AS d, B'1' || B'0' AS e,
  bit_count(B'11') AS f, decode('00', 'hex') AS g, convert_from('a'::bytea, 'UTF8') AS h, length(B'101') AS i,
  set_byte('\x00', 0, 1) AS j FROM users;

-- name: geometry
-- why: 3 never NULL of what is not NULL
SELECT point(1, 2) AS a, point(1, 2) + point(1, 1) AS b, box(point(0, 0), point(1, 1)) AS c, circle(point(0, 0), 1) AS d,
  area(circle(point(0, 0), 1)) AS e, lseg '[(0,0),(1,1)]' # lseg '[(5,5),(6,7)]' AS f_null,
  box '((0,0),(1,1))' # box '((5,5),(6,6))' AS g_null, path '((0,0),(1,1))' AS h, point(1, 2) <@ box '((0,0),(1,1))' AS i,
  line '{1,0,0}' # line '{1,0,5}' AS j_null, area(path '[(0,0),(1,1)]') AS k_null, path '[(0,0)]' + path '((0,0))' AS l_null,
  center(box '((0,0),(1,1))') AS m, lseg '[(0,0),(1,1)]' <-> point '(2,2)' AS n, width(box '((0,0),(1,1))') AS o;

-- name: xml_functions
-- why: 3 an element, whatever its content
-- xml
SELECT xmlelement(name a, nick) AS a, xmlforest(nick AS y) AS b_null, xmlconcat(nick::xml) AS c_null,
  xmlcomment(nick) AS d_null, xpath('/a', '<a/>'::xml) AS e, xmlpi(name foo) AS f, xmlparse(CONTENT name) AS g,
  xmlserialize(CONTENT '<a/>'::xml AS text) AS h, xml '<a/>' IS DOCUMENT AS i, CAST(nick AS xml) IS DOCUMENT AS j_null,
  xmlforest(name AS x, nick AS y) AS k, xmlexists('/a' PASSING (xml '<a/>')) AS l FROM users;

-- name: sequences
-- why: 3 a number
SELECT nextval('users_id_seq') AS a, setval('users_id_seq', 5) AS b, currval('users_id_seq') AS c, lastval() AS d;
