"""Psycopg's names that its manual does not promise, and that the client stands on, are as they were."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import psycopg
import pytest
from psycopg import _copy_base, errors, generators
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import PGconn


@pytest.mark.parametrize("name", ["execute", "fetch_many", "send"])
def test_generators_are_there(name: str) -> None:
    assert callable(getattr(generators, name))


@pytest.mark.parametrize("wait", [psycopg.Connection.wait, psycopg.AsyncConnection.wait])
def test_wait_takes_a_generator_and_a_timeout(wait: Callable[..., object]) -> None:
    parameters = inspect.signature(wait).parameters
    assert list(parameters) == ["self", "gen", "interval", "timeout"]
    assert parameters["timeout"].default is None
    assert issubclass(errors._WaitTimeout, Exception)


def test_a_transformer_dumps_and_loads_without_a_cursor(people_database: str) -> None:
    with psycopg.connect(people_database, autocommit=True) as connection:
        transformer = Transformer(connection)
        (parameter,) = transformer.dump_sequence([7], [PyFormat.TEXT])
        assert parameter is not None
        pgconn = connection.pgconn
        pgconn.send_query_params(b"SELECT $1::int, 'x'::text", [parameter])
        result = connection.wait(generators.execute(pgconn))[-1]
        transformer.set_pgresult(result, set_loaders=True)
        assert transformer.load_rows(0, 1, tuple) == [(7, "x")]
        transformer.set_pgresult(result, set_loaders=False)
        assert transformer.load_rows(0, 1, list) == [[7, "x"]]


@pytest.mark.parametrize(
    "name",
    [
        "enter_pipeline_mode",
        "exit_pipeline_mode",
        "finish",
        "pipeline_sync",
        "send_prepare",
        "send_query_params",
        "send_query_prepared",
    ],
)
def test_libpq_is_reached_by_the_same_names(name: str) -> None:
    assert callable(getattr(PGconn, name))


def test_rows_are_formatted_for_copy_without_a_copy(people_database: str) -> None:
    with psycopg.connect(people_database) as connection:
        text = bytearray()
        _copy_base.format_row_text((1, None, "a\tb", True), Transformer(connection), text)
        assert text == b"1\t\\N\ta\\tb\tt\n"
