"""The sample: never "not null" where NULL can come, and exact where a good tool is."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from pagespace_codegen.queries.analysis import Description, Question, describe
from tests.queries.conftest import SAMPLE

CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in SAMPLE["cases"]}

# A foreign key finds its row only as long as its triggers fire: `session_replication_role`, a disabled trigger, a
# deferred constraint or row security take that away, so it is no proof.
NOT_PROVED = {("join_left_fk", "title")}


@pytest.fixture(scope="module")
def descriptions(sample: Connection[Any]) -> dict[str, Description]:
    questions = [
        Question(
            sql=case["sql"],
            nullable=frozenset(int(number) for number, word in case.get("declare", {}).items() if word == "nullable"),
        )
        for case in CASES.values()
    ]
    answers = describe(sample, questions).answers
    return {name: answer for name, answer in zip(CASES, answers, strict=True) if isinstance(answer, Description)}


@pytest.mark.parametrize("name", CASES)
def test_columns_are_nullable_exactly_where_null_can_come(name: str, descriptions: dict[str, Description]) -> None:
    expected = {
        (place, column["name"]): column["nullable"] or (name, column["name"]) in NOT_PROVED
        for place, column in enumerate(CASES[name]["columns"])
    }
    actual = {
        (place, column.name): column.verdict.is_nullable for place, column in enumerate(descriptions[name].columns)
    }
    assert actual == expected


@pytest.mark.parametrize("name", CASES)
def test_types_are_those_of_the_server(name: str, descriptions: dict[str, Description]) -> None:
    case = CASES[name]
    assert [column.type for column in descriptions[name].columns] == [column["type"] for column in case["columns"]]
    parameters = sorted(case["params"], key=lambda parameter: int(parameter["n"]))
    assert [p.type for p in descriptions[name].parameters] == [parameter["type"] for parameter in parameters]


@pytest.mark.parametrize("name", CASES)
def test_the_number_of_rows_is_known(name: str, descriptions: dict[str, Description]) -> None:
    assert str(descriptions[name].rows) == CASES[name]["rows"]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["params"]])
def test_parameters_are_nullable_where_null_has_a_meaning(name: str, descriptions: dict[str, Description]) -> None:
    parameters = sorted(CASES[name]["params"], key=lambda parameter: int(parameter["n"]))
    expected = [(parameter["nullable"], parameter.get("elem_nullable", False)) for parameter in parameters]
    assert [(p.is_nullable, p.has_nullable_elements) for p in descriptions[name].parameters] == expected
