"""PageSpace's own queries: each runs, with every parameter bound as its type says."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import ModuleType
from typing import Any, Final

import psycopg
import pytest

from pagespace_db import Database
from pagespace_db.generated.queries import conversation, drives, pages, system

VALUES: Final[dict[str, object]] = {
    "bytes": b"\0" * 32,
    "datetime": dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    "int": 3,
    "Any": {"a": [1, None]},
    "Sequence[str]": ["a", "b"],
    "Sequence[float]": [1, 2.5],
    "Sequence[PageKind]": ["document", "folder"],
    "EmailAddress": "ada@example.org",
    "DriveRole": "editor",
    "PageKind": "document",
    "float": 1.5,
    "str": "x",
}


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    modules: tuple[ModuleType, ...] = (conversation, drives, pages, system)
    for module in modules:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{module.__name__.rpartition('.')[2]}.{name}", function


FUNCTIONS: Final = dict(functions())


def test_there_are_enough_of_them() -> None:
    assert len(FUNCTIONS) >= 25


def values_for(function: Callable[..., Any], annotation: str, *, is_null: bool) -> dict[str, object]:
    values_class = getattr(inspect.getmodule(function), annotation.removeprefix("Iterable[").removesuffix("]"))
    declared = {name: hint.__forward_arg__ for name, hint in values_class.__annotations__.items()}
    return {
        name: None if is_null and hint.endswith(" | None") else VALUES[hint.removesuffix(" | None")]
        for name, hint in declared.items()
    }


@pytest.mark.parametrize("is_null", [False, True], ids=["values", "nulls"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_query_runs(name: str, *, is_null: bool, workspace_database: str) -> None:
    function = FUNCTIONS[name]
    arguments: dict[str, object] = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "values":  # of a batch or a COPY: `Iterable[SomeValues]`
            arguments["values"] = [values_for(function, parameter.annotation, is_null=is_null)] * 2
        elif parameter.name != "db":
            plain = parameter.annotation.removesuffix(" | None").removesuffix(" | Absent")
            if parameter.default is not parameter.empty and (is_null or plain not in VALUES):
                continue  # an optional part is left out, and an order is the default one
            arguments[parameter.name] = None if is_null and plain != parameter.annotation else VALUES[plain]
    # A row that a constraint refuses was bound and understood all the same.
    refused = suppress(_Undo, psycopg.errors.IntegrityError)
    with Database(workspace_database) as db, refused, db.transaction() as transaction:
        result = function(transaction, **arguments)
        if name == "system.activity_of_drive":  # a stream runs when it is read
            assert list(result) == []
        raise _Undo


class _Undo(Exception):
    """Leaves the database as it was."""
