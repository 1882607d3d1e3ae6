"""Which sources a column may refer to, by what name, and which of them an outer join may leave empty."""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pagespace_db.errors import StatementError
from pagespace_db.query.columns import ColumnBase, Source
from pagespace_db.query.expressions import Key

EXCLUDED: Final = "excluded"
"""What an upsert calls the row that its insert proposed (INSERT, manual)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The sources of a statement, inside those of the statements around it.

    Attributes:
        names: The name of each source, by the table object or the alias of the subquery.
        nullable: The sources that an outer join may leave empty.
        outer: The scope of the statement around this one.
    """

    names: dict[Key, str]
    nullable: frozenset[Key] = frozenset()
    outer: Scope | None = None

    def name_of(self, source: Key, column: ColumnBase[Any, Any] | None = None) -> str:
        """Return the name of `source`, to be put before `column`.

        Errors: StatementError when it is not in the statement.
        """
        scope: Scope | None = self
        while scope is not None:
            if source in scope.names:
                return scope.names[source]
            scope = scope.outer
        if source == EXCLUDED:
            raise StatementError("excluded() is used outside of on_conflict_do_update()")
        used = f"the column {column!r} is" if column is not None else f"{source!r} is"
        raise StatementError(
            f"{used} used, but {source!r} is not in this statement", help=f"add .from_({source!r}), or join it"
        )


def scope_of(sources: Sequence[Key], nullable: Sequence[Key] = (), outer: Scope | None = None) -> Scope:
    """Return the scope of a statement over `sources`.

    Tables of one name in several schemas get their schema into the name.

    Errors: StatementError when one source stands there twice.
    """
    names: dict[Key, str] = {}
    for source in sources:
        identity = identity_of(source)
        name = identity._alias or identity._name if isinstance(identity, Source) else str(identity)
        if identity in names:
            raise StatementError(f"{name} is joined twice under one name", help=f'use alias({name}, "another_name")')
        if name in names.values():
            if not isinstance(source, Source) or source._alias is not None:
                raise StatementError(f"two sources are called {name!r}", help="give one of them another alias")
            name = f"{source._schema}.{name}"
        names[identity] = name
    return Scope(names, frozenset(identity_of(source) for source in nullable), outer)


def identity_of(source: Key) -> Key:
    """Return what column references know a source by: the object of a table, the alias of a subquery."""
    return source[1] if isinstance(source, tuple) else source


def check_nullability(item: Key, scope: Scope) -> None:
    """Refuse an item that is read as never NULL although an outer join may leave it so.

    Errors: StatementError that names the table or column to wrap in opt().
    """
    missing = _possibly_null(item, scope)
    if missing is not None:
        raise StatementError(
            f"{missing!r} is on the optional side of a left join, and is selected as if it were always there",
            help=f"wrap what reads it: opt({missing!r})",
        )


def _possibly_null(item: Key, scope: Scope) -> Key:
    """Return the table or column through which `item`, typed as never NULL, may be NULL after all, or None."""
    match item:
        case Source():
            return item if item in scope.nullable else None
        case ColumnBase():
            return item if item._table in scope.nullable and not item._is_nullable else None
        case ("shape", _, tuple() as parts) | ("op", _, *parts) | ("func", _, *parts) | ("cast", *parts):
            return next((found for part in parts if (found := _possibly_null(part, scope)) is not None), None)
        case _:
            return None  # opt(), aggregates, coalesce and the like say in their own type what they may be
