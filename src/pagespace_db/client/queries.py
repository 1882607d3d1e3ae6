"""What the generated functions of annotated queries run on: a database, a transaction, or a connection of psycopg.

A query is fixed text, so that on our own connections it is prepared once and costs what a cached statement of the
builder costs. On a plain connection of psycopg it goes through a raw cursor, which takes the same `$1`; the first
function on such a connection teaches it the types of the schema, so that rows are there what they are here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Final, Generic, TypeAlias, TypeVar, overload

import psycopg

from pagespace_db.builder.compile import Compiled
from pagespace_db.builder.params import Param, param
from pagespace_db.builder.rows import object_maker
from pagespace_db.builder.statement import Command, Statement
from pagespace_db.client._async import AsyncExecutor
from pagespace_db.client._sync import Executor
from pagespace_db.client.plain import async_learn_types, learn_types
from pagespace_db.client.violations import with_constraint
from pagespace_db.codecs import Codec
from pagespace_db.errors import NoRow, TooManyRows

R = TypeVar("R")

Runner: TypeAlias = Executor | psycopg.Connection[Any]
"""What a generated function runs on when it is called without await."""

AsyncRunner: TypeAlias = AsyncExecutor | psycopg.AsyncConnection[Any]
"""What a generated function runs on when it is awaited."""

ParameterType: TypeAlias = str | tuple[str, Codec | None]
"""The PostgreSQL type of a parameter, with the codec of its values if they have one."""

_CURSOR: Final = "pagespace_query"

# An int is a float to type checkers, and a Decimal to arithmetic, but psycopg takes no list of both.
_NUMBERS: Final[Mapping[str, Callable[[Any], object]]] = {
    "double precision[]": float,
    "numeric[]": Decimal,
    "real[]": float,
}


class _Bound(Statement[R], Generic[R]):
    """A query with its values."""

    __slots__ = ("_fixed",)

    def __init__(self, fixed: Compiled[R], values: tuple[object, ...]) -> None:
        super().__init__(fixed.key, values)
        self._fixed = fixed

    @property
    def _compiled(self) -> Compiled[R]:
        return self._fixed


class _BoundCommand(Command):
    """A query with its values, of which only the number of rows is wanted."""

    __slots__ = ("_fixed",)

    def __init__(self, fixed: Compiled[Any], values: tuple[object, ...]) -> None:
        super().__init__(fixed.key, values)
        self._fixed = fixed

    @property
    def _compiled(self) -> Compiled[Any]:
        return self._fixed


class AnnotatedQuery(Generic[R]):
    """A query of a file: its text, how its values are bound, and what its rows become.

    The methods are the commands of annotations. Errors of the server get a note with the name and place of the query.
    """

    __slots__ = ("_compiled", "_lifts", "_make_row", "_picks", "_source", "_text")

    def __init__(
        self,
        sql: str,
        *,
        types: Sequence[ParameterType],
        make_row: Callable[[Sequence[Any]], R],
        source: str,
        picks: Sequence[int] | None = None,
    ) -> None:
        """Make a query of `sql`, whose parameters `$1` and so on have these PostgreSQL types.

        Args:
            sql: The statement.
            types: The types of its parameters.
            make_row: Makes a row of its values.
            source: The name and place of the query.
            picks: Which of the values that a method is given are those of the parameters; None for all of them.
        """
        self._text = sql.encode()
        params = tuple(map(query_param, types))
        self._lifts = tuple(param.lift for param in params)
        self._make_row = make_row
        self._picks = picks
        self._source = source
        self._compiled = Compiled(
            sql=self._text,
            order=None,
            parameter_count=len(params),
            make_row=make_row,
            key=("annotated", *params),
        )

    @overload
    def many(self, db: Runner, *values: object) -> list[R]: ...
    @overload
    def many(self, db: AsyncRunner, *values: object) -> Awaitable[list[R]]: ...
    def many(self, db: Runner | AsyncRunner, *values: object) -> list[R] | Awaitable[list[R]]:
        """Return every row."""
        if isinstance(db, AsyncExecutor | psycopg.AsyncConnection):
            return self._many_async(db, values)
        try:
            if isinstance(db, Executor):
                return db.all(self._bound(values))
            learn_types(db)
            with self._cursor(db) as cursor:
                return cursor.execute(self._text, self._lifted(values)).fetchall()
        except psycopg.Error as error:
            raise self._noted(error)  # noqa: B904  # the error itself

    async def _many_async(self, db: AsyncRunner, values: tuple[object, ...]) -> list[R]:
        try:
            if isinstance(db, AsyncExecutor):
                return await db.all(self._bound(values))
            await async_learn_types(db)
            async with self._async_cursor(db) as cursor:
                await cursor.execute(self._text, self._lifted(values))
                return await cursor.fetchall()
        except psycopg.Error as error:
            raise self._noted(error)  # noqa: B904  # the error itself

    @overload
    def one(self, db: Runner, *values: object) -> R: ...
    @overload
    def one(self, db: AsyncRunner, *values: object) -> Awaitable[R]: ...
    def one(self, db: Runner | AsyncRunner, *values: object) -> R | Awaitable[R]:
        """Return the only row.

        Errors: NoRow when there is none, TooManyRows when there are more.
        """
        if isinstance(db, AsyncExecutor | psycopg.AsyncConnection):
            return self._one_async(db, values)
        return self._only(self.many(db, *values))

    async def _one_async(self, db: AsyncRunner, values: tuple[object, ...]) -> R:
        return self._only(await self._many_async(db, values))

    @overload
    def opt(self, db: Runner, *values: object) -> R | None: ...
    @overload
    def opt(self, db: AsyncRunner, *values: object) -> Awaitable[R | None]: ...
    def opt(self, db: Runner | AsyncRunner, *values: object) -> R | Awaitable[R | None] | None:
        """Return the only row, or None when there is none.

        Errors: TooManyRows when there are more.
        """
        if isinstance(db, AsyncExecutor | psycopg.AsyncConnection):
            return self._opt_async(db, values)
        rows = self.many(db, *values)
        return self._only(rows) if rows else None

    async def _opt_async(self, db: AsyncRunner, values: tuple[object, ...]) -> R | None:
        rows = await self._many_async(db, values)
        return self._only(rows) if rows else None

    @overload
    def stream(self, db: Runner, *values: object) -> Iterator[R]: ...
    @overload
    def stream(self, db: AsyncRunner, *values: object) -> AsyncIterator[R]: ...
    def stream(self, db: Runner | AsyncRunner, *values: object) -> Iterator[R] | AsyncIterator[R]:
        """Yield the rows from a cursor of the server. A plain connection has to be in a transaction."""
        if isinstance(db, AsyncExecutor | psycopg.AsyncConnection):
            return self._stream_async(db, values)
        return self._stream(db, values)

    def _stream(self, db: Runner, values: tuple[object, ...]) -> Iterator[R]:
        try:
            if isinstance(db, Executor):
                yield from db.stream(self._bound(values))
                return
            learn_types(db)
            with psycopg.RawServerCursor(db, _CURSOR, row_factory=self._row_factory) as cursor:
                yield from cursor.execute(self._text, self._lifted(values))
        except psycopg.Error as error:
            raise self._noted(error)  # noqa: B904  # the error itself

    async def _stream_async(self, db: AsyncRunner, values: tuple[object, ...]) -> AsyncIterator[R]:
        try:
            if isinstance(db, AsyncExecutor):
                async for row in db.stream(self._bound(values)):
                    yield row
                return
            await async_learn_types(db)
            async with psycopg.AsyncRawServerCursor(db, _CURSOR, row_factory=self._row_factory) as cursor:
                async for row in await cursor.execute(self._text, self._lifted(values)):
                    yield row
        except psycopg.Error as error:
            raise self._noted(error)  # noqa: B904  # the error itself

    @overload
    def execrows(self, db: Runner, *values: object) -> int: ...
    @overload
    def execrows(self, db: AsyncRunner, *values: object) -> Awaitable[int]: ...
    def execrows(self, db: Runner | AsyncRunner, *values: object) -> int | Awaitable[int]:
        """Run the query and return the number of rows that it wrote."""
        if isinstance(db, AsyncExecutor | psycopg.AsyncConnection):
            return self._execrows_async(db, values)
        try:
            if isinstance(db, Executor):
                return db.execute(self._command(values))
            learn_types(db)
            with self._cursor(db) as cursor:
                return cursor.execute(self._text, self._lifted(values)).rowcount
        except psycopg.Error as error:
            raise self._noted(error)  # noqa: B904  # the error itself

    async def _execrows_async(self, db: AsyncRunner, values: tuple[object, ...]) -> int:
        try:
            if isinstance(db, AsyncExecutor):
                return await db.execute(self._command(values))
            await async_learn_types(db)
            async with self._async_cursor(db) as cursor:
                await cursor.execute(self._text, self._lifted(values))
                return cursor.rowcount
        except psycopg.Error as error:
            raise self._noted(error)  # noqa: B904  # the error itself

    @overload
    def exec(self, db: Runner, *values: object) -> None: ...
    @overload
    def exec(self, db: AsyncRunner, *values: object) -> Awaitable[None]: ...
    def exec(self, db: Runner | AsyncRunner, *values: object) -> Awaitable[None] | None:
        """Run the query."""
        if isinstance(db, AsyncExecutor | psycopg.AsyncConnection):
            return self._exec_async(db, values)
        self.execrows(db, *values)
        return None

    async def _exec_async(self, db: AsyncRunner, values: tuple[object, ...]) -> None:
        await self._execrows_async(db, values)

    def _bound(self, values: tuple[object, ...]) -> _Bound[R]:
        return _Bound(self._compiled, self._lifted(values))

    def _command(self, values: tuple[object, ...]) -> Command:
        return _BoundCommand(self._compiled, self._lifted(values))

    def _lifted(self, values: tuple[object, ...]) -> tuple[object, ...]:
        if self._picks is not None:
            values = tuple([values[pick] for pick in self._picks])
        return tuple([lift(value) for lift, value in zip(self._lifts, values, strict=True)])

    def _cursor(self, connection: psycopg.Connection[Any]) -> psycopg.RawCursor[R]:
        return psycopg.RawCursor(connection, row_factory=self._row_factory)

    def _async_cursor(self, connection: psycopg.AsyncConnection[Any]) -> psycopg.AsyncRawCursor[R]:
        return psycopg.AsyncRawCursor(connection, row_factory=self._row_factory)

    def _row_factory(self, cursor: object) -> Callable[[Sequence[Any]], R]:
        del cursor  # the rows are known without it
        return self._make_row

    def _only(self, rows: list[R]) -> R:
        if len(rows) == 1:
            return rows[0]
        if not rows:
            raise NoRow(f"{self._source} found no row, where one was asked for", help="use :opt where that may happen")
        raise TooManyRows(
            f"{self._source} found {len(rows)} rows, where one was asked for",
            help="narrow it to one row, or use :many",
        )

    def _noted(self, error: psycopg.Error) -> psycopg.Error:
        error.add_note(f"in {self._source}")
        return with_constraint(error)


@cache
def query_param(type: ParameterType) -> Param:
    """Return how the values of a parameter of an annotated query are bound."""
    if not isinstance(type, str):
        return param(*type)
    pg_type = type
    place, number = param(pg_type), _NUMBERS.get(pg_type)
    if number is None:
        return place

    def lift(values: object) -> object:
        listed: Any = place.lift(values)  # a list of anything
        return [None if each is None else number(each) for each in listed]

    return Param(pg_type, place.cast, lift)


def decoding(
    make_row: Callable[[Sequence[Any]], R], codecs: Mapping[int, tuple[str, Codec | None]]
) -> Callable[[Sequence[Any]], R]:
    """Return `make_row` of values of which some are decoded before.

    `codecs` has them by the place of the value: its name for errors, and its codec.
    """
    decoders = [(place, codec.named(name).decode_nullable) for place, (name, codec) in codecs.items() if codec]
    if not decoders:
        return make_row

    def decoded(values: Sequence[Any]) -> R:
        changed = list(values)
        for place, decode in decoders:
            changed[place] = decode(changed[place])
        return make_row(changed)

    return decoded


def scalar(values: Sequence[Any]) -> Any:
    """Return the only value of a row."""
    return values[0]


def objects_of(cls: type[R]) -> Callable[[Sequence[Any]], R]:
    """Return a function from the values of a row to an object of a dataclass, in the order of its fields."""
    make: Callable[[Sequence[Any]], R] = object_maker(cls, tuple(cls.__dict__["__dataclass_fields__"]))  # type: ignore[arg-type]  # mypy: a type[R] is hashable
    return make
