"""The algebra that everything else is made of: nodes, expressions and conditions.

`Expr[T, R]` has two parameters: T is what it may be compared with or set to (never Optional, invariant), R what
reading it yields (covariant). `Expr[str, str | None]` is thus a nullable text: compared with str, read as str | None.

TypeVars are declared in the old style because variance is *declared* here: PEP 695 would infer it from the bodies,
and an invariant T that no body uses would become bivariant, so that `eq(text_column, 5)` type-checked.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import (
    Any,
    ClassVar,
    Final,
    Generic,
    Never,
    Protocol,
    Self,
    TypeAlias,
    TypeVar,
    Union,
    overload,
)

from pagespace_db.builder.params import UNTYPED, Param, param_of_value
from pagespace_db.errors import StatementError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

Key: TypeAlias = Hashable
"""The shape of a node: nested tuples `(tag, ...)` over str, None, Param, and Table and Column objects.

Params appear in a key in the order of the values beside it; `compile` relies on that.
"""

Values_: TypeAlias = tuple[object, ...]


def parts_of(key: Key) -> tuple[Any, ...]:
    """Return the parts of a key that is known to be a tuple; of any other, none."""
    return key if isinstance(key, tuple) else ()  # pyright: ignore[reportUnknownVariableType]  # isinstance cannot tell


class Loaded:
    """Base of everything that a query returns as an object: rows of tables, and shapes.

    A subclass that holds nodes is a shape: it becomes a dataclass with a field for each of them, and the nodes stay
    readable on the class.
    """

    __slots__ = ()

    _members: ClassVar[Mapping[str, Node]] = {}
    """What the attributes of a shape are read from, by name; empty for a plain row."""

    _base_row: ClassVar[type[Any] | None] = None
    """The row class that a shape adds to; None when it is a plain row, or lists all of its attributes itself."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = {name: member for name, member in vars(cls).items() if isinstance(member, Node)}
        if not own:
            return
        if not cls._members and hasattr(cls, "__dataclass_fields__"):
            cls._base_row = cls.__mro__[1]
        cls._members = {**cls._members, **own}
        _make_dataclass(cls, own)


def _make_dataclass(cls: type[Any], members: Mapping[str, Node]) -> None:
    for name in members:
        delattr(cls, name)
    cls.__annotations__ = {**inspect.get_annotations(cls), **dict.fromkeys(members, "Any")}
    dataclasses.dataclass(kw_only=True)(cls)
    for name, member in members.items():
        setattr(cls, name, member)


class Node:
    """A frozen piece of a statement: its shape and the values that it binds."""

    __slots__ = ("_key", "_values")

    _key: Key
    _values: Values_

    def __init__(self, key: Key, values: Values_ = ()) -> None:
        self._key = key
        self._values = values

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._key!r}>"

    def __bool__(self) -> bool:
        raise StatementError(
            f"a {type(self).__name__} is a piece of SQL and has no truth value in Python",
            help="combine conditions with and_(), or_() and not_(); compare with eq(), not with ==",
        )


class Selectable(Node, Generic[R_co]):
    """What select() takes, and what an attribute of a Shape may be; reading it yields R."""

    __slots__ = ()

    @overload
    def __get__(self, obj: None, owner: Any) -> Self: ...
    @overload
    def __get__(self, obj: Loaded, owner: Any) -> R_co: ...
    @overload
    def __get__(self, obj: object, owner: Any) -> Self: ...
    def __get__(self, obj: object, owner: Any) -> Any:
        """Return the expression itself: a loaded value lies in the instance and is found before this is asked.

        Errors: AttributeError on an object whose query did not load it.
        """
        if isinstance(obj, Loaded):
            msg = f"{type(obj).__name__} was made without this value"
            raise AttributeError(msg)
        return self


class Operand(Node, Generic[T]):
    """What operators take: something that may be compared with a T.

    Attributes:
        _param: How a value beside this operand is bound.
    """

    __slots__ = ("_param",)

    _param: Param


class Expr(Selectable[R_co], Operand[T], Generic[T, R_co]):
    """A typed SQL expression: compared with T, read as R."""

    __slots__ = ()

    def __init__(self, key: Key, values: Values_ = (), beside: Param = UNTYPED) -> None:
        # The attributes of Node are set here, not by its __init__: expressions are made at every execution.
        self._key = key
        self._values = values
        self._param = beside


