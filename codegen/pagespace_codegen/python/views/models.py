"""View models: what the templates print, with every name spelled and every line laid out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BODY: Final = 4
"""Spaces before the lines of a class."""

INNER_BODY: Final = 8
"""Spaces before the lines of a class inside of a class."""

RUN_TIME: Final = "pagespace_db"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A statement, and the docstring that stands under it or None."""

    text: str
    doc: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassView:
    """A class: decorator line or None, head, docstring, body, and the classes inside of it."""

    decorator: str | None
    head: str
    doc: str
    lines: tuple[LineView, ...]
    inner: tuple[ClassView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """The classes of a table, and the line that makes its table object."""

    classes: tuple[ClassView, ...]
    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryView:
    """The function of a query, with the constant that it runs.

    Attributes:
        row_maker: A function that makes a row, or None when the constant needs none of its own.
        constant: The query.
        overload: The decorator of the overloads.
        overloads: Their heads.
        head: The head of the function.
        doc: Its docstring.
        body: Its body.
    """

    row_maker: str | None
    constant: str
    overload: str
    overloads: tuple[str, ...]
    head: str
    doc: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file: imports in blocks, and one of the kinds of content that the templates know."""

    doc: str
    imports: tuple[tuple[str, ...], ...]
    late_imports: tuple[str, ...] = ()
    tables: tuple[TableView, ...] = ()
    enums: tuple[tuple[LineView, ...], ...] = ()
    classes: tuple[ClassView, ...] = ()
    domains: tuple[LineView, ...] = ()
    queries: tuple[QueryView, ...] = ()
    statement: str | None = None
