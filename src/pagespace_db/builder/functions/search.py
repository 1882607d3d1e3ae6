"""Full-text search (manual, chapter 12)."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeVar

from pagespace_db.builder.expressions import Cond, Expr, Key, Operand, Values_
from pagespace_db.builder.params import cast_param, param

T = TypeVar("T")

Syntax = Literal["web", "plain", "phrase", "tsquery"]
_FUNCTIONS: Final[dict[Syntax, str]] = {
    "web": "websearch_to_tsquery",
    "plain": "plainto_tsquery",
    "phrase": "phraseto_tsquery",
    "tsquery": "to_tsquery",
}

_CONFIG: Final = cast_param("regconfig")
_TEXT: Final = param("text")


def matches(a: Operand[Any], typed: str, *, config: str = "simple", syntax: Syntax = "web") -> Cond:
    """Tell whether the tsvector `a` matches what a person typed.

    Args:
        a: A tsvector: a column, or to_tsvector().
        typed: The query.
        config: The text search configuration that `a` was made with.
        syntax: How `typed` is read: "web" takes words, "phrases", or, -not; "plain" wants all words, "phrase" wants
            them in order, and "tsquery" is PostgreSQL's own syntax, in which a mistake is SQLSTATE 42601.
    """
    key, values = _query(typed, config, syntax)
    return Cond(("op", "@@", a._key, key), a._values + values)


def to_tsvector(text: Operand[str], *, config: str = "simple") -> Expr[str, str]:
    """Return the words of `text` as a tsvector; those of NULL are none."""
    empty = ("coalesce", text._key, _TEXT)
    return Expr(("func", "to_tsvector", _CONFIG, empty), (config, *text._values, ""), param("tsvector"))


def ts_rank(a: Operand[Any], typed: str, *, config: str = "simple", syntax: Syntax = "web") -> Expr[float, float]:
    """Return how well the tsvector `a` matches, by how often the words occur; more is better."""
    return _rank("ts_rank", a, typed, config, syntax)


def ts_rank_cd(a: Operand[Any], typed: str, *, config: str = "simple", syntax: Syntax = "web") -> Expr[float, float]:
    """Return how well the tsvector `a` matches, also by how close the words are to each other; more is better."""
    return _rank("ts_rank_cd", a, typed, config, syntax)


def ts_headline(
    text: Operand[str], typed: str, *, config: str = "simple", syntax: Syntax = "web", options: str = ""
) -> Expr[str, str]:
    """Return the part of `text` that answers the query, its words in `<b>`; of NULL it is empty.

    `options` are those of the manual (12.3.4): "StartSel=<mark>, StopSel=</mark>, MaxFragments=2".
    """
    query, values = _query(typed, config, syntax)
    key = ("func", "ts_headline", _CONFIG, ("coalesce", text._key, _TEXT), query, _TEXT)
    return Expr(key, (config, *text._values, "", *values, options), _TEXT)


def _rank(function: str, a: Operand[Any], typed: str, config: str, syntax: Syntax) -> Expr[float, float]:
    query, values = _query(typed, config, syntax)
    # No words, no rank: a row without a tsvector is the worst match.
    key = ("coalesce", ("func", function, a._key, query), cast_param("real"))
    return Expr(key, (*a._values, *values, 0.0), param("real"))


def _query(typed: str, config: str, syntax: Syntax) -> tuple[Key, Values_]:
    return ("func", _FUNCTIONS[syntax], _CONFIG, _TEXT), (config, typed)
