"""Text: patterns, and functions that make text of text."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from pagespace_db.builder.expressions import Cond, Expr, Operand, Value, lift, lift_alone
from pagespace_db.builder.operators import compare
from pagespace_db.builder.params import cast_param, param
from pagespace_db.errors import StatementError

T = TypeVar("T")
R = TypeVar("R")

_TEXT: Final = param("text")
_INTEGER: Final = param("integer")


def like(a: Operand[str], pattern: Value[str]) -> Cond:
    """Return `a LIKE pattern`: `%` and `_` in the pattern are wildcards (see contains for plain text)."""
    return compare("LIKE", a, pattern)


def not_like(a: Operand[str], pattern: Value[str]) -> Cond:
    """Return `a NOT LIKE pattern`."""
    return compare("NOT LIKE", a, pattern)


def ilike(a: Operand[str], pattern: Value[str]) -> Cond:
    """Return `a ILIKE pattern`: like(), without regard to case."""
    return compare("ILIKE", a, pattern)


def not_ilike(a: Operand[str], pattern: Value[str]) -> Cond:
    """Return `a NOT ILIKE pattern`."""
    return compare("NOT ILIKE", a, pattern)


def contains(a: Operand[str], text: str, *, ignore_case: bool = False) -> Cond:
    """Tell whether `text` occurs in `a`; every character stands for itself."""
    return compare("ILIKE" if ignore_case else "LIKE", a, f"%{_escape_like(text)}%")


def starts_with(a: Operand[str], text: str, *, ignore_case: bool = False) -> Cond:
    """Tell whether `a` begins with `text`; every character stands for itself."""
    return compare("ILIKE" if ignore_case else "LIKE", a, f"{_escape_like(text)}%")


def ends_with(a: Operand[str], text: str, *, ignore_case: bool = False) -> Cond:
    """Tell whether `a` ends with `text`; every character stands for itself."""
    return compare("ILIKE" if ignore_case else "LIKE", a, f"%{_escape_like(text)}")


def _escape_like(text: object) -> str:
    if not isinstance(text, str):
        raise StatementError(f"a text to look for is a str, not {type(text).__name__}", help="like() takes expressions")
    # The backslash is LIKE's escape unless an ESCAPE clause says otherwise (manual, 9.7.1).
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def matches_regex(a: Operand[str], pattern: Value[str], *, ignore_case: bool = False) -> Cond:
    """Return `a ~ pattern`: whether the POSIX regular expression matches anywhere in `a` (manual, 9.7.3)."""
    return compare("~*" if ignore_case else "~", a, pattern)


def lower(e: Expr[str, R]) -> Expr[str, R]:
    """Return the text in lower case."""
    return Expr(("func", "lower", e._key), e._values, _TEXT)


def upper(e: Expr[str, R]) -> Expr[str, R]:
    """Return the text in upper case."""
    return Expr(("func", "upper", e._key), e._values, _TEXT)


def trim(e: Expr[str, R], characters: str = " ") -> Expr[str, R]:
    """Return the text without any of `characters` at both of its ends."""
    return Expr(("func", "btrim", e._key, _TEXT), (*e._values, characters), _TEXT)


def length(e: Expr[str, R]) -> Expr[int, int | None]:
    """Return the number of characters; None of NULL."""
    return Expr(("opt", ("func", "length", e._key)), e._values, _INTEGER)


def left(e: Expr[str, R], count: int) -> Expr[str, R]:
    """Return the first `count` characters; of a negative count, all but the last ones."""
    return Expr(("func", "left", e._key, _INTEGER), (*e._values, count), _TEXT)


def right(e: Expr[str, R], count: int) -> Expr[str, R]:
    """Return the last `count` characters; of a negative count, all but the first ones."""
    return Expr(("func", "right", e._key, _INTEGER), (*e._values, count), _TEXT)


def substring(e: Expr[str, R], start: int, count: int) -> Expr[str, R]:
    """Return `count` characters from the one numbered `start`, where the first has the number 1."""
    place = cast_param("integer")
    return Expr(("func", "substr", e._key, place, place), (*e._values, start, count), _TEXT)


def replace(e: Expr[str, R], old: str, new: str) -> Expr[str, R]:
    """Return the text with every `old` in it replaced by `new`."""
    return Expr(("func", "replace", e._key, _TEXT, _TEXT), (*e._values, old, new), _TEXT)


def concat(*parts: str | Operand[Any]) -> Expr[str, str]:
    """Return the parts one after the other, each as text; a part that is NULL is empty."""
    lifted = [lift_alone(part) for part in parts]
    values = tuple([value for _, part_values in lifted for value in part_values])
    return Expr(("total", "concat", *[key for key, _ in lifted]), values, _TEXT)


def string_concat(a: Expr[str, R], b: Value[str]) -> Expr[str, R]:
    """Return `a || b`; NULL when `a` is NULL."""
    key, values = lift(b, _TEXT)
    return Expr(("op", "||", a._key, key), a._values + values, _TEXT)
