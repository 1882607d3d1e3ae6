"""Annotated queries that take many sets of values: `:batch`, one statement in one pipeline, and `:copyfrom`, COPY.

Each set is a dict with the names of the parameters, all of them. All sets are written, or none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar, overload

import psycopg

from pagespace_db.builder.statement import Command
from pagespace_db.client._async import AsyncExecutor
from pagespace_db.client._sync import Executor
from pagespace_db.client.copying import RowCopier
from pagespace_db.client.plain import async_learn_types, learn_types
from pagespace_db.client.queries import AnnotatedQuery, AsyncRunner, ParameterType, Runner, query_param
from pagespace_db.client.violations import with_constraint
from pagespace_db.errors import StatementError

R = TypeVar("R")

Values = Iterable[Mapping[str, Any]]
"""What a caller gives; a TypedDict says what is in each."""


class BatchQuery(Generic[R]):
    """A query that runs for each of many sets of values, in one pipeline; its methods say what each run gives."""

    __slots__ = ("_keys", "_query")

    def __init__(self, query: AnnotatedQuery[R], *, keys: Sequence[str]) -> None:
        """Make a batch of `query`, whose parameters are called `keys`."""
        self._query = query
        self._keys = tuple(keys)

    @overload
    def many(self, db: Runner, values: Values) -> list[list[R]]: ...
    @overload
    def many(self, db: AsyncRunner, values: Values) -> Awaitable[list[list[R]]]: ...
    def many(self, db: Runner | AsyncRunner, values: Values) -> list[list[R]] | Awaitable[list[list[R]]]:
        """Return the rows for each set of values."""
        if isinstance(db, AsyncExecutor | psycopg.AsyncConnection):
            return self._many_async(db, values)
        sets = self._sets(values)
        if not sets:
            return []
        try:
            if isinstance(db, Executor):
                return db.batch([self._query._bound(each) for each in sets])
            learn_types(db)
            with db.transaction(), self._query._cursor(db) as cursor:
                cursor.executemany(self._query._text, map(self._query._lifted, sets), returning=True)
                rows = [cursor.fetchall()]
                while cursor.nextset():
                    rows.append(cursor.fetchall())
                return rows
        except psycopg.Error as error:
            raise self._query._noted(error)  # noqa: B904  # the error itself

    async def _many_async(self, db: AsyncRunner, values: Values) -> list[list[R]]:
        sets = self._sets(values)
        if not sets:
            return []
        try:
            if isinstance(db, AsyncExecutor):
                return await db.batch([self._query._bound(each) for each in sets])
            await async_learn_types(db)
            async with db.transaction(), self._query._async_cursor(db) as cursor:
                await cursor.executemany(self._query._text, map(self._query._lifted, sets), returning=True)
                rows = [await cursor.fetchall()]
                while cursor.nextset():
                    rows.append(await cursor.fetchall())
                return rows
        except psycopg.Error as error:
            raise self._query._noted(error)  # noqa: B904  # the error itself

    @overload
    def one(self, db: Runner, values: Values) -> list[R]: ...
    @overload
    def one(self, db: AsyncRunner, values: Values) -> Awaitable[list[R]]: ...
    def one(self, db: Runner | AsyncRunner, values: Values) -> list[R] | Awaitable[list[R]]:
        """Return the only row for each set of values.

        Errors: NoRow or TooManyRows when there is not exactly one; what was written stays, outside of a transaction.
        """
        if isinstance(db, AsyncExecutor | psycopg.AsyncConnection):
            return self._one_async(db, values)
        return [self._query._only(rows) for rows in self.many(db, values)]

    async def _one_async(self, db: AsyncRunner, values: Values) -> list[R]:
        return [self._query._only(rows) for rows in await self._many_async(db, values)]

    @overload
    def opt(self, db: Runner, values: Values) -> list[R | None]: ...
    @overload
    def opt(self, db: AsyncRunner, values: Values) -> Awaitable[list[R | None]]: ...
    def opt(self, db: Runner | AsyncRunner, values: Values) -> list[R | None] | Awaitable[list[R | None]]:
        """Return the only row for each set of values, or None where there is none.

        Errors: TooManyRows when there are more; what was written stays, outside of a transaction.
        """
        if isinstance(db, AsyncExecutor | psycopg.AsyncConnection):
            return self._opt_async(db, values)
        return [self._query._only(rows) if rows else None for rows in self.many(db, values)]

    async def _opt_async(self, db: AsyncRunner, values: Values) -> list[R | None]:
        return [self._query._only(rows) if rows else None for rows in await self._many_async(db, values)]

    @overload
    def execrows(self, db: Runner, values: Values) -> list[int]: ...
    @overload
    def execrows(self, db: AsyncRunner, values: Values) -> Awaitable[list[int]]: ...
    def execrows(self, db: Runner | AsyncRunner, values: Values) -> list[int] | Awaitable[list[int]]:
        """Return the number of rows that were written for each set of values."""
        if isinstance(db, AsyncExecutor | psycopg.AsyncConnection):
            return self._execrows_async(db, values)
        sets = self._sets(values)
        if not sets:
            return []
        try:
            if isinstance(db, Executor):
                return db.batch(self._commands(sets))
            learn_types(db)
            with db.transaction(), self._query._cursor(db) as cursor:
                cursor.executemany(self._query._text, map(self._query._lifted, sets), returning=True)
                return list(_counts(cursor))
        except psycopg.Error as error:
            raise self._query._noted(error)  # noqa: B904  # the error itself

    async def _execrows_async(self, db: AsyncRunner, values: Values) -> list[int]:
        sets = self._sets(values)
        if not sets:
            return []
        try:
            if isinstance(db, AsyncExecutor):
                return await db.batch(self._commands(sets))
            await async_learn_types(db)
            async with db.transaction(), self._query._async_cursor(db) as cursor:
                await cursor.executemany(self._query._text, map(self._query._lifted, sets), returning=True)
                return list(_counts(cursor))
        except psycopg.Error as error:
            raise self._query._noted(error)  # noqa: B904  # the error itself

    @overload
    def exec(self, db: Runner, values: Values) -> None: ...
    @overload
    def exec(self, db: AsyncRunner, values: Values) -> Awaitable[None]: ...
    def exec(self, db: Runner | AsyncRunner, values: Values) -> Awaitable[None] | None:
        """Run the query for each set of values."""
        if isinstance(db, AsyncExecutor | psycopg.AsyncConnection):
            return self._exec_async(db, values)
        self.execrows(db, values)
        return None

    async def _exec_async(self, db: AsyncRunner, values: Values) -> None:
        await self._execrows_async(db, values)

    def _commands(self, sets: Sequence[tuple[object, ...]]) -> list[Command]:
        return [self._query._command(each) for each in sets]

    def _sets(self, values: Values) -> list[tuple[object, ...]]:
        return [self._set(each, number) for number, each in enumerate(values, 1)]

    def _set(self, values: Mapping[str, object], number: int) -> tuple[object, ...]:
        if differing := ", ".join(sorted({*values} ^ {*self._keys})):
            raise StatementError(
                f"set {number} of the values has other keys: {differing}",
                help=f"give every set these: {', '.join(self._keys)}",
            )
        return tuple([values[key] for key in self._keys])


class CopyQuery:
    """An INSERT of one row that is written for any number of them, through COPY."""

    __slots__ = ("_copier", "_source")

    def __init__(
        self,
        *,
        relation: tuple[str, str],
        columns: Sequence[str],
        keys: Sequence[str],
        types: Sequence[ParameterType],
        source: str,
    ) -> None:
        """Make the query.

        Args:
            relation: The schema and the name of the table.
            columns: The columns that are written.
            keys: The names of the parameters that they are written from.
            types: The PostgreSQL types of these.
            source: The name and place of the query.
        """
        self._source = source
        self._copier = RowCopier(
            relation=relation,
            columns=tuple(columns),
            keys=tuple(keys),
            labels=tuple(f"`{key}`" for key in keys),
            params=tuple(map(query_param, types)),
        )

    @overload
    def copyfrom(self, db: Runner, values: Values) -> int: ...
    @overload
    def copyfrom(self, db: AsyncRunner, values: Values) -> Awaitable[int]: ...
    def copyfrom(self, db: Runner | AsyncRunner, values: Values) -> int | Awaitable[int]:
        """Write a row for each set of values, holding one at a time, and return how many there were."""
        if isinstance(db, AsyncExecutor | psycopg.AsyncConnection):
            return self._copyfrom_async(db, values)
        try:
            if isinstance(db, Executor):
                return db._copy_rows(self._copier, values)
            learn_types(db)
            with db.cursor() as cursor:
                with cursor.copy(self._copier.command()) as copy:
                    for chunk in self._copier.chunks(values, db):
                        copy.write(chunk)
                return cursor.rowcount
        except psycopg.Error as error:
            raise self._noted(error)  # noqa: B904  # the error itself

    async def _copyfrom_async(self, db: AsyncRunner, values: Values) -> int:
        try:
            if isinstance(db, AsyncExecutor):
                return await db._copy_rows(self._copier, values)
            await async_learn_types(db)
            async with db.cursor() as cursor:
                async with cursor.copy(self._copier.command()) as copy:
                    for chunk in self._copier.chunks(values, db):
                        await copy.write(chunk)
                return cursor.rowcount
        except psycopg.Error as error:
            raise self._noted(error)  # noqa: B904  # the error itself

    def _noted(self, error: psycopg.Error) -> psycopg.Error:
        error.add_note(f"in {self._source}")
        return with_constraint(error)


def _counts(cursor: psycopg.Cursor[Any] | psycopg.AsyncCursor[Any]) -> Iterator[int]:
    """Yield the number of rows that each run of a statement wrote."""
    yield cursor.rowcount
    while cursor.nextset():
        yield cursor.rowcount
