"""JSON documents: reading from, asking about and changing values of json and jsonb."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from psycopg.types.json import Jsonb

from pagespace_db.builder.expressions import Cond, Expr, Operand, lift
from pagespace_db.builder.params import cast_param, param
from pagespace_db.codecs import dump_json

T = TypeVar("T")
R = TypeVar("R")

_JSONB: Final = param("jsonb")
_DOCUMENT: Final = cast_param("jsonb")
_PATH: Final = param("text[]")
_TEXT: Final = param("text")


def json_text(e: Operand[Any], *path: str | int) -> Expr[str, str | None]:
    """Return the text found at `path` of a json or jsonb value; None when there is nothing, or JSON null."""
    return Expr(("opt", ("op", "#>>", e._key, _PATH)), (*e._values, _steps(path)), _TEXT)


def json_get(e: Operand[Any], *path: str | int) -> Expr[Any, Any]:
    """Return the JSON value found at `path`; None when there is nothing, or JSON null."""
    return Expr(("opt", ("op", "#>", e._key, _PATH)), (*e._values, _steps(path)), param(e._param.pg_type))


def json_contains(e: Operand[Any], document: object) -> Cond:
    """Return `e @> document`: whether `document` lies within the jsonb value `e` (manual, 8.14.3)."""
    key, values = lift(document, _DOCUMENT)
    return Cond(("op", "@>", e._key, key), e._values + values)


def json_contained(e: Operand[Any], document: object) -> Cond:
    """Return `e <@ document`: whether the jsonb value `e` lies within `document`."""
    key, values = lift(document, _DOCUMENT)
    return Cond(("op", "<@", e._key, key), e._values + values)


def json_has_key(e: Operand[Any], key: str) -> Cond:
    """Tell whether the jsonb value has `key` at its top level, as a key of an object or an element of an array."""
    return Cond(("op", "?", e._key, cast_param("text")), (*e._values, key))


def json_has_any(e: Operand[Any], *keys: str) -> Cond:
    """Tell whether the jsonb value has any of `keys` at its top level."""
    return Cond(("op", "?|", e._key, _PATH), (*e._values, list(keys)))


def json_has_all(e: Operand[Any], *keys: str) -> Cond:
    """Tell whether the jsonb value has all of `keys` at its top level."""
    return Cond(("op", "?&", e._key, _PATH), (*e._values, list(keys)))


def json_matches(e: Operand[Any], path: str) -> Cond:
    """Tell whether the SQL/JSON path finds anything: `json_matches(e, '$.tags[*] ? (@ == "x")')` (manual, 9.16.2)."""
    return Cond(("op", "@?", e._key, cast_param("jsonpath")), (*e._values, path))


def json_merge(e: Expr[T, R], document: object) -> Expr[T, R]:
    """Return the jsonb object with the keys of `document` in it, which win over those of the same name."""
    key, values = lift(document, _DOCUMENT)
    return Expr(("op", "||", e._key, key), e._values + values, e._param)


def json_set(e: Expr[T, R], path: tuple[str | int, ...], value: object) -> Expr[T, R]:
    """Return the jsonb value with `value` at `path`; its last step is made when it is missing, the others are not."""
    key = ("func", "jsonb_set", e._key, _PATH, _DOCUMENT)
    return Expr(key, (*e._values, _steps(path), Jsonb(value, dumps=dump_json)), e._param)


def json_remove(e: Expr[T, R], *path: str | int) -> Expr[T, R]:
    """Return the jsonb value without what is at `path`."""
    return Expr(("op", "#-", e._key, _PATH), (*e._values, _steps(path)), e._param)


def json_object(**members: Operand[Any]) -> Expr[Any, Any]:
    """Return a jsonb object of the members; what is NULL becomes JSON null."""
    keys: list[Any] = []
    values: list[object] = []
    for name, member in members.items():
        keys += [cast_param("text"), member._key]
        values += [name, *member._values]
    return Expr(("total", "jsonb_build_object", *keys), tuple(values), _JSONB)


def _steps(path: tuple[str | int, ...]) -> list[str]:
    return [str(step) for step in path]
