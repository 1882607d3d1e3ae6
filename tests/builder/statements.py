"""What the tests of the builder assert of a statement."""

from __future__ import annotations

from typing import Any

from pagespace_db.builder.statement import Command, Statement


def sql_of(statement: Statement[Any] | Command) -> str:
    """Return the SQL text of a statement."""
    return statement.to_sql()[0]


def values_of(statement: Statement[Any] | Command) -> list[object]:
    """Return the parameters of a statement, in the order of its SQL."""
    return statement.to_sql()[1]
