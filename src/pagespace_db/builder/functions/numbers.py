"""Calculations with numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, TypeVar

from pagespace_db.builder.expressions import Expr, Value, lift
from pagespace_db.builder.params import cast_param, param

T = TypeVar("T")
R = TypeVar("R")
NumberT = TypeVar("NumberT", int, float, Decimal)

_INTEGER: Final = cast_param("integer")


def add(a: Expr[T, R], b: Value[T]) -> Expr[T, R]:
    """Return `a + b`."""
    return _calculate("+", a, b)


def subtract(a: Expr[T, R], b: Value[T]) -> Expr[T, R]:
    """Return `a - b`."""
    return _calculate("-", a, b)


def multiply(a: Expr[T, R], b: Value[T]) -> Expr[T, R]:
    """Return `a * b`."""
    return _calculate("*", a, b)


def divide(a: Expr[T, R], b: Value[T]) -> Expr[T, R]:
    """Return `a / b`; the quotient of integers is cut to an integer, as in SQL. Division by zero is SQLSTATE 22012."""
    return _calculate("/", a, b)


def modulo(a: Expr[T, R], b: Value[T]) -> Expr[T, R]:
    """Return the rest of `a / b`, with the sign of `a`."""
    return _calculate("%", a, b)


def _calculate(operator: str, a: Expr[T, R], b: object) -> Expr[T, R]:
    key, values = lift(b, a._param)
    return Expr(("op", operator, a._key, key), a._values + values, a._param)


def abs_(e: Expr[T, R]) -> Expr[T, R]:
    """Return the absolute value."""
    return _same_type("abs", e)


def ceil(e: Expr[T, R]) -> Expr[T, R]:
    """Return the least whole number that is not less; the type stays what it was, but for integers."""
    return _same_type("ceil", e)


def floor(e: Expr[T, R]) -> Expr[T, R]:
    """Return the greatest whole number that is not greater; the type stays what it was, but for integers."""
    return _same_type("floor", e)


def round_(e: Expr[Decimal, R], digits: int = 0) -> Expr[Decimal, R]:
    """Return a numeric rounded to `digits` after the point, halves away from zero."""
    return Expr(("func", "round", e._key, _INTEGER), (*e._values, digits), param("numeric"))


def random() -> Expr[float, float]:
    """Return a random number from 0 to 1, the end not included, for each row anew."""
    return Expr(("func", "random"), (), param("double precision"))


def _same_type(function: str, e: Expr[T, R]) -> Expr[T, R]:
    key: Any = ("func", function, e._key)
    # ceil and floor of an integer are double precision to PostgreSQL.
    # Their type has no modifier: what is rounded up may be too long for that of the column.
    pg_type = e._param.alone().cast
    return Expr(("cast", key, pg_type) if pg_type else key, e._values, e._param)
