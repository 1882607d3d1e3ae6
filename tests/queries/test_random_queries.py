"""Random queries on random rows: what is called not null never comes back as NULL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import psycopg
from psycopg import Connection
from psycopg.types.json import set_json_loads

from pagespace_codegen.queries.analysis import Description, Question, describe
from pagespace_codegen.queries.nullability.joins import join_state
from pagespace_codegen.queries.nullability.level import Analysis, levels
from pagespace_codegen.queries.nullability.narrowing import ColumnKey, Narrowing
from pagespace_codegen.queries.server import ServerError
from pagespace_codegen.queries.tree.enums import EntryKind
from pagespace_codegen.queries.tree.nodetree import Node
from pagespace_db.settings import environment
from tests.queries.case_files import SCHEMA
from tests.queries.random_queries import QueryGenerator
from tests.queries.random_rows import fill_tables, fill_tables_of_cases

# `PAGESPACE_DB_RANDOM_QUERIES=2000 pytest tests/queries/test_random_queries.py` is the long run (see CONTRIBUTING.md).
COUNT: Final = int(environment("PAGESPACE_DB_RANDOM_QUERIES") or 120)
SEED: Final = int(environment("PAGESPACE_DB_RANDOM_SEED") or 20_261_101)
MARKS_COLUMNS: Final = 160_000
GROUPING_ERROR: Final = "42803"
MOST_ROWS: Final = 2_000
ROWS_OF_STATES: Final = (0, 4, 5, 2)  # in each table


def test_no_null_comes_in_a_column_called_not_null(sample: Connection[Any]) -> None:
    sample.execute(SCHEMA.encode())
    generator = QueryGenerator(SEED, sample.info.server_version)
    statements = [generator.statement() for _ in range(COUNT)]
    answers = describe(sample, [Question(sql=statement) for statement in statements]).answers
    described = [(s, a) for s, a in zip(statements, answers, strict=True) if isinstance(a, Description)]
    # A key of GROUP BY is not recognised within a subquery.
    refused = [answer for answer in answers if isinstance(answer, ServerError) and answer.sqlstate != GROUPING_ERROR]
    assert refused == []

    # The JSON document null is not NULL.
    set_json_loads(lambda text: ("json", text), sample)
    unsound: list[str] = []
    executed = 0
    for state, rows in enumerate(ROWS_OF_STATES):
        fill_tables(sample, SEED + state, count=rows)
        fill_tables_of_cases(sample, SEED + state, count=rows)
        for statement, description in described:
            found = _execute(sample, statement)
            if found is not None:
                executed += 1
                unsound += _contradictions(statement, description, found)
    assert unsound == []
    assert executed > COUNT * len(ROWS_OF_STATES) / 2


def _execute(connection: Connection[Any], statement: str) -> list[tuple[object, ...]] | None:
    """Return the rows of a statement, whose effects are undone; None when it fails, as a division by zero does."""
    limited = statement if "RETURNING" in statement else f"{statement} LIMIT {MOST_ROWS}"
    connection.execute("BEGIN")
    try:
        connection.execute("SET LOCAL statement_timeout = '200ms'")
        connection.execute("SET LOCAL jit = off")  # it costs more than these small tables give
        return connection.execute(limited.encode()).fetchall()
    except psycopg.Error:
        return None
    finally:
        connection.execute("ROLLBACK")


def _contradictions(statement: str, description: Description, rows: list[tuple[object, ...]]) -> list[str]:
    found = [
        f"{column.name} is NULL although {column.verdict.why}: {statement}"
        for place, column in enumerate(description.columns)
        if not column.verdict.is_nullable and any(row[place] is None for row in rows)
    ]
    if (description.rows.at_most_one and len(rows) > 1) or (description.rows.has_row and not rows):
        found.append(f"{len(rows)} rows where {description.rows} were said: {statement}")
    return found


class _ProvesNothing(Narrowing):
    """Rules that leave every outer join as it is."""

    def if_true(self, condition: Node | None) -> frozenset[ColumnKey]:
        del condition
        return frozenset()


def test_outer_joins_null_extend_what_the_server_says(sample: Connection[Any]) -> None:
    """From PostgreSQL 16 every column carries the outer joins above it: the join tree gives us the very same."""
    generator = QueryGenerator(SEED + 1, sample.info.server_version)
    statements = [generator.statement() for _ in range(COUNT)]
    described = describe(sample, [Question(sql=statement) for statement in statements])
    compared = 0
    for statement, answer in zip(statements, described.answers, strict=True):
        if not isinstance(answer, Description):
            continue
        assert answer.tree is not None
        if sample.info.server_version < MARKS_COLUMNS:
            continue
        for query, _ in levels(answer.tree, Analysis(described.references)):
            state = join_state(query, _ProvesNothing(described.references))
            for var in _own_columns(query):
                expected = {side.join for side in state.absent.get(var.number("varno"), ())}
                assert set(var.numbers("varnullingrels")) == expected, statement
                compared += 1
    assert compared or sample.info.server_version < MARKS_COLUMNS


def _own_columns(query: Node) -> Iterator[Node]:
    """Yield the columns of tables and subqueries in the target list of a query, on a server that marks them."""
    stack = list(query.nodes("targetList"))
    entries = query.nodes("rtable")
    while stack:
        node = stack.pop()
        if node.kind == "VAR" and not node.number("varlevelsup"):
            entry = entries[node.number("varno") - 1] if node.number("varno") <= len(entries) else None
            if entry is not None and entry.number("rtekind") not in {EntryKind.JOIN, EntryKind.GROUP}:
                yield node
        elif node.kind != "QUERY":
            stack.extend(node.children())
