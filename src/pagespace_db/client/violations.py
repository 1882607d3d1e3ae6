"""Errors of constraints, which say which one: psycopg's own classes, with the generated constant.

    try:
        db.execute(insert(users).values(row))
    except UniqueViolation as error:
        if error.constraint is users.constraints.email_key: ...

Each is a subclass of psycopg's class of the same name, so whoever catches that one catches this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import psycopg
from psycopg import errors

from pagespace_db.builder.constraints import Constraint, find_constraint


class ConstraintViolation(errors.IntegrityError):
    """A constraint of the database refused what a statement would have done."""

    @property
    def constraint(self) -> Constraint | None:
        """The constraint that refused; None for NOT NULL, of which the server says the column only.

        It is an object of the generated package when that knows it. A partition has unique constraints of its own,
        under names of their own.
        """
        return constraint_of(self)

    @property
    def column_name(self) -> str | None:
        """The name of the column that must not be NULL; None for other constraints."""
        return self.diag.column_name


class UniqueViolation(ConstraintViolation, errors.UniqueViolation):
    """A unique key exists already (SQLSTATE 23505)."""


class ForeignKeyViolation(ConstraintViolation, errors.ForeignKeyViolation):
    """A row that is referred to does not exist, or is still referred to (23503)."""


class RestrictViolation(ConstraintViolation, errors.RestrictViolation):
    """A row is still referred to, and ON DELETE RESTRICT keeps it (23001, from PostgreSQL 18 on)."""


class CheckViolation(ConstraintViolation, errors.CheckViolation):
    """A check does not hold (23514)."""


class NotNullViolation(ConstraintViolation, errors.NotNullViolation):
    """A column or a domain must not be NULL (23502)."""


class ExclusionViolation(ConstraintViolation, errors.ExclusionViolation):
    """An exclusion constraint finds a row that is in the way (23P01)."""


_CLASSES: Final[Mapping[type[psycopg.Error], type[ConstraintViolation]]] = {
    errors.CheckViolation: CheckViolation,
    errors.ExclusionViolation: ExclusionViolation,
    errors.ForeignKeyViolation: ForeignKeyViolation,
    errors.NotNullViolation: NotNullViolation,
    errors.RestrictViolation: RestrictViolation,
    errors.UniqueViolation: UniqueViolation,
}


def constraint_of(error: psycopg.Error) -> Constraint | None:
    """Return the constraint that an error of psycopg is about, or None when it is about none."""
    diag = error.diag
    if diag.constraint_name is None:
        return None
    return find_constraint(diag.schema_name or "", diag.table_name or "", diag.constraint_name)


def with_constraint(error: psycopg.Error) -> psycopg.Error:
    """Return `error` itself, of our class if it is about a constraint: with its traceback, and what caused it."""
    ours = _CLASSES.get(type(error))
    if ours is not None:
        error.__class__ = ours
    return error
