"""Raw SQL inside a statement: text that is a literal of the source, with places for expressions and values."""

from __future__ import annotations

import re
from typing import Final, Generic, LiteralString, TypeVar, get_args, get_origin

from pagespace_db.builder.expressions import Expr, Key, Node, Values_, check_name, lift_alone
from pagespace_db.builder.params import param, type_of_class
from pagespace_db.builder.statement import Statement
from pagespace_db.errors import StatementError

T = TypeVar("T")

_PARAMETER: Final = re.compile(r"\$[0-9]")


class sql(Expr[T, T], Generic[T]):  # noqa: N801  # reads as a function: sql[int]("length({})", users.name)
    """A fragment of raw SQL that yields a T and is never NULL; wrap it in opt() when it may be.

    `{}` stands for the next argument: a column, an expression, a table, a query, an identifier() or a value, which is
    bound as a parameter. Write `{{` and `}}` for braces. The template must be a literal in the source.
    """

    __slots__ = ("_alias",)

    def __init__(self, template: LiteralString, *args: object) -> None:
        super().__init__(*fragment(template, args))

    @property
    def __orig_class__(self) -> object:
        """`sql[int]`, which typing sets once the fragment is made."""
        return self._alias

    @__orig_class__.setter
    def __orig_class__(self, alias: object) -> None:
        self._alias = alias
        self._param = param(_type_of(get_args(alias)[0]))


def _type_of(annotation: object) -> str | None:
    """Return the PostgreSQL type of `int` or `list[int]`, or None when nothing is known of it."""
    if get_origin(annotation) is list:
        element_type = _type_of(get_args(annotation)[0])
        return element_type and f"{element_type}[]"
    return type_of_class(annotation) if isinstance(annotation, type) else None


def identifier(*names: str) -> Node:
    """Return `names` as a quoted, dotted identifier, to be an argument of sql[T](...) or raw(...).

    Errors: StatementError when one cannot be an identifier.
    """
    return Node(("identifier", *[check_name(name) for name in names]))


def fragment(template: str, args: tuple[object, ...]) -> tuple[Key, Values_]:
    """Return the key and values of a fragment.

    Errors: StatementError when the template does not fit the arguments.
    """
    pieces = _split_template(template)
    if len(pieces) != len(args) + 1:
        raise StatementError(f"the template has {len(pieces) - 1} places `{{}}` for {len(args)} arguments: {template}")
    lifted = [_argument(arg) for arg in args]
    return (
        ("sql", pieces, tuple([key for key, _ in lifted])),
        tuple([value for _, values in lifted for value in values]),
    )


def _argument(arg: object) -> tuple[Key, Values_]:
    return (("scalar", arg._key), arg._values) if isinstance(arg, Statement) else lift_alone(arg)


def _split_template(template: str) -> tuple[str, ...]:
    if "\0" in template:
        raise StatementError("a fragment has a NUL character, which SQL cannot hold")
    if _PARAMETER.search(template):
        raise StatementError(f"a fragment cannot number its parameters: {template}", help="write {} and pass the value")
    pieces = template.replace("{{", "\0").replace("}}", "\1").split("{}")
    if any("{" in piece or "}" in piece for piece in pieces):
        raise StatementError(
            f"a lone brace in the template: {template}", help="write {{ or }} for a brace, {} for a value"
        )
    return tuple(piece.replace("\0", "{").replace("\1", "}") for piece in pieces)
