"""What the server said of a schema and its queries, kept while neither changes, so that a next run asks for less."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import Connection

from pagespace_codegen.catalog.introspect import introspect
from pagespace_codegen.catalog.model import Catalog, TypeRef
from pagespace_codegen.catalog.scratch import Loading, loaded_statements
from pagespace_codegen.catalog.source import SourceStatement, load_schema
from pagespace_codegen.describe import describe_views
from pagespace_codegen.queries.memory import Memory
from pagespace_codegen.queries.report import Report, report, sql_files, type_oids
from pagespace_codegen.queries.type_refs import load_type_refs
from pagespace_db.settings import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything that the server has to say of a project.

    Attributes:
        statements: The schema, to find the place of an object in.
        catalog: What it made of the schema.
        report: What it made of the queries.
        types: The types of their parameters and columns, by oid.
    """

    statements: tuple[SourceStatement, ...]
    catalog: Catalog
    report: Report
    types: Mapping[int, TypeRef]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    """A scratch database that holds the schema of these texts, and what was learned from it."""

    texts: tuple[str, ...]
    connection: Connection[Any]
    catalog: Catalog
    memory: Memory


class Workbench:
    """A context in which a project is read as often as one likes; its scratch database lives as long as its schema.

    `ahead` is a schema whose loading has begun: it is waited for, if it is still that of the project.
    """

    def __init__(self, server_url: str | None = None, *, ahead: Loading | None = None) -> None:
        self._server_url = server_url
        self._ahead = ahead
        self._stack = ExitStack()
        self._loaded: _Loaded | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._drop()

    def read(self, project: Project) -> Findings:
        """Return what the server says of the project as it is now.

        Errors: SourceError for what is wrong with the schema, ConfigError, DatabaseUnavailable.
        """
        statements = load_schema(project.schema, project.root)
        try:
            return self._read(project, statements)
        except psycopg.OperationalError:
            if self._loaded is None:
                raise
            self._drop()  # the server has gone since the last time: once more from the start
            return self._read(project, statements)

    def _read(self, project: Project, statements: tuple[SourceStatement, ...]) -> Findings:
        texts = tuple(statement.text for statement in statements)
        if self._loaded is None or self._loaded.texts != texts:
            self._drop()
            self._loaded = self._load(statements, texts)
        loaded = self._loaded
        found = report(loaded.connection, sql_files(project.queries), loaded.memory)
        types = load_type_refs(loaded.connection, type_oids(found))
        return Findings(statements=statements, catalog=loaded.catalog, report=found, types=types)

    def _load(self, statements: tuple[SourceStatement, ...], texts: tuple[str, ...]) -> _Loaded:
        connection = self._stack.enter_context(self._connected(statements))
        catalog = describe_views(introspect(connection), connection)
        return _Loaded(texts=texts, connection=connection, catalog=catalog, memory=Memory(connection))

    @contextmanager
    def _connected(self, statements: tuple[SourceStatement, ...]) -> Generator[Connection[Any]]:
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead.statements == statements:
            yield ahead.wait()
            return
        with loaded_statements(statements, self._server_url) as connection:
            yield connection

    def _drop(self) -> None:
        self._loaded = None
        self._stack.close()
