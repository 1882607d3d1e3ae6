"""How a statement of a schema is run when everything counts that a database holds: privileges and roles too.

`catalog.privileged` leaves out what has no consequence for types. Here only what belongs to the whole server is left
out (databases, tablespaces, passwords, owners); the roles that privileges and policies name are made for the occasion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from psycopg import sql

from pagespace_codegen.catalog.privileged import AsOwner, AsPlainRole, Refused, Skipped, treatment
from pagespace_db.sqltext import TokenKind, leading_words, tokens

_AS_PLAIN_ROLE: Final = (("ALTER", "DEFAULT", "PRIVILEGES"), ("GRANT",), ("REVOKE",))
_AS_IT_IS: Final = (
    ("ALTER", "EVENT", "TRIGGER"),
    ("ALTER", "OPERATOR", "CLASS"),
    ("ALTER", "OPERATOR", "FAMILY"),
    ("ALTER", "PUBLICATION"),
    ("COMMENT", "ON", "EVENT", "TRIGGER"),
    ("COMMENT", "ON", "EXTENSION"),
    ("COMMENT", "ON", "OPERATOR", "CLASS"),
    ("COMMENT", "ON", "OPERATOR", "FAMILY"),
    ("COMMENT", "ON", "PUBLICATION"),
    ("CREATE", "EVENT", "TRIGGER"),
    ("CREATE", "OPERATOR", "CLASS"),
    ("CREATE", "OPERATOR", "FAMILY"),
    ("CREATE", "PUBLICATION"),
    ("ALTER", "EXTENSION"),
    ("ALTER", "FOREIGN", "DATA", "WRAPPER"),
    ("COMMENT", "ON", "FOREIGN", "DATA", "WRAPPER"),
    ("DROP", "EVENT", "TRIGGER"),
    ("DROP", "EXTENSION"),
    ("DROP", "FOREIGN", "DATA", "WRAPPER"),
    ("DROP", "OPERATOR", "CLASS"),
    ("DROP", "OPERATOR", "FAMILY"),
    ("DROP", "PUBLICATION"),
)
"""What needs a superuser, and runs no code of the schema's own when one does it (see `Session` for event triggers)."""

_ROLE_STATEMENTS: Final = (("CREATE", "ROLE"), ("CREATE", "USER"), ("CREATE", "GROUP"))
_BEFORE_ROLES: Final = frozenset({"TO", "FROM", "ROLE", "USER", "BY"})
_NO_ROLES: Final = frozenset({"public", "current_user", "current_role", "session_user", "none", "group", "role"})


@dataclass(frozen=True, slots=True)
class AsOwnerVerbatim:
    """The statement itself is run by the owner of the scratch server."""


@dataclass(frozen=True, slots=True)
class MakesRole:
    """A role without rights is made in place of the statement, unless there is one of that name."""

    role: str


FullTreatment = AsPlainRole | Skipped | AsOwner | Refused | AsOwnerVerbatim | MakesRole


def full_treatment(statement: str, plain_role: str) -> FullTreatment:
    """Return how a statement of a schema or of a plan is run."""
    words = leading_words(statement, 5)
    if _starts(words, _AS_IT_IS) and words[-2:] != ("OWNER", "TO"):
        return AsOwnerVerbatim()
    if words[:2] in _ROLE_STATEMENTS and words[:3] != ("CREATE", "USER", "MAPPING"):
        return MakesRole(next(_names(statement, skip=2), ""))
    if _starts(words, _AS_PLAIN_ROLE):
        is_membership = words[0] in {"GRANT", "REVOKE"} and "on" not in set(_names(statement, skip=0))
        return Skipped() if is_membership else AsPlainRole()
    found = treatment(statement, plain_role)
    version = _wanted_version(statement) if words[:2] == ("CREATE", "EXTENSION") else None
    if isinstance(found, AsOwner) and version is not None:
        clause = sql.SQL(" VERSION {}").format(sql.Literal(version))
        return AsOwner(tuple(query + clause for query in found.statements))
    return found


def _wanted_version(statement: str) -> str | None:
    """Return the version that CREATE EXTENSION asks for, or None."""
    is_next = False
    for kind, start, end in tokens(statement):
        if is_next and kind not in {TokenKind.SPACE, TokenKind.COMMENT}:
            return statement[start:end].strip("'\"")
        is_next = is_next or statement[start:end].upper() == "VERSION"
    return None


def mentioned_roles(statement: str) -> list[str]:
    """Return the names in a statement that can be those of roles, in order."""
    found: list[str] = []
    is_list = False
    for kind, start, end in tokens(statement):
        word = statement[start:end]
        if kind is TokenKind.IDENTIFIER and word.upper() in _BEFORE_ROLES:
            is_list = True
        elif kind is TokenKind.IDENTIFIER and is_list and word.lower() not in _NO_ROLES:
            found.append(word.lower())
        elif kind is TokenKind.QUOTED_IDENTIFIER and is_list:
            found.append(word[1:-1].replace('""', '"'))
        elif kind is TokenKind.PUNCTUATION and word != ",":
            is_list = False
    return found


def _starts(words: tuple[str, ...], heads: tuple[tuple[str, ...], ...]) -> bool:
    return any(words[: len(head)] == head for head in heads)


def _names(statement: str, *, skip: int) -> Iterator[str]:
    place = 0
    for kind, start, end in tokens(statement):
        if kind in {TokenKind.IDENTIFIER, TokenKind.QUOTED_IDENTIFIER}:
            place += 1
            if place > skip:
                word = statement[start:end]
                yield word.lower() if kind is TokenKind.IDENTIFIER else word[1:-1].replace('""', '"')
