"""Expressions that mean the same and read differently call for no plan, however many readings that takes to see."""

from __future__ import annotations

import pytest

from pagespace_codegen.diff.compute import diff_sides
from tests.diff.corpus import schema_side

COLUMNS = "a integer, b integer, c integer, d integer, e integer"
ROWS = "((a, b), (c, d), e) IS DISTINCT FROM ((1, 2), (3, 4), 5)"
ONE_BY_ONE = (
    "(a IS DISTINCT FROM 1) OR (b IS DISTINCT FROM 2) OR ((c IS DISTINCT FROM 3) OR (d IS DISTINCT FROM 4)) "
    "OR (e IS DISTINCT FROM 5)"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [("b BETWEEN 0 AND 10 AND a >= 0", "b >= 0 AND b <= 10 AND a >= 0"), (ROWS, ONE_BY_ONE)],
    ids=["between", "rows inside of rows"],
)
def test_expressions_that_mean_the_same_call_for_nothing(server_url: str, one: str, other: str) -> None:
    old, new = (
        schema_side(
            f"CREATE TABLE t ({COLUMNS}, CONSTRAINT sane CHECK ({text})); CREATE INDEX i ON t (a) WHERE {text};"
            f"CREATE VIEW v AS SELECT a FROM t WHERE {text};"
        )
        for text in (one, other)
    )
    assert diff_sides(old, new, server_url, in_one_transaction=True).plan.steps == ()
