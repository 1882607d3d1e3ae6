"""The clauses of a SELECT, taken from the chain of calls that built it."""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pagespace_db.errors import StatementError
from pagespace_db.query.expressions import Key
from pagespace_db.query.render.dialect import JoinKind


@dataclass(frozen=True, slots=True)
class JoinClause:
    """A source joined to those before it."""

    kind: JoinKind
    source: Key
    condition: Key


@dataclass(slots=True, kw_only=True)
class SelectClauses:
    """A SELECT up to HAVING."""

    items: list[Key]
    is_distinct: bool = False
    sources: list[Key] = field(default_factory=list[Key])
    joins: list[JoinClause] = field(default_factory=list[JoinClause])
    where: list[Key] = field(default_factory=list[Key])
    group_by: list[Key] = field(default_factory=list[Key])
    having: list[Key] = field(default_factory=list[Key])

    def all_sources(self) -> list[Key]:
        """Return the sources of FROM and of every join, in order."""
        return [*self.sources, *(join.source for join in self.joins)]


@dataclass(frozen=True, slots=True)
class SetOperation:
    """UNION and its kin over two queries."""

    operator: str
    left: Key
    right: Key


@dataclass(slots=True, kw_only=True)
class Tail:
    """What may follow a SELECT and a set operation alike."""

    order_by: list[Key] = field(default_factory=list[Key])
    limit: Key = None
    offset: Key = None
    lock: str | None = None


def unroll(key: Key) -> tuple[SelectClauses | SetOperation, Tail]:
    """Return what the chain `key` says, clause by clause.

    Errors: StatementError for a clause that cannot follow a set operation.
    """
    steps: list[tuple[Any, ...]] = []
    body: SelectClauses | SetOperation | None = None
    while body is None:
        match key:
            case ("select", *items):
                body = SelectClauses(items=items)
            case ("set", str() as operator, left, right):
                body = SetOperation(operator, left, right)
            case tuple():
                steps.append(key)
                key = key[1]
            case _:
                raise AssertionError(key)
    tail = Tail()
    for tag, _, *rest in reversed(steps):
        if _add_to_tail(tail, tag, rest):
            continue
        if isinstance(body, SetOperation):
            raise StatementError(
                f"{tag} cannot follow {body.operator}", help='select from it: select(...).from_(both.as_("both"))'
            )
        _add_to_select(body, tag, rest)
    return body, tail


def _add_to_tail(tail: Tail, tag: str, rest: list[Any]) -> bool:
    match tag:
        case "order_by":
            tail.order_by += rest
        case "limit":
            (tail.limit,) = rest
        case "offset":
            (tail.offset,) = rest
        case "for":
            strength, waiting = rest
            tail.lock = f"FOR {strength}" + (f" {waiting}" if waiting else "")
        case _:
            return False
    return True


def _add_to_select(clauses: SelectClauses, tag: str, rest: list[Any]) -> None:
    match tag:
        case "add":
            clauses.items += rest
        case "from":
            clauses.sources += rest
        case "join" | "left_join":
            clauses.joins.append(JoinClause(tag, *rest))
        case "where":
            clauses.where += rest
        case "group_by":
            clauses.group_by += rest
        case "having":
            clauses.having += rest
        case "distinct":
            clauses.is_distinct = True
        case _:
            raise AssertionError(tag)
