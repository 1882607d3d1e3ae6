"""The sample: never "not null" where NULL can come, and exact where a good tool is."""

from __future__ import annotations

from typing import Any, Final

import pytest
from psycopg import Connection

from pagespace_codegen.queries.analysis import Description, Question, describe
from tests.queries.conftest import SAMPLE

CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in SAMPLE["cases"]}

# A foreign key finds its row only as long as its triggers fire: `session_replication_role`, a disabled trigger, a
# deferred constraint or row security take that away, so it is no proof.
NOT_PROVED = {("join_left_fk", "title")}


FIRST_VERSION: Final = 140_000


@pytest.fixture(scope="module")
def descriptions(sample: Connection[Any]) -> dict[str, Description]:
    questions = [
        Question(
            sql=case["sql"],
            nullable=frozenset(int(number) for number, word in case.get("declare", {}).items() if word == "nullable"),
        )
        for case in CASES.values()
    ]
    answers = dict(zip(CASES, describe(sample, questions).answers, strict=True))
    newer = {name for name, case in CASES.items() if _first_version(case) > sample.info.server_version}
    assert {name for name, answer in answers.items() if not isinstance(answer, Description)} == newer
    return {name: answer for name, answer in answers.items() if isinstance(answer, Description)}


def _first_version(case: dict[str, Any]) -> int:
    version = case.get("min_server_version", FIRST_VERSION)
    assert isinstance(version, int)
    return version


def test_columns_are_nullable_exactly_where_null_can_come(descriptions: dict[str, Description]) -> None:
    for name, description in descriptions.items():
        expected = {
            (name, place, column["name"]): column["nullable"] or (name, column["name"]) in NOT_PROVED
            for place, column in enumerate(CASES[name]["columns"])
        }
        actual = {(name, n, column.name): column.verdict.is_nullable for n, column in enumerate(description.columns)}
        assert actual == expected


def test_types_are_those_of_the_server(descriptions: dict[str, Description]) -> None:
    for name, description in descriptions.items():
        columns = [column.type for column in description.columns]
        assert (name, columns) == (name, [column["type"] for column in CASES[name]["columns"]])
        parameters = [parameter.type for parameter in description.parameters]
        assert (name, parameters) == (name, [parameter["type"] for parameter in _parameters(name)])


def test_the_number_of_rows_is_known(descriptions: dict[str, Description]) -> None:
    actual = {name: str(description.rows) for name, description in descriptions.items()}
    assert actual == {name: CASES[name]["rows"] for name in descriptions}


def test_parameters_are_nullable_where_null_has_a_meaning(descriptions: dict[str, Description]) -> None:
    for name, description in descriptions.items():
        expected = [(p["nullable"], p.get("elem_nullable", False)) for p in _parameters(name)]
        actual = [(p.is_nullable, p.has_nullable_elements) for p in description.parameters]
        assert (name, actual) == (name, expected)


def _parameters(name: str) -> list[dict[str, Any]]:
    return sorted(CASES[name]["params"], key=lambda parameter: int(parameter["n"]))
