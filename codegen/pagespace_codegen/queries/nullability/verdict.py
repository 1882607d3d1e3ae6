"""What the rules say of one expression: whether it can be NULL, and why.

"Not null" is a proof; "nullable" is only the absence of one. A rule that does not know something says nullable.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple


class JoinSide(NamedTuple):
    """A side of an outer join, by the join's place in the range table: rows of that side may be absent."""

    join: int
    side: Literal["left", "right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether an expression can be NULL, and the reason in a few words.

    Attributes:
        is_nullable: Whether it can be NULL.
        why: The reason, naming the column, join or function.
        absent: When not empty: it is NULL only in rows where one of these sides is absent.
    """

    is_nullable: bool
    why: str
    absent: frozenset[JoinSide] = field(default=frozenset())


def never_null(why: str) -> Verdict:
    """Return the verdict "not null"."""
    return Verdict(is_nullable=False, why=why)


def maybe_null(why: str) -> Verdict:
    """Return the verdict "nullable"."""
    return Verdict(is_nullable=True, why=why)


def unless_null(verdicts: Iterable[Verdict], why: str) -> Verdict:
    """Return the verdict on something that is NULL only if one of its parts is."""
    nullable = [verdict for verdict in verdicts if verdict.is_nullable]
    if not nullable:
        return never_null(why)
    absent = frozenset[JoinSide]().union(*(v.absent for v in nullable)) if all(v.absent for v in nullable) else None
    return Verdict(is_nullable=True, why=nullable[0].why, absent=absent or frozenset())


def first_not_null(verdicts: Iterable[Verdict], why: str) -> Verdict:
    """Return the verdict on something that is NULL only if all of its parts are."""
    parts = tuple(verdicts)
    if any(not verdict.is_nullable for verdict in parts):
        return never_null(why)
    # A part that is NULL for other reasons as well says nothing of the sides.
    absences = [verdict.absent for verdict in parts if verdict.absent]
    if not absences:
        return maybe_null("all arguments may be NULL")
    absent = absences[0]
    for other in absences[1:]:
        absent = _absent_together(absent, other)
        if not absent:
            return never_null("a row of a FULL JOIN has at least one of its sides")
    return Verdict(is_nullable=True, why="all arguments may be NULL", absent=absent)


def _absent_together(some: frozenset[JoinSide], others: frozenset[JoinSide]) -> frozenset[JoinSide]:
    """Return sides one of which is absent wherever one of `some` is and one of `others` is.

    The two sides of one FULL JOIN are never absent together.
    """
    common = some & others
    rest = others - common
    return common | {a for a in some - common if any(a.join != b.join for b in rest)}
