"""Errors of the server in a schema -> findings: the place, the nearest name, and what caused the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import Connection

from pagespace_codegen.catalog.source import SourceStatement
from pagespace_db.errors import Finding, nearest
from pagespace_db.sqltext import TokenKind, tokens

_MOST_SHOWN: Final = 20
_NAMES: Final = {
    "3F000": "SELECT nspname FROM pg_namespace",
    "42703": "SELECT attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace <> ALL ("
    "ARRAY['pg_catalog', 'information_schema', 'pg_toast']::regnamespace[]) AND attnum > 0 AND NOT attisdropped",
    "42704": "SELECT typname FROM pg_type WHERE typcategory <> 'A' AND typname !~ '^_' UNION SELECT alias FROM "
    "unnest(ARRAY['bigint', 'boolean', 'integer', 'smallint', 'real', 'decimal', 'character']) alias",
    "42883": "SELECT proname FROM pg_proc WHERE prokind IN ('f', 'a', 'p')",
    "42P01": "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relnamespace <> ALL ("
    "ARRAY['pg_catalog', 'information_schema', 'pg_toast']::regnamespace[])",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A statement that the server refused."""

    statement: SourceStatement
    error: psycopg.Error


def explain_failures(failures: Sequence[Failure], owner: Connection[Any]) -> list[Finding]:
    """Return a finding for each failure that is not the mere consequence of another one."""
    return [_finding(failure, owner) for failure in _causes(failures)[:_MOST_SHOWN]]


def _causes(failures: Sequence[Failure]) -> list[Failure]:
    """Return the failures that do not mention what another failed statement would have created.

    That is read from words alone: it decides what is worth showing, not what is true.
    """
    created = [_created_name(failure.statement.text) for failure in failures]
    causes = [
        failure
        for failure, own in zip(failures, created, strict=True)
        if failure.error.sqlstate not in _NAMES
        or not ({name for name in created if name} - {own}) & set(_names(failure.statement.text))
    ]
    return causes or list(failures)


def _finding(failure: Failure, owner: Connection[Any]) -> Finding:
    statement, diag = failure.statement, failure.error.diag
    start, length = _place(failure)
    word = statement.text[start : start + length].strip('"')
    remedy = diag.message_hint
    if failure.error.sqlstate in _NAMES and remedy is None:
        guess = nearest(word, _known(owner, _NAMES[failure.error.sqlstate or ""]))
        remedy = f"did you mean `{guess}`?" if guess and guess != word else None
    if isinstance(failure.error, psycopg.errors.QueryCanceled | psycopg.errors.AdminShutdown):
        remedy = "a schema only declares things; look for a loop, or move the data elsewhere"
    message = diag.message_primary or str(failure.error)
    detail = f" ({diag.message_detail})" if diag.message_detail else ""
    return Finding(
        message=f"{message}{detail}",
        location=statement.location(start, length=length),
        code=failure.error.sqlstate,
        help=remedy,
    )


def _place(failure: Failure) -> tuple[int, int]:
    """Return offset and length of what the error points at, in the statement.

    Without a position from the server it is the name that the message quotes, or else the first word.
    """
    text, diag = failure.statement.text, failure.error.diag
    if diag.statement_position is not None:
        start = int(diag.statement_position) - 1
    elif diag.internal_query and diag.internal_position and diag.internal_query in text:
        start = text.index(diag.internal_query) + int(diag.internal_position) - 1
    else:
        quoted = (diag.message_primary or "").split('"')[1:2]
        name = quoted[0].rpartition(".")[2] if quoted else ""
        start = next((token.start for token in tokens(text) if _is_name(text[token.start : token.end], name)), 0)
    token = next((token for token in tokens(text) if token.start <= start < token.end), None)
    return start, token.end - start if token and token.kind is not TokenKind.DOLLAR_STRING else 1


def _is_name(word: str, name: str) -> bool:
    return bool(name) and name in {word.lower(), word.strip('"')}


def _known(owner: Connection[Any], query: str) -> Iterable[str]:
    with owner.transaction():  # the schema may have operators of its own where the names are looked for by default
        owner.execute("SET LOCAL search_path = pg_catalog")
        return [str(row[0]) for row in owner.execute(query.encode())]


def _names(text: str) -> Iterable[str]:
    for kind, start, end in tokens(text):
        if kind is TokenKind.IDENTIFIER:
            yield text[start:end].lower()
        elif kind is TokenKind.QUOTED_IDENTIFIER:
            yield text[start + 1 : end - 1]


_KINDS: Final = frozenset({"domain", "function", "schema", "sequence", "table", "type", "view"})


def _created_name(text: str) -> str | None:
    """Return the name that a CREATE statement gives, without its schema, or None."""
    names = iter(list(_names(text)))
    if next(names, None) != "create":
        return None
    for word in names:
        if word in _KINDS:
            break
    rest = [word for word in names if word not in {"if", "not", "exists"}][:1]
    return rest[0] if rest else None
