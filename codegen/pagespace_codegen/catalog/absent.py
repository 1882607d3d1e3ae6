"""What a scratch server has not, and no type depends on: roles, tablespaces, collations, settings.

A statement that the server refused is tried again without them. As elsewhere, words decide convenience and never
safety: what is left of a statement goes to the server as the plain role, and when that fails too, the first error is
the one to show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pagespace_db.sqltext import TokenKind, leading_words, tokens

SQLSTATES: Final = frozenset(
    {
        "0A000",  # feature_not_supported: a server without ICU
        "22023",  # invalid_parameter_value: a role or tablespace as the value of a setting
        "42501",  # insufficient_privilege: a setting of superusers, a function said to be leakproof
        "42704",  # undefined_object: a role, a tablespace, a collation, a setting of another version
    }
)
"""Errors after which it is worth trying again."""

LEFT_OUT: Final = ""
"""Stands for a statement of which nothing is left."""

_NAMES: Final = frozenset({TokenKind.IDENTIFIER, TokenKind.QUOTED_IDENTIFIER})


@dataclass(frozen=True, slots=True)
class _Word:
    """A name, a keyword or a punctuation mark of a statement; `key` is "" for a quoted name."""

    key: str
    start: int
    end: int
    depth: int


def without_absent(statement: str) -> str | None:
    """Return the statement without what the server may not have, at the same offsets; None when all may be there."""
    head = leading_words(statement, 4)
    # A comment is refused where the object is not the schema's own: `public` before PostgreSQL 15.
    if head[:1] in {("SET",), ("RESET",), ("COMMENT",)} or head[1:3] == ("USER", "MAPPING"):
        return LEFT_OUT
    words = list(_words(statement))
    tail = [word.key for word in words[-3:]]
    if head[:1] == ("ALTER",) and (tail[-2:] == ["trigger", "all"] or tail[:2] == ["set", "tablespace"]):
        return LEFT_OUT
    if head[:2] == ("CREATE", "COLLATION"):
        return _plain_collation(statement, words)
    if head[:2] == ("CREATE", "SCHEMA"):
        spans = _authorization(words)
    elif head[:2] in {("CREATE", "POLICY"), ("ALTER", "POLICY")}:
        spans = _roles(words)
    else:
        spans = [*_tablespaces(words), *_collations(words), *_leakproof(head, words)]
    if not spans:
        return None
    text = statement
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _words(statement: str) -> Iterator[_Word]:
    depth = 0
    for kind, start, end in tokens(statement):
        if kind in _NAMES:
            key = statement[start:end].lower() if kind is TokenKind.IDENTIFIER else ""
            yield _Word(key, start, end, depth)
        elif kind not in {TokenKind.SPACE, TokenKind.COMMENT}:
            mark = statement[start:end]
            depth += (mark == "(") - (mark == ")")
            yield _Word(mark, start, end, depth)


def _tablespaces(words: list[_Word]) -> Iterator[tuple[int, int]]:
    """Yield where `TABLESPACE name` stands, or `USING INDEX TABLESPACE name` in a column; a column may be called so."""
    for place, word in enumerate(words[:-1]):
        if word.key == "tablespace":
            is_of_index = [before.key for before in words[max(place - 2, 0) : place]] == ["using", "index"]
            if is_of_index or word.depth == 0:
                yield words[place - 2 if is_of_index else place].start, words[place + 1].end


def _collations(words: list[_Word]) -> Iterator[tuple[int, int]]:
    """Yield where `COLLATE name` or `COLLATE schema.name` stands."""
    for place, word in enumerate(words[:-1]):
        if word.key == "collate":
            is_qualified = [after.key for after in words[place + 2 : place + 3]] == ["."] and place + 3 < len(words)
            yield word.start, words[place + 3 if is_qualified else place + 1].end


def _leakproof(head: tuple[str, ...], words: list[_Word]) -> Iterator[tuple[int, int]]:
    if head[:1] == ("CREATE",) and {"FUNCTION", "PROCEDURE"} & set(head):
        yield from ((word.start, word.end) for word in words if word.key == "leakproof" and word.depth == 0)


def _authorization(words: list[_Word]) -> list[tuple[int, int]]:
    """Return what to leave out of CREATE SCHEMA: `AUTHORIZATION role`, or the keyword if the role names the schema."""
    for place, word in enumerate(words[:-1]):
        if word.key == "authorization":
            is_name_given = words[place - 1].key not in {"schema", "exists"} or words[place - 1].key == ""
            return [(word.start, words[place + 1].end if is_name_given else word.end)]
    return []


def _roles(words: list[_Word]) -> list[tuple[int, int]]:
    """Return where the roles of a policy stand, from TO to the clause after them."""
    start = next((place for place, word in enumerate(words) if word.key == "to" and word.depth == 0), None)
    if start is None or words[start - 1].key == "rename":
        return []
    following = (word.start for word in words[start:] if word.key in {"using", "with"} and word.depth == 0)
    return [(words[start].start, next(following, words[-1].end))]


def _plain_collation(statement: str, words: list[_Word]) -> str | None:
    """Return the CREATE COLLATION of a collation of that name, which every server has."""
    for word in words[2:]:
        if word.key in {"(", "from"}:
            return f'{statement[: word.start]} FROM pg_catalog."C"'
    return None
