"""One rule each: a column name that ends in `_null` can be NULL, any other cannot."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from pagespace_codegen.queries.analysis import Description, Question, describe

EVERYWHERE = {
    "an_inner_join_above_an_outer_one_undoes_it": """
        SELECT p.title, c.body FROM users u LEFT JOIN (posts p JOIN comments c ON c.post_id = p.id)
        ON p.author_id = u.id WHERE c.id > 0""",
    "a_proof_about_one_table_of_a_nullable_side_holds_for_the_other": """
        SELECT p.title FROM users u LEFT JOIN (posts p JOIN comments c ON true) ON p.author_id = u.id
        JOIN users x ON x.id = c.user_id""",
    "a_proof_about_a_later_outer_join_says_nothing_of_an_earlier_one": """
        SELECT p.id AS id_null, c.id FROM users u LEFT JOIN posts p ON p.author_id = u.id
        LEFT JOIN comments c ON c.user_id = u.id WHERE c.id IS NOT NULL""",
    "a_proof_about_a_later_outer_join_holds_for_what_its_condition_needs": """
        SELECT p.id, c.id AS c FROM users u LEFT JOIN posts p ON p.author_id = u.id
        LEFT JOIN comments c ON c.post_id = p.id WHERE c.id IS NOT NULL""",
    "one_side_of_a_full_join_is_proved": """
        SELECT u.id, p.id AS p_null FROM users u FULL JOIN posts p ON p.id = u.id WHERE u.name > ''""",
    "a_full_join_has_one_side": """
        SELECT coalesce(u.name, p.title) AS a, coalesce(u.name, p.body) AS b_null
        FROM users u FULL JOIN posts p ON p.id = u.id""",
    "two_full_joins_may_lack_both_sides": """
        SELECT coalesce(u.name, p.title) AS a_null
        FROM users u FULL JOIN posts p ON p.id = u.id FULL JOIN comments c ON c.id = u.id""",
    "a_join_alias_stands_for_its_tables": """
        SELECT j.id, j.title AS title_null FROM (users LEFT JOIN posts USING (id)) AS j""",
    "a_proof_through_a_join_alias": """
        SELECT j.title, j.views FROM (users LEFT JOIN posts USING (id)) AS j WHERE j.title <> ''""",
    "a_lateral_subquery_sees_what_where_proves": """
        SELECT s.n FROM users u CROSS JOIN LATERAL (SELECT u.nick AS n) s WHERE u.nick IS NOT NULL""",
    "a_branch_of_case_does_not_spoil_a_lateral_subquery": """
        SELECT CASE WHEN u.nick IS NOT NULL THEN s.n ELSE '' END AS a, s.n AS b_null
        FROM users u CROSS JOIN LATERAL (SELECT u.nick AS n) s""",
    "case_knows_what_its_conditions_say": """
        SELECT CASE WHEN nick IS NULL THEN name WHEN age > 1 THEN nick ELSE nick END AS a,
          CASE WHEN nick IS NOT NULL OR age > 1 THEN nick ELSE '' END AS b_null,
          CASE WHEN nick = 'x' THEN name ELSE nick END AS c_null FROM users""",
    "exists_narrows_the_outer_query": """
        SELECT nick FROM users u WHERE EXISTS (SELECT FROM posts p WHERE p.title = u.nick)""",
    "exists_over_an_aggregate_narrows_nothing": """
        SELECT nick AS nick_null FROM users u WHERE EXISTS (SELECT count(*) FROM posts p WHERE p.title = u.nick)""",
    "not_exists_narrows_nothing": """
        SELECT nick AS nick_null FROM users u WHERE NOT EXISTS (SELECT FROM posts p WHERE p.title = u.nick)""",
    "in_a_subquery_narrows": "SELECT nick FROM users WHERE nick IN (SELECT title FROM posts)",
    "not_in_a_subquery_narrows_nothing": "SELECT nick AS n_null FROM users WHERE nick NOT IN (SELECT title FROM posts)",
    "not_in_a_list_narrows": "SELECT nick FROM users WHERE nick NOT IN ('a', 'b')",
    "not_in_an_empty_list_narrows_nothing": "SELECT nick AS n_null FROM users WHERE nick <> ALL ('{}'::text[])",
    "not_in_an_array_parameter_narrows_nothing": "SELECT nick AS n_null FROM users WHERE nick <> ALL ($1)",
    "a_default_of_false_narrows": "SELECT nick FROM users WHERE coalesce(nick = 'a', false)",
    "a_default_of_true_narrows_nothing": "SELECT nick AS n_null FROM users WHERE coalesce(nick = 'a', true)",
    "a_default_that_would_fail_narrows": "SELECT nick FROM users WHERE coalesce(nick, '') <> ''",
    "another_default_narrows_nothing": "SELECT nick AS n_null FROM users WHERE coalesce(nick, 'x') <> ''",
    "a_row_comparison_looks_at_its_first_pair": """
        SELECT age, level AS level_null FROM users WHERE (age, level) < (3, 4)""",
    "a_row_that_is_not_null_is_there": """
        SELECT p.title FROM users u LEFT JOIN posts p ON p.author_id = u.id WHERE p IS NOT NULL""",
    "grouping_sets_leave_some_keys_alone": """
        SELECT mood, name AS name_null, max(id) AS m FROM users GROUP BY mood, ROLLUP (name)""",
    "grouping_sets_with_a_common_key": """
        SELECT mood, name AS name_null FROM users GROUP BY GROUPING SETS ((mood, name), (mood))""",
    "grouping_sets_null_expressions": "SELECT lower(name) AS a_null FROM users GROUP BY CUBE (lower(name))",
    "grouping_sets_null_the_key_by_its_other_name": """
        SELECT u.name AS name_null FROM (users u JOIN posts p ON p.id = u.id) GROUP BY ROLLUP (u.name)""",
    "having_narrows_keys": "SELECT nick, lower(nick) AS l FROM users GROUP BY nick HAVING nick IS NOT NULL",
    "having_a_count_has_rows": "SELECT sum(views) AS s FROM posts HAVING count(*) >= 1",
    "having_no_lower_bound_may_have_none": "SELECT sum(views) AS s_null FROM posts HAVING count(*) >= 0",
    "an_aggregate_of_an_outer_query": """
        SELECT (SELECT max(u.id)) AS m_null FROM users u""",
    "a_frame_with_the_current_row": """
        SELECT sum(id) OVER (ORDER BY id ROWS 2 PRECEDING) AS a,
          sum(id) OVER (ORDER BY id ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING) AS b_null,
          sum(id) OVER (ORDER BY id RANGE BETWEEN 2 PRECEDING AND CURRENT ROW) AS c_null FROM users""",
    "lag_with_a_default": """
        SELECT lag(id, 1, 0::bigint) OVER w AS a, lag(id, 1, NULL) OVER w AS b_null, lag(age, 1, 0) OVER w AS c_null
        FROM users WINDOW w AS (ORDER BY id)""",
    "a_variadic_array_may_be_null": "SELECT concat(VARIADIC tags) AS a, concat(VARIADIC scores) AS b_null FROM users",
    "extract_of_fields_that_go_on": """
        SELECT extract(year FROM created_at) AS a, extract(month FROM created_at) AS b_null,
          extract(epoch FROM age(created_at)) AS c FROM users""",
    "elements_that_are_spelled_out": """
        SELECT unnest(ARRAY[id, 2]) AS a, id = ANY (ARRAY[1, 2]) AS b, id = ANY (ARRAY[1, NULL]) AS c_null,
          id = ANY ('{1,2}'::bigint[]) AS d, id = ANY ('{1,NULL}'::bigint[]) AS e_null FROM users""",
    "a_function_of_rows_called_alone": "SELECT generate_series(1, age) AS a, id FROM users",
    "recursion_starts_from_nothing_is_null": """
        WITH RECURSIVE t(a, b) AS (SELECT 1, 2 UNION ALL SELECT b, a FROM t) SELECT a, b FROM t""",
    "recursion_spreads_null": """
        WITH RECURSIVE t(a_null, b_null, c) AS (SELECT 1, 2, 3 UNION ALL SELECT b_null, NULL::int, c FROM t)
        SELECT a_null, b_null, c FROM t""",
    "a_write_in_a_cte": """
        WITH d AS (DELETE FROM kv WHERE v IS NOT NULL RETURNING k, v) SELECT d.k, d.v FROM d""",
    "what_an_update_returns_is_the_new_row": "UPDATE kv SET v = NULL WHERE v <> '' RETURNING k, v AS v_null",
    "what_a_view_returns_is_bound_by_its_table_only": """
        UPDATE v_named SET nick = NULL RETURNING id, nick AS nick_null""",
    "a_view_proves_what_its_conditions_do": "SELECT id, nick FROM v_named",
    "a_view_over_a_view": "SELECT id, nick, name AS name_null FROM v_over",
    "a_constraint_that_children_have_not": "SELECT id AS id_null FROM parent",
    "only_the_parent": "SELECT id FROM ONLY parent",
    "a_check_that_is_not_validated": "SELECT a AS a_null, b FROM half_checked",
    "an_intersection": "SELECT id FROM users INTERSECT SELECT editor_id FROM posts",
    "a_difference": "SELECT editor_id AS e_null FROM posts EXCEPT SELECT id FROM users",
    "a_scalar_subquery_with_a_row": """
        SELECT (SELECT count(*) FROM posts) AS a, (SELECT 1) AS b, (SELECT 1 LIMIT 0) AS c_null,
          (SELECT 1 OFFSET 1) AS d_null, (SELECT 1 WHERE true) AS e_null""",
    "an_unknown_function": "SELECT f_nonstrict(1) AS a_null",
    "nothing_is_known_of_a_utility_statement": "SHOW server_version",
}

EXTRA_SCHEMA = """
CREATE VIEW v_named AS SELECT id, nick FROM users WHERE nick IS NOT NULL;
CREATE VIEW v_over AS SELECT n.id, n.nick, u.name FROM v_named n LEFT JOIN v_users u ON u.id = n.id;
CREATE TABLE parent (id integer);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE half_checked (a integer, b integer, CONSTRAINT b_there CHECK (b IS NOT NULL AND b > 0));
ALTER TABLE half_checked ADD CONSTRAINT a_there CHECK (a IS NOT NULL) NOT VALID;
"""


@pytest.fixture(scope="module")
def database(sample: Connection[Any]) -> Connection[Any]:
    sample.execute(EXTRA_SCHEMA)
    if sample.info.server_version < 180_000:
        sample.execute("ALTER TABLE ONLY parent ALTER COLUMN id SET NOT NULL")
    else:
        sample.execute("ALTER TABLE parent ADD CONSTRAINT id_there NOT NULL id NO INHERIT")
    return sample


def verdicts(connection: Connection[Any], sql: str) -> dict[str, str]:
    (answer,) = describe(connection, [Question(sql=sql)]).answers
    assert isinstance(answer, Description), answer
    return {
        column.name: "nullable" if column.verdict.is_nullable else f"not null: {column.verdict.why}"
        for column in answer.columns
    }


@pytest.mark.parametrize("rule", EVERYWHERE)
def test_rule(rule: str, database: Connection[Any]) -> None:
    found = verdicts(database, EVERYWHERE[rule])
    wrong = {
        name: verdict
        for name, verdict in found.items()
        if (name.endswith("_null") or name == "server_version") != (verdict == "nullable")
    }
    assert wrong == {}
    assert found


def test_a_constraint_that_is_not_validated_proves_nothing(sample: Connection[Any]) -> None:
    if sample.info.server_version >= 180_000:
        sample.execute("CREATE TABLE late (x integer); ALTER TABLE late ADD CONSTRAINT n NOT NULL x NOT VALID")
    else:
        sample.execute("CREATE TABLE late (x integer); ALTER TABLE late ADD CHECK (x IS NOT NULL) NOT VALID")
    assert verdicts(sample, "SELECT x FROM late") == {"x": "nullable"}


def test_a_foreign_table_is_not_trusted(sample: Connection[Any]) -> None:
    sample.execute(
        "CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER elsewhere FOREIGN DATA WRAPPER nowhere;"
        "CREATE FOREIGN TABLE far (x integer NOT NULL) SERVER elsewhere"
    )
    assert verdicts(sample, "SELECT x FROM far") == {"x": "nullable"}


def test_a_deep_expression_is_nullable_rather_than_a_crash(sample: Connection[Any]) -> None:
    chain = " || ".join(["name"] * 3000)
    assert set(verdicts(sample, f"SELECT {chain} AS a FROM users").values()) <= {
        "nullable",
        "not null: textcat of what is not NULL",
    }
