"""Tables and columns: what generated code is made of.

A generated table class declares unbound columns; each table object binds its own copies, so that `users` and
`alias(users, "u2")` have columns of their own. Every name here that is not a column or relation starts with `_`,
because a column may be called anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from pagespace_db.builder.expressions import Expr, FromItem, Loaded, Selectable, check_name
from pagespace_db.builder.params import param
from pagespace_db.codecs import Codec

T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
I = TypeVar("I")  # noqa: E741  # the insert type, beside R and U
U = TypeVar("U")
SourceT = TypeVar("SourceT", bound="Source[Any]")


class Row(Loaded):
    """Base of the generated row dataclasses; rows are made positionally, in the order of the table's columns."""

    __slots__ = ()

    _source: ClassVar[Source[Any]]
    """The table or view whose rows these are."""


class ColumnBase(Expr[T, R_co], Generic[T, R_co]):
    """A column of a table, view or alias.

    Attributes:
        _name: Its name in the database.
        _attribute: Its name in Python.
        _pg_type: Its type, as format_type prints it, with the schema unless that is pg_catalog.
        _table: The table object that it belongs to; None while it is only a declaration.
        _default: Makes the value of an insert that leaves the column out.
        _on_update: Makes the value of an update that leaves the column out.
        _has_default: The server fills the column when an insert leaves it out.
        _generated: Only the server writes the column.
        _codec: Makes its values objects of a type of the application, or None.
    """

    __slots__ = (
        "_attribute",
        "_codec",
        "_default",
        "_generated",
        "_has_default",
        "_name",
        "_on_update",
        "_pg_type",
        "_table",
    )

    _is_nullable: ClassVar[bool]

    def __init__(
        self,
        name: str,
        pg_type: str,
        *,
        default: Callable[[], T] | None = None,
        on_update: Callable[[], T] | None = None,
        has_default: bool = False,
        generated: bool = False,
        codec: Codec | None = None,
    ) -> None:
        super().__init__(self, (), param(pg_type, codec))
        self._name = name
        self._pg_type = pg_type
        self._default = default
        self._on_update = on_update
        self._has_default = has_default
        self._generated = generated
        self._codec = codec
        self._attribute = name
        self._table: Source[Any] | None = None

    def __set_name__(self, owner: type, name: str) -> None:
        if self._table is None and issubclass(owner, Source):
            self._attribute = name

    def __repr__(self) -> str:
        return f"{self._table!r}.{self._attribute}"

    def _bound_to(self, table: Source[Any]) -> ColumnBase[T, R_co]:
        copy = type(self)(
            self._name,
            self._pg_type,
            default=self._default,
            on_update=self._on_update,
            has_default=self._has_default,
            generated=self._generated,
            codec=self._codec and self._codec.named(f"{table._name}.{self._name}"),
        )
        copy._attribute = self._attribute
        copy._table = table
        return copy


class Column(ColumnBase[T, T]):
    """A column that is never NULL."""

    __slots__ = ()
    _is_nullable = False


class NullColumn(ColumnBase[T, T | None]):
    """A column that may be NULL: compared with T, read as T | None."""

    __slots__ = ()
    _is_nullable = True


class Source(Selectable[R], FromItem, Generic[R]):
    """A named relation of the database with a row class; base of tables and views."""

    _schema: ClassVar[str]
    _name: ClassVar[str]
    _row: ClassVar[type[Row]]
    _primary_key: ClassVar[tuple[str, ...]]
    _declared: ClassVar[tuple[ColumnBase[Any, Any], ...]]

    def __init_subclass__(
        cls, *, schema: str = "", name: str = "", row: type[Row] = Row, primary_key: tuple[str, ...] = ()
    ) -> None:
        super().__init_subclass__()
        if not name:
            return
        cls._schema, cls._name, cls._row, cls._primary_key = schema, name, row, primary_key
        declared: list[ColumnBase[Any, Any]] = [
            member for member in vars(cls).values() if isinstance(member, ColumnBase)
        ]
        cls._declared = tuple(declared)

    def __init__(self, alias: str | None = None) -> None:
        super().__init__(self)
        self._alias = alias
        self._aliases: dict[str, Source[Any]] = {}
        self._columns = tuple(column._bound_to(self) for column in self._declared)
        self._by_attribute = {column._attribute: column for column in self._columns}
        self._with_default = tuple([column for column in self._columns if column._default is not None])
        self._with_on_update = tuple([column for column in self._columns if column._on_update is not None])
        vars(self).update(self._by_attribute)
        if alias is None:
            self._row._source = self

    def __repr__(self) -> str:
        return self._alias or self._name

    def _column(self, attribute: str) -> ColumnBase[Any, Any]:
        column: ColumnBase[Any, Any] = vars(self)[attribute]
        return column


class Table(Source[R], Generic[R, I, U]):
    """A table: its row dataclass R, and the TypedDicts of an insert (I) and an update (U)."""


class View(Source[R]):
    """A view or materialized view: read only."""


def alias(source: SourceT, name: str) -> SourceT:
    """Return `source` under another name, with columns of its own, for joining it with itself.

    The same name gives the same object each time, so that statements built anew keep their shape.
    """
    found = source._aliases.get(name)
    if not isinstance(found, type(source)):
        found = source._aliases[name] = type(source)(check_name(name))
    return found
