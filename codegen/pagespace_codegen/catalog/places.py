"""Where in the schema's files an object is declared, as far as words can tell: for findings, never for decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pagespace_codegen.catalog.model import QualifiedName
from pagespace_codegen.catalog.source import SourceStatement
from pagespace_db.location import Location
from pagespace_db.sqltext import Token, TokenKind, tokens

_KINDS: Final = frozenset({"domain", "table", "type", "view"})


class Places:
    """Finds the declaration of relations, types and their columns."""

    def __init__(self, statements: Sequence[SourceStatement]) -> None:
        self._statements = statements

    def find(self, name: QualifiedName, column: str | None) -> Location | None:
        """Return the place of a relation or type, or of one of its columns; None when it is not found."""
        for statement in self._statements:
            words = list(_words(statement.text))
            place = _declared_name(words, name)
            if place is None:
                continue
            token = next((token for word, token in words[place + 1 :] if word == column), words[place][1])
            return statement.location(token.start, length=token.end - token.start)
        return None


def _words(text: str) -> Iterator[tuple[str, Token]]:
    for token in tokens(text):
        if token.kind is TokenKind.IDENTIFIER:
            yield text[token.start : token.end].lower(), token
        elif token.kind is TokenKind.QUOTED_IDENTIFIER:
            yield text[token.start + 1 : token.end - 1].replace('""', '"'), token


def _declared_name(words: Sequence[tuple[str, Token]], name: QualifiedName) -> int | None:
    """Return which word is the name that a CREATE statement declares, if it is `name`."""
    if not words or words[0][0] != "create":
        return None
    for place, (word, _) in enumerate(words[:6]):
        if word in _KINDS:
            following = [at for at in range(place + 1, len(words)) if words[at][0] not in {"if", "not", "exists"}][:2]
            first = [words[at][0] for at in following]
            if first[:1] == [name.name]:
                return following[0]
            if first == [name.schema, name.name]:
                return following[1]
            return None
    return None