def item_of(node: Node) -> Key:
    """Return the key of `node` as an item of a result: an expression of an application's type says how it is read."""
    if node._key is node or not isinstance(node, Operand) or node._param.codec is None:
        return node._key
    return ("decoded", node._key, node._param.codec, node._param.pg_type)


def expression_in(item: Key) -> Key:
    """Return the key of the expression that an item is read from."""
    parts = parts_of(item)
    return parts[1] if parts[:1] == ("decoded",) else item


class Cond(Expr[bool, bool]):
    """A condition: an expression of type boolean."""

    __slots__ = ()


class FromItem(Node):
    """What FROM and JOIN take: tables, views, subqueries, common table expressions, functions that return rows."""

    __slots__ = ()


class Order(Node, Generic[R_co]):
    """A term of ORDER BY, over an expression that reads as R; a value beside that expression is bound by `_param`."""

    __slots__ = ("_param",)

    def __init__(self, key: Key, values: Values_ = (), beside: Param = UNTYPED) -> None:
        super().__init__(key, values)
        self._param = beside


# The never-met Callable makes mypy infer T from the left operand, and so name the right types in its errors.
Value: TypeAlias = Union[T, Operand[T], Callable[[Never], T]]
NonNull: TypeAlias = Union[T, Expr[T, T], Callable[[Never], T]]


class Values(Protocol[T_co]):
    """A sized collection that is not a str (whose `__contains__` takes only str)."""

    def __contains__(self, x: object, /) -> bool:
        """Tell whether `x` is in the collection."""
        ...

    def __iter__(self) -> Iterator[T_co]:
        """Iterate over the values."""
        ...

    def __len__(self) -> int:
        """Return the number of values."""
        ...


def lift(value: object, beside: Param) -> tuple[Key, Values_]:
    """Return the key and values of `value`, which stands beside an operand that binds by `beside`.

    Errors: StatementError for None, which no comparison of SQL finds.
    """
    if isinstance(value, Node):
        return value._key, value._values
    if value is None:
        raise StatementError(
            "a comparison with None is never true in SQL",
            help="use is_null(x), is_not_null(x) or is_distinct_from(x, value)",
        )
    if beside.pg_type is None:
        beside = param_of_value(value)
    elif beside.is_named and beside.codec is None and dataclasses.is_dataclass(value):
        # Beside a composite, the server takes text of unknown type for an anonymous record, which it cannot read.
        beside = beside.alone()
    return beside, (value if beside.adapt is None else beside.adapt(value),)


def lift_alone(value: object, beside: Param = UNTYPED) -> tuple[Key, Values_]:
    """Return the key and values of `value` where nothing tells the server its type: as a result, or an argument.

    A plain value is cast to the type of the operand that binds by `beside`, or to that of its Python class.
    """
    return lift(value, beside.alone())


def check_condition(condition: object) -> Operand[bool]:
    """Return `condition`.

    Errors: StatementError unless it is an expression.
    """
    if isinstance(condition, Operand):
        return condition  # pyright: ignore[reportUnknownVariableType]  # its type is checked statically
    raise StatementError(
        f"a condition must be an expression, not {type(condition).__name__}",
        help="write eq(column, value); `==` compares the Python objects",
    )


MAX_NAME_BYTES: Final = 63
"""PostgreSQL cuts longer names silently (manual, 4.1.1), and two of them may then be one."""


def check_name(name: str) -> str:
    """Return `name`.

    Errors: StatementError when it cannot be an identifier of PostgreSQL.
    """
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        size = 0
    if not 0 < size <= MAX_NAME_BYTES or "\0" in name:
        raise StatementError(
            f"{name!r} cannot be a name in SQL", help=f"use 1 to {MAX_NAME_BYTES} bytes of valid text without NUL"
        )
    return name


@overload
def opt(x: Expr[T, R]) -> Expr[T, R | None]: ...
@overload
def opt(x: Selectable[R]) -> Selectable[R | None]: ...
def opt(x: Selectable[Any]) -> Selectable[Any]:
    """Return `x` read as its value or None: it is NULL where an outer join finds no row, or may be for other reasons.

    A whole table is absent when its primary key is NULL, not when all of its columns are.
    """
    key = ("opt", x._key)
    if isinstance(x, Expr):
        return Expr[Any, Any](key, x._values, x._param)
    return Selectable(key, x._values)
