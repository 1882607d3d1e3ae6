"""The clauses of a SELECT, taken from the chain of calls that built it."""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from pagespace_db.builder.expressions import Key
from pagespace_db.builder.render.dialect import JoinKind
from pagespace_db.errors import StatementError


@dataclass(frozen=True, slots=True)
class JoinClause:
    """A source joined to those before it; only a cross join has no condition."""

    kind: JoinKind
    source: Key
    condition: Key


@dataclass(slots=True, kw_only=True)
class FromClause:
    """The sources of a statement, and the conditions on their rows."""

    sources: list[Key] = field(default_factory=list[Key])
    joins: list[JoinClause] = field(default_factory=list[JoinClause])
    where: list[Key] = field(default_factory=list[Key])

    def add(self, tag: str, rest: list[Any]) -> bool:
        """Take a step of the chain, if it is one for this clause."""
        match tag:
            case "from":
                self.sources += rest
            case "cross_join":
                self.joins.append(JoinClause(tag, rest[0], None))
            case "join" | "left_join" | "right_join" | "full_join":
                self.joins.append(JoinClause(tag, *rest))
            case "where":
                self.where += rest
            case _:
                return False
        return True


@dataclass(slots=True, kw_only=True)
class SelectClauses:
    """A SELECT up to HAVING."""

    items: list[Key]
    from_: FromClause = field(default_factory=FromClause)
    is_distinct: bool = False
    distinct_on: list[Key] = field(default_factory=list[Key])
    group_by: list[Key] = field(default_factory=list[Key])
    having: list[Key] = field(default_factory=list[Key])

    def add(self, tag: str, rest: list[Any]) -> None:
        """Take a step of the chain."""
        if self.from_.add(tag, rest):
            return
        match tag:
            case "add":
                self.items += rest
            case "group_by":
                self.group_by += rest
            case "having":
                self.having += rest
            case "distinct":
                self.is_distinct = True
            case "distinct_on":
                self.distinct_on += rest
            case _:
                raise AssertionError(tag)


@dataclass(frozen=True, slots=True)
class SetOperation:
    """UNION and its kin over two queries."""

    operator: str
    left: Key
    right: Key


@dataclass(slots=True, kw_only=True)
class Tail:
    """What may follow a SELECT and a set operation alike, and what comes before: WITH."""

    ctes: list[Key] = field(default_factory=list[Key])
    order_by: list[Key] = field(default_factory=list[Key])
    limit: Key = None
    is_limit_with_ties: bool = False
    offset: Key = None
    locks: list[tuple[str, str | None, tuple[Key, ...]]] = field(
        default_factory=list[tuple[str, "str | None", tuple[Key, ...]]]
    )

    def add(self, tag: str, rest: list[Any]) -> bool:
        """Take a step of the chain, if it is one of these clauses."""
        match tag:
            case "with":
                self.ctes += rest
            case "order_by":
                self.order_by += rest
            case "limit" | "limit_with_ties":
                (self.limit,) = rest
                self.is_limit_with_ties = tag == "limit_with_ties"
            case "offset":
                (self.offset,) = rest
            case "for":
                strength, waiting, sources = rest
                self.locks.append((strength, waiting, sources))
            case _:
                return False
        return True


def unroll(key: Key) -> tuple[SelectClauses | SetOperation, Tail]:
    """Return what the chain `key` says, clause by clause.

    Errors: StatementError for a clause that cannot follow a set operation, or DISTINCT in two ways.
    """
    body, steps = unrolled(key)
    clauses = SelectClauses(items=list(body[1:])) if body[0] == "select" else SetOperation(*body[1:])
    tail = Tail()
    for tag, *rest in steps:
        if tag == "for" and isinstance(clauses, SetOperation):
            raise StatementError(f"rows of {clauses.operator} cannot be locked", help="lock those of each side")
        if tail.add(tag, rest):
            continue
        if isinstance(clauses, SetOperation):
            raise StatementError(
                f"{tag} cannot follow {clauses.operator}", help='select from it: select(...).from_(both.as_("both"))'
            )
        clauses.add(tag, rest)
    if isinstance(clauses, SelectClauses) and clauses.is_distinct and clauses.distinct_on:
        raise StatementError("distinct() and distinct_on() exclude each other")
    return clauses, tail


BODIES: Final = frozenset(
    {"select", "set", "raw", "raw_rows", "insert", "insert_bulk", "insert_select", "update", "update_rows", "delete"}
)
"""What a chain begins with."""


def unrolled(key: Any) -> tuple[tuple[Any, ...], list[tuple[Any, ...]]]:
    """Return what the chain begins with, and the steps after it, in order, without their chains."""
    steps: list[tuple[Any, ...]] = []
    while key[0] not in BODIES:
        steps.append((key[0], *key[2:]))
        key = key[1]
    return key, steps[::-1]


def body_of(key: Any) -> tuple[Any, ...]:
    """Return what the chain begins with."""
    return unrolled(key)[0]
