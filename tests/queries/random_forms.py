"""What random queries are made of: tables, constants and expressions, by the letters of their types.

The letters: integer, text, boolean, numeric, z for a time, json, and arrays of text and of integers.
"""

from __future__ import annotations

from typing import Final

TABLES: Final = {
    "users": "id:i name:t nick:t age:i boss_id:i tags:ta scores:ia prefs:j extra:j created_at:z deleted_at:z level:i",
    "posts": "id:i author_id:i editor_id:i title:t body:t score:n views:i published:b hidden:b",
    "comments": "id:i post_id:i user_id:i body:t rating:i",
    "kv": "k:t v:t",
    "checked": "id:i v:i w:i",
    "gen": "id:i a:t b:t up:t ub:t",
    "events": "id:i kind:t payload:t",
    "mails": "id:i addr:t",
    "v_users": "id:i name:t nick:t",
    "v_posts": "id:i title:t author:t editor:t",
    "v_stats": "author_id:i n:i total:n",
    "m_titles": "id:i title:t body:t",
    "v_named": "id:i nick:t age:i",
    "v_named_over": "id:i nick:t name:t title:t",
    "v_union": "id:i label:t",
    "v_renamed": "number:i words:t",
    "v_totals": "n:i total:i",
    "v_tree": "id:i boss_id:i depth:i",
    "parent": "id:i a:i b:i",
    "half_checked": "a:i b:i c:i d:i",
}
CONSTANTS: Final = {
    "i": ("0", "1", "2", "NULL::int"),
    "t": ("''", "'a'", "'x'", "NULL::text"),
    "b": ("true", "false", "NULL::boolean"),
    "n": ("1.5", "'NaN'::numeric", "NULL::numeric"),
    "z": ("now()", "'infinity'::timestamptz", "NULL::timestamptz"),
    "j": ("'{}'::jsonb", "'null'::jsonb", "NULL::jsonb"),
    "ta": ("'{}'::text[]", "'{a,NULL}'::text[]", "NULL::text[]"),
    "ia": ("ARRAY[1,2]", "ARRAY[1,NULL]", "NULL::int[]"),
}
CASTS: Final = {
    "i": "int",
    "t": "text",
    "b": "boolean",
    "n": "numeric",
    "z": "timestamptz",
    "j": "jsonb",
    "ta": "text[]",
    "ia": "int[]",
}
# An expression of a type, from expressions of other types: {i}, {t} and so on are filled in.
FORMS: Final = {
    "i": "{i} + {i};- {i};abs({i});length({t});({n})::int;coalesce({i}, {i});nullif({i}, {i});greatest({i}, {i});"
    "least({i}, {i});CASE WHEN {b} THEN {i} END;CASE WHEN {b} THEN {i} ELSE {i} END;cardinality({ta});"
    "array_length({ta}, 1);({ia})[1];num_nulls({i}, {t});position({t} in {t});array_position({ta}, {t});ascii({t});"
    "jsonb_array_length(jsonb_build_array({i}));extract(epoch from {z})::int;extract(dow from {z})::int;"
    "CASE WHEN {i} IS NULL THEN 0 ELSE {i} END;({j} ->> 'a')::int;scale({n});mod({i}, 3);{i} * {i};(SELECT {i});"
    "(SELECT max(x) FROM (VALUES ({i}), ({i})) v(x));(SELECT count(x)::int FROM (SELECT {i} AS x) y WHERE {b});"
    "CASE {i} WHEN {i} THEN {i} ELSE 2 END;"
    "upper(int4range(0, abs({i} % 9)));(SELECT x.a FROM (SELECT {i} AS a) x WHERE {b});array_upper({ia}, 1);"
    "(SELECT x FROM (VALUES ({i})) v(x) LIMIT 1);strpos({t}, {t});(ROW({i}, {t}) IS NULL)::int",
    "t": "{t} || {t};lower({t});concat({t}, {i});concat_ws({t}, {t}, {t});coalesce({t}, {t});nullif({t}, {t});"
    "substr({t}, 1, 2);split_part({t}, 'a', 1);format('%s', {t});format({t}, {i});({i})::text;{j} ->> 'a';"
    "jsonb_typeof({j});replace({t}, 'a', {t});md5({t});substring({t} from 'z+');regexp_replace({t}, 'a', 'b');"
    "to_char({z}, 'YYYY');array_to_string({ta}, ',');CASE {t} WHEN 'a' THEN {t} ELSE {t} END;({ta})[2];"
    "quote_nullable({t});substring({t} from 'q');least({t}, {t});CASE WHEN {t} = 'a' THEN {t} ELSE 'z' END;"
    "CASE WHEN {t} IS NOT NULL THEN {t} ELSE 'q' END;({b})::text;to_char({i}, '999');repeat({t}, 2);"
    "(SELECT string_agg(x, ',') FROM unnest({ta}) x);(SELECT {t} WHERE {b});left({t}, 1);"
    "array_to_string({ta}, ',', 'x');CASE WHEN {b} THEN {t} WHEN {b} THEN {t} ELSE {t} END;"
    "(regexp_match({t}, 'a'))[1];trim({t})",
    "b": "{i} = {i};{i} < {i};{t} <> {t};{t} LIKE {t};{b} AND {b};{b} OR {b};NOT ({b});{i} IS NULL;{t} IS NOT NULL;"
    "{t} IS DISTINCT FROM {t};({b}) IS TRUE;({b}) IS NOT TRUE;({b}) IS UNKNOWN;{i} IN ({i}, 1);{i} NOT IN (1, 2);"
    "{i} BETWEEN {i} AND {i};{t} = ANY ({ta});{i} <> ALL ({ia});{j} ? 'a';{j} @> '{{}}';{ta} @> {ta};{t} ~ 'a';"
    "{t} IS NOT DISTINCT FROM 'a';({i}, {t}) = ({i}, {t});({i}, {i}) < ({i}, 3);({b}) IS NOT FALSE;"
    "coalesce({b}, false);coalesce({t}, '') <> '';({b}) IS FALSE;{i} = ANY (ARRAY[{i}, 2]);NOT ({i} IS NULL);"
    "({b}) = ({b});({i} IS NULL) = ({b});CASE WHEN {b} THEN {b} ELSE {b} END;{z} < {z};({b}) IS NOT UNKNOWN;"
    "({z}, {z}) OVERLAPS ({z}, {z});{i} <> ALL (ARRAY[{i}, 7]);ROW({i}, {t}) IS NOT NULL;NOT (ROW({i}, {t}) IS NULL);"
    "ROW({i}, {t}) IS DISTINCT FROM ROW({i}, {t});EXISTS (SELECT FROM posts xp WHERE xp.title = {t});"
    "EXISTS (SELECT FROM posts xp WHERE xp.views = {i} GROUP BY ROLLUP (xp.id));{i} IN (SELECT xp.views FROM posts xp);"
    "EXISTS (SELECT FROM posts xp LEFT JOIN kv xk ON xk.k = {t});"
    "({i}, {t}) IN (SELECT xp.views, xp.body FROM posts xp);{i} NOT IN (SELECT xc.rating FROM comments xc);"
    "{i} > ALL (SELECT xc.rating FROM comments xc);{t} SIMILAR TO 'a%';"
    "EXISTS (SELECT max(xp.id) FROM posts xp WHERE xp.title = {t} HAVING {b});{i} = ANY ({ia}) IS TRUE;"
    "{i} < ANY (SELECT xp.id FROM posts xp WHERE xp.title = {t});coalesce({b}, {b});{i} > ALL ({ia});nullif({b}, {b})",
    "n": "{n} + {n};({i})::numeric;round({n}, 1);coalesce({n}, {n});nullif({n}, 0);abs({n});trunc({n})",
    "z": "date_trunc('day', {z});coalesce({z}, {z});{z} + interval '1 day';CASE WHEN {b} THEN {z} ELSE {z} END",
    "j": "jsonb_build_object('a', {t});to_jsonb({t});{j} -> 'a';{j} || {j};jsonb_set({j}, '{{a}}', {j});"
    "coalesce({j}, {j});jsonb_strip_nulls({j});{j} #> '{{a,b}}';{j} - 'a'",
    "ta": "{ta} || {t};array_append({ta}, {t});string_to_array({t}, ',');ARRAY[{t}, {t}];({ta})[1:1];{ta} || {ta};"
    "array_remove({ta}, 'a');regexp_match({t}, 'a');coalesce({ta}, {ta})",
    "ia": "ARRAY[{i}, {i}];{ia} || {i};array_cat({ia}, {ia});coalesce({ia}, {ia})",
}
AGGREGATES: Final = {
    "i": "count(*)::int;count({i})::int;max({i});min({i});sum({i})::int;count(*) FILTER (WHERE {b})::int;"
    "max({i}) FILTER (WHERE {b});coalesce(sum({i}), 0)::int;count(DISTINCT {t})::int;bit_and({i})",
    "t": "max({t});min({t});string_agg({t}, ',');mode() WITHIN GROUP (ORDER BY {t})",
    "b": "bool_or({b});bool_and({b});every({b})",
    "n": "avg({i});sum({n});stddev({i});stddev_pop({i});var_samp({n})",
    "j": "jsonb_agg({t});jsonb_object_agg(coalesce({t}, 'k'), {i});json_agg({i})::jsonb",
    "ta": "array_agg({t});array_agg({t}) FILTER (WHERE {b})",
    "ia": "array_agg({i})",
    "z": "max({z})",
}
WINDOWS: Final = {
    "i": "row_number() OVER ({w})::int;sum({i}) OVER ({w} {f})::int;count({i}) OVER ({w} {f})::int;"
    "lag({i}) OVER ({w});lag({i}, 1, {i}) OVER ({w});lead({i}, 1, 0) OVER ({w});first_value({i}) OVER ({w} {f});"
    "last_value({i}) OVER ({w} {f});nth_value({i}, 2) OVER ({w});ntile(2) OVER ({w});max({i}) OVER ({w} {f});"
    "CASE WHEN {c:i} THEN lag({c}, 1, 0) OVER ({w}) ELSE 0 END;CASE WHEN {c:i} THEN max({c}) OVER ({w} {f}) ELSE 0 END;"
    "CASE WHEN {c:i} THEN first_value({c}) OVER ({w} {f}) ELSE 0 END;"
    "CASE WHEN {c:i} THEN last_value({c}) OVER ({w} {f}) ELSE 0 END",
    "t": "first_value({t}) OVER ({w} {f});max({t}) FILTER (WHERE {b}) OVER ({w});min({t}) OVER ({w} {f});"
    "string_agg({t}, {t}) OVER ({w} {f})",
}
FRAMES: Final = (
    "",
    "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
    "ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING",
    "ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING",
    "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW",
    "ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE TIES",
    "ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING",
    "GROUPS BETWEEN CURRENT ROW AND 1 FOLLOWING",
    "GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE GROUP",
    "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
    "RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE TIES",
)
