"""Constraints of tables: the generated constants that errors are compared with, and that upserts name.

There is one object for each constraint of the schema, so that `error.constraint is users.constraints.email_key` holds.
"""

from __future__ import annotations

from typing import Any, Final, Self, cast

from pagespace_db.errors import StatementError

_Identity = tuple[str, str, str]

_made: Final[dict[tuple[object, ...], Constraint]] = {}
_known: Final[dict[_Identity, Constraint]] = {}


class Constraint:
    """A constraint of a table: a check or a foreign key, and base of those that an upsert can name.

    Attributes:
        schema: The schema of its table.
        table: The name of its table.
        name: Its own name; like the others in the database's spelling.
    """

    __slots__ = ("name", "schema", "table")

    schema: str
    table: str
    name: str

    def __new__(cls, schema: str, table: str, name: str, *rest: str) -> Self:
        """Return the one object for this constraint."""
        arguments = (schema, table, name, *rest)
        found = _made.get((cls, *arguments))
        if found is None:
            found = object.__new__(cls)
            found._fill(*arguments)
            _made[cls, *arguments] = _known[schema, table, name] = found
        return cast("Self", found)  # made by this class

    def _fill(self, schema: str, table: str, name: str) -> None:
        self.schema, self.table, self.name = schema, table, name

    def __repr__(self) -> str:
        return f"{self.table}.{self.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.schema, self.table, self.name)


class ExclusionConstraint(Constraint):
    """An exclusion constraint: an insert can do nothing on its conflict."""

    __slots__ = ()


class UniqueConstraint(Constraint):
    """A primary key or unique constraint: an upsert can name it."""

    __slots__ = ()


class UniqueIndex(UniqueConstraint):
    """A unique index that no constraint stands for, such as one over expressions or with a predicate.

    Attributes:
        inference: What follows ON CONFLICT to find it, as the server prints its expressions and its predicate.
    """

    __slots__ = ("inference",)

    inference: str

    # PostgreSQL finds an index by what it is made of, and by its name only if a constraint has it.
    def __new__(cls, schema: str, table: str, name: str, inference: str) -> Self:
        """Return the one object for this index."""
        return super().__new__(cls, schema, table, name, inference)

    def _fill(self, schema: str, table: str, name: str, inference: str = "") -> None:
        super()._fill(schema, table, name)
        self.inference = inference

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.schema, self.table, self.name, self.inference)


def find_constraint(schema: str, table: str, name: str) -> Constraint:
    """Return the constraint that a generated package defines, or a new one, equal to none, for any other."""
    found = _known.get((schema, table, name))
    if found is None:
        # Not kept: SQL functions may raise errors with any name.
        found = object.__new__(Constraint)
        found._fill(schema, table, name)
    return found


def check_constraint_table(constraint: Constraint, schema: str, table: str) -> None:
    """Raise StatementError unless `constraint` is one of the table that is written to."""
    if (constraint.schema, constraint.table) != (schema, table):
        raise StatementError(
            f"{constraint!r} is not a constraint of {schema}.{table}", help=f"take it from {table}.constraints"
        )
