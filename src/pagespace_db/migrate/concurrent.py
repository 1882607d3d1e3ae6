"""Statements with CONCURRENTLY, as far as they must be read to know what a crash of theirs leaves. Pure.

All other statements are the server's business. Names are SQL text, as they are written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pagespace_db.sqltext import TokenKind, tokens

_BLANK: Final = frozenset({TokenKind.SPACE, TokenKind.COMMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatement:
    """CREATE or DROP INDEX CONCURRENTLY.

    Attributes:
        name: None when the server is to choose one.
        table: None for DROP.
    """

    is_create: bool
    name: str | None
    table: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexStatement:
    """REINDEX of one index or of one table, CONCURRENTLY or not."""

    is_index: bool
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DetachStatement:
    """ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY."""

    table: str
    partition: str


def parse_index_statement(statement: str) -> IndexStatement | None:
    """Read `CREATE [UNIQUE] INDEX CONCURRENTLY [[IF NOT EXISTS] name] ON [ONLY] table`, or DROP INDEX CONCURRENTLY.

    Anything else gives None.
    """
    words = _Words(statement)
    if words.take("DROP", "INDEX", "CONCURRENTLY"):
        words.take("IF", "EXISTS")
        return IndexStatement(is_create=False, name=words.take_name(), table=None)
    if not (words.take("CREATE", "INDEX", "CONCURRENTLY") or words.take("CREATE", "UNIQUE", "INDEX", "CONCURRENTLY")):
        return None
    words.take("IF", "NOT", "EXISTS")
    if words.take("ON"):
        name = None
    else:
        name = words.take_name()
        words.take("ON")
    words.take("ONLY")
    return IndexStatement(is_create=True, name=name, table=words.take_name())


def parse_reindex_statement(statement: str) -> ReindexStatement | None:
    """Read `REINDEX [(options)] INDEX|TABLE [CONCURRENTLY] name`; anything else gives None."""
    words = _Words(statement)
    if not words.take("REINDEX"):
        return None
    words.take_parentheses()
    is_index = words.take("INDEX")
    if not is_index and not words.take("TABLE"):
        return None
    words.take("CONCURRENTLY")
    return ReindexStatement(is_index=is_index, name=words.take_name())


def parse_detach_statement(statement: str) -> DetachStatement | None:
    """Read `ALTER TABLE [IF EXISTS] table DETACH PARTITION partition CONCURRENTLY`; anything else gives None."""
    words = _Words(statement)
    if not words.take("ALTER", "TABLE"):
        return None
    words.take("IF", "EXISTS")
    table = words.take_name()
    if not words.take("DETACH", "PARTITION"):
        return None
    partition = words.take_name()
    return DetachStatement(table=table, partition=partition) if words.take("CONCURRENTLY") else None


class _Words:
    """The tokens of a statement, taken from the left."""

    def __init__(self, statement: str) -> None:
        self._words = [statement[t.start : t.end] for t in tokens(statement) if t.kind not in _BLANK]

    def take(self, *expected: str) -> bool:
        """Take these keywords if they come next, and return whether they did."""
        is_next = tuple(word.upper() for word in self._words[: len(expected)]) == expected
        if is_next:
            del self._words[: len(expected)]
        return is_next

    def take_name(self) -> str:
        """Take a name, `schema.name` or `"Quoted"`."""
        length = 1
        while self._words[length : length + 1] == ["."]:
            length += 2
        name = "".join(self._words[:length])
        del self._words[:length]
        return name

    def take_parentheses(self) -> None:
        """Take what stands in parentheses, if they come next."""
        if self._words[:1] == ["("] and ")" in self._words:
            del self._words[: self._words.index(")") + 1]
