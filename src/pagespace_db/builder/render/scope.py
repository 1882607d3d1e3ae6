"""Which sources a column may refer to, by what name, and which of them an outer join may leave empty."""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Final

from pagespace_db.builder.columns import ColumnBase, Source
from pagespace_db.builder.expressions import MAX_NAME_BYTES, Key
from pagespace_db.builder.reading import nullable_part, reads_none
from pagespace_db.builder.render.chain import FromClause
from pagespace_db.errors import StatementError

EXCLUDED: Final = "excluded"
"""What an upsert calls the row that its insert proposed (INSERT, manual)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The sources of a statement, inside those of the statements around it.

    Attributes:
        names: The name of each source, by the table object or the alias of a derived one.
        nullable: The sources that an outer join may leave empty, and the expressions that a grouping set leaves out.
        ctes: The common table expressions that may be referred to.
        outer: The scope of the statement around this one.
        is_bare: Columns stand without the name of their table, as ON CONFLICT wants it.
    """

    names: dict[Key, str]
    nullable: frozenset[Key] = frozenset()
    ctes: frozenset[Key] = frozenset()
    outer: Scope | None = None
    is_bare: bool = False

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

    def check_cte(self, name: str) -> None:
        """Refuse a reference to a common table expression that the statement does not have.

        Errors: StatementError.
        """
        if name not in self.ctes:
            raise StatementError(
                f"the common table expression {name!r} is used, but not declared",
                help="add .with_(...) with it to the outermost statement, after those that it uses itself",
            )

    def nested(self, clause: FromClause) -> Scope:
        """Return the scope of a statement over `clause`, inside this one.

        Tables of one name in several schemas get their schema into the name; one that would hide a source of the
        statements around it gets a number.

        Errors: StatementError when one source stands there twice, or two have one name.
        """
        names: dict[Key, str] = {}
        for source in clause.sources:
            self._add(source, names)
        nullable: set[Key] = set()
        for join in clause.joins:
            if join.kind in ("right_join", "full_join"):
                nullable.update(names)
            self._add(join.source, names)
            if join.kind in ("left_join", "full_join"):
                nullable.add(identity_of(join.source))
        return Scope(names=names, nullable=frozenset(nullable), ctes=self.ctes, outer=self)

    def _add(self, source: Key, names: dict[Key, str]) -> None:
        """Give `source` a name beside `names` that hides no other source of the statements around it."""
        identity = identity_of(source)
        name = identity._alias or identity._name if isinstance(identity, Source) else str(identity)
        if identity in names:
            raise StatementError(f"{name} is joined twice under one name", help=f'use alias({name}, "another_name")')
        if name in names.values() and (not isinstance(identity, Source) or identity._alias is not None):
            raise StatementError(f"two sources are called {name!r}", help="give one of them another alias")
        taken = {*names.values(), *self._names_around(except_for=identity)}
        if name in taken and isinstance(identity, Source) and identity._alias is None:
            name = _shortened(f"{identity._schema}.{name}")
        if isinstance(source, tuple) and source[0] == "related":
            # The condition of a relation may refer to a row of the same table in the statement around it.
            taken.update(self._names_around())
        names[identity] = _free(name, taken)

    def _names_around(self, *, except_for: Key = None) -> Iterator[str]:
        """Yield the names of the sources of the statements around; the same source within hides that one alone."""
        scope: Scope | None = self
        while scope is not None:
            yield from (name for source, name in scope.names.items() if source != except_for)
            scope = scope.outer


ROOT: Final = Scope(names={})
"""The scope around a whole statement."""


def _free(name: str, taken: Collection[str]) -> str:
    """Return `name`, or the first of `name_2`, `name_3` and so on that is not taken."""
    candidates = (name if number == 1 else f"{_shortened(name)}_{number}" for number in count(1))
    return next(candidate for candidate in candidates if candidate not in taken)


def _shortened(name: str) -> str:
    """Return as much of `name` as leaves room for a number in an identifier."""
    return name.encode()[: MAX_NAME_BYTES - 4].decode(errors="ignore")


def identity_of(source: Key) -> Key:
    """Return what column references know a source by: the object of a table, the alias of a derived source."""
    match source:
        case ("cte_reference", _, alias, _):
            return alias
        case (_, identity, *_):
            return identity
        case _:
            return source


def grouped_scope(scope: Scope, group_by: Sequence[Key]) -> Scope:
    """Return the scope of a select list, where what a grouping set leaves out may be NULL."""
    left_out: set[Key] = set()
    for key in group_by:
        match key:
            case ("grouping_list", _, tuple() as keys):
                left_out.update(keys)
            case ("grouping_sets", tuple() as sets):
                left_out.update(each for keys in sets for each in keys)
            case _:
                pass
    return replace(scope, nullable=scope.nullable | left_out) if left_out else scope


def check_nullability(item: Key, scope: Scope) -> None:
    """Refuse an item that is read as never NULL although it may be.

    Errors: StatementError that names the table or column to wrap in opt().
    """
    match item:
        case ("shape", _, tuple() as fields):
            for field in fields:
                check_nullability(field, scope)
            return
        case ("decoded", part, *_):
            check_nullability(part, scope)
            return
        case _ if reads_none(item):
            return
        case _:
            pass
    culprit = nullable_part(item, lambda key: _is_nullable(key, scope))
    if culprit is None:
        return
    if _is_left_out(culprit, scope):
        raise StatementError(
            f"{_described(culprit)} is on the optional side of an outer join or grouping, and is selected as if it "
            "were always there",
            help=f"wrap what reads it: opt({_described(culprit)})",
        )
    raise StatementError(
        f"{_described(culprit)} may be NULL, and so may what is selected",
        help="wrap the expression in opt(), or its operand in coalesce()",
    )


def _is_nullable(key: Key, scope: Scope) -> bool:
    return _is_left_out(key, scope) or (isinstance(key, ColumnBase) and key._is_nullable)


def _is_left_out(key: Key, scope: Scope) -> bool:
    match key:
        case Source():
            return key in scope.nullable
        case ColumnBase():
            return key in scope.nullable or key._table in scope.nullable
        case ("subcolumn" | "subrow", alias, *_):
            return alias in scope.nullable
        case _:
            return key in scope.nullable


def _described(culprit: Key) -> str:
    match culprit:
        case ("subcolumn" | "subrow", alias, int() as index, *_):
            return f"column {index + 1} of {alias}"
        case tuple():
            return "an expression"
        case _:
            return repr(culprit)


def ctes_of(definitions: Iterable[Key], scope: Scope) -> frozenset[Key]:
    """Return the names of the common table expressions of a statement and of those around it.

    Errors: StatementError when one is declared twice.
    """
    names: set[Key] = set()
    for definition in definitions:
        assert isinstance(definition, tuple)  # noqa: S101  # keys are made by this package
        if definition[1] in names:
            raise StatementError(f"the common table expression {definition[1]!r} is declared twice")
        names.add(definition[1])
    return scope.ctes | names
