"""The cases of `tests/queries/cases`: what we say of a query, held against the expectation and against its rows."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import psycopg
import pytest
from psycopg import Connection
from psycopg.types.json import set_json_loads
from psycopg.types.string import TextLoader

from pagespace_codegen.queries.analysis import Description, Question, describe
from tests.queries.case_files import SCHEMA, Case, load_cases
from tests.queries.conftest import SAMPLE

CASES: Final = {case.name: case for case in load_cases()}
# Python has no such times as infinity.
TIMES: Final = ("date", "time", "timetz", "timestamp", "timestamptz", "interval")
VERSION_UNIT: Final = 10_000


class Answer(NamedTuple):
    """What we say of a case, and the rows of each state in which it can be executed."""

    description: Description
    rows: dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def answers(sample: Connection[Any]) -> dict[str, Answer]:
    """An answer for each case that this server takes."""
    sample.execute(SCHEMA.encode())
    set_json_loads(lambda text: ("json", text), sample)  # the JSON document null is not NULL
    for type_ in TIMES:
        sample.adapters.register_loader(type_, TextLoader)
    cases = [case for case in CASES.values() if _is_possible(case, sample)]
    described = describe(sample, [Question(sql=case.sql) for case in cases]).answers
    failed = {case.name: a for case, a in zip(cases, described, strict=True) if not isinstance(a, Description)}
    assert failed == {}
    rows: dict[str, dict[str, list[tuple[object, ...]]]] = {case.name: {} for case in cases}
    for state, setup in SAMPLE["states"].items():
        with sample.transaction(force_rollback=True):
            sample.execute(setup)
            for case in cases:
                _add_rows(sample, case, state, rows[case.name])
    for case in cases:
        if case.setup is not None:
            with sample.transaction(force_rollback=True):
                sample.execute(case.setup.encode())
                _add_rows(sample, case, "setup", rows[case.name])
    return {
        case.name: Answer(a, rows[case.name])
        for case, a in zip(cases, described, strict=True)
        if isinstance(a, Description)
    }


def _is_possible(case: Case, connection: Connection[Any]) -> bool:
    if connection.info.server_version < case.since * VERSION_UNIT:
        return False
    if not case.needs_xml:
        return True
    try:
        connection.execute("SELECT '<a/>'::xml")
    except psycopg.errors.FeatureNotSupported:
        return False
    return True


def _add_rows(connection: Connection[Any], case: Case, state: str, rows: dict[str, list[tuple[object, ...]]]) -> None:
    """Execute a case and undo it; an error, such as a division by zero, is no row."""
    try:
        with connection.transaction(force_rollback=True):
            sql = case.sql
            if case.args is not None:
                connection.execute(f"PREPARE pagespace_case AS {sql}".encode())
                sql = f"EXECUTE pagespace_case({case.args})"
            cursor = connection.execute(sql.encode())
            rows[state] = cursor.fetchall() if cursor.description else []
    except psycopg.Error:
        pass
    if case.args is not None:
        connection.execute("DEALLOCATE pagespace_case")


def test_a_column_is_nullable_exactly_if_its_name_says_so(answers: dict[str, Answer]) -> None:
    wrong = {
        (name, column.name): column.verdict.why
        for name, (description, _) in answers.items()
        for column in description.columns
        if column.verdict.is_nullable != column.name.endswith("_null")
    }
    assert wrong == {}


def test_null_comes_in_every_nullable_column_and_in_no_other(answers: dict[str, Answer]) -> None:
    wrong: dict[str, set[str]] = {}
    for name, (description, rows) in answers.items():
        seen = {
            column.name
            for place, column in enumerate(description.columns)
            if any(row[place] is None for found in rows.values() for row in found)
        }
        expected = {c.name for c in description.columns if c.name.endswith("_null")} - CASES[name].unseen
        if seen != expected or (description.columns and not any(rows.values())):
            wrong[name] = seen ^ expected
    assert wrong == {}


def test_there_are_as_many_rows_as_said(answers: dict[str, Answer]) -> None:
    wrong: dict[str, tuple[str, dict[str, int]]] = {}
    for name, (description, rows) in answers.items():
        counts = {state: len(found) for state, found in rows.items()} if description.columns else {}
        is_said = str(description.rows) == (CASES[name].rows or str(description.rows))
        is_at_most_one = not description.rows.at_most_one or all(count <= 1 for count in counts.values())
        is_there = not description.rows.has_row or all(counts.values())
        if not (is_said and is_at_most_one and is_there):
            wrong[name] = (str(description.rows), counts)
    assert wrong == {}


def test_the_parameters_for_which_null_has_a_meaning_are_nullable(answers: dict[str, Answer]) -> None:
    wrong = {
        (name, number): parameter.is_nullable
        for name, (description, _) in answers.items()
        for number, parameter in enumerate(description.parameters, 1)
        if parameter.is_nullable != (number in CASES[name].nullable)
    }
    assert wrong == {}


def test_every_case_says_why() -> None:
    assert [case.name for case in CASES.values() if not case.why] == []
