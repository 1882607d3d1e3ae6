"""Errors of the server in a query -> findings: the place in the file, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final

from psycopg import Connection

from pagespace_codegen.queries.server import ServerError
from pagespace_codegen.queries.source.annotations import AnnotatedQuery
from pagespace_db.errors import Finding, nearest
from pagespace_db.location import Location
from pagespace_db.sqltext import Token, TokenKind, tokens

_INDETERMINATE_TYPE: Final = "42P18"
_AMBIGUOUS_PARAMETER: Final = "42P08"
_UNDEFINED_PARAMETER: Final = "42P02"
_PARAMETER: Final = re.compile(r"\$([0-9]+)")  # part of the message in every language
_MOST_SHOWN: Final = 8

_COLUMNS: Final = """
SELECT c.relname, a.attname FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
  AND c.relnamespace NOT IN (
    SELECT oid FROM pg_catalog.pg_namespace WHERE nspname LIKE 'pg\\_%' OR nspname = 'information_schema'
  )
ORDER BY c.relname, a.attnum
"""
_FUNCTIONS: Final = "SELECT DISTINCT proname FROM pg_catalog.pg_proc WHERE prokind IN ('f', 'a', 'w') ORDER BY proname"


class KnownNames:
    """The names of the database, read when the first wrong one has to be explained."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    @cached_property
    def columns(self) -> dict[str, list[str]]:
        """The columns of each table and view."""
        found: dict[str, list[str]] = {}
        for relation, column in self._connection.execute(_COLUMNS):
            found.setdefault(relation, []).append(column)
        return found

    @cached_property
    def functions(self) -> list[str]:
        """The names of functions."""
        return [name for (name,) in self._connection.execute(_FUNCTIONS)]


def explain(query: AnnotatedQuery, error: ServerError, known: KnownNames) -> Finding:
    """Return the finding for a query that the server refuses."""
    location = _place(query, error)
    blamed = location.source_line[location.column - 1 : location.column - 1 + location.length]
    word = _unquoted(blamed.rpartition(".")[2])
    message = error.message if error.detail is None else f"{error.message} ({error.detail})"
    return Finding(
        message=f"query `{query.name}`: {message}",
        location=location,
        code=error.sqlstate,
        help=_help(query, error, word, known),
    )


def _help(query: AnnotatedQuery, error: ServerError, word: str, known: KnownNames) -> str | None:
    match error.sqlstate:
        case "42703":
            tables = {name: known.columns[name] for name in _names(query.source) if name in known.columns}
            return _columns_help(word, tables) or error.hint
        case "42P01":
            return _did_you_mean(word, known.columns) or error.hint
        case "42883":
            return _did_you_mean(word, known.functions) or error.hint
        case "42P18" | "42P08":
            name = _parameter_name(query, error) or (query.parameters[0] if query.parameters else "name")
            gap = "number the parameters without gaps, and " if query.parameters[:1] == ("p1",) else ""
            cast = f"{query.spelling(name)}::text"
            return f"{gap}say the type of `{name}` by a cast such as {cast}, or by `-- param: {name} text`"
        case _:
            return error.hint


def _columns_help(word: str, tables: dict[str, list[str]]) -> str | None:
    guess = nearest(word, {column for columns in tables.values() for column in columns})
    lists: list[str] = []
    for table, columns in tables.items():
        if guess is None or guess in columns:
            shown = ", ".join(columns[:_MOST_SHOWN]) + (", ..." if len(columns) > _MOST_SHOWN else "")
            lists.append(f"columns of `{table}`: {shown}")
    parts = [f"did you mean `{guess}`?" if guess else "", *lists]
    return " ".join(filter(None, parts)) or None


def _did_you_mean(word: str, known: Iterable[str]) -> str | None:
    guess = nearest(word, known)
    return f"did you mean `{guess}`?" if guess is not None and guess != word else None


def _place(query: AnnotatedQuery, error: ServerError) -> Location:
    """Return the place of what is to blame: a word, a parameter, or else the name of the query."""
    if error.position is None:
        name = _parameter_name(query, error)
        return query.name_location() if name is None else query.parameter_location(name)
    start = query.source_offset(error.position - 1)
    return query.location(start, length=_length_at(query, start))


def _length_at(query: AnnotatedQuery, offset: int) -> int:
    """Return the length of the word at an offset of the file; of a name with dots all of it."""
    inside = offset - query.start
    words = [token for token in tokens(query.source) if token.end > inside]
    if not words or words[0].start > inside:
        return 1
    end = words[0].end
    for token, following in zip(words[1::2], words[2::2], strict=False):
        if query.source[token.start : token.end] != "." or not _is_name(following):
            break
        end = following.end
    return end - inside


def _is_name(token: Token) -> bool:
    return token.kind in {TokenKind.IDENTIFIER, TokenKind.QUOTED_IDENTIFIER}


def _parameter_name(query: AnnotatedQuery, error: ServerError) -> str | None:
    """Return the parameter that an error is about."""
    if error.sqlstate not in {_INDETERMINATE_TYPE, _AMBIGUOUS_PARAMETER, _UNDEFINED_PARAMETER}:
        return None
    number = _PARAMETER.search(error.message)
    place = int(number[1]) - 1 if number is not None else -1
    return query.parameters[place] if 0 <= place < len(query.parameters) else None


def _names(text: str) -> list[str]:
    return [_unquoted(text[token.start : token.end]) for token in tokens(text) if _is_name(token)]


def _unquoted(word: str) -> str:
    return word[1:-1].replace('""', '"') if word.startswith('"') else word.lower()
