"""The roles that a statement names, and how it is written for those who are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pagespace_db.sqltext import TokenKind, leading_words, tokens

_ROLE_WORDS: Final = frozenset({"ROLE", "USER", "GROUP"})
_STATEMENT_STARTS: Final = frozenset({"BEGIN", "ELSE", "LOOP", "THEN"})
_BEFORE_ROLES: Final = frozenset({"TO", "FROM", "ROLE", "USER", "BY"})
_NO_ROLES: Final = frozenset({"public", "current_user", "current_role", "session_user", "none"})
_BETWEEN: Final = frozenset({"for", "group", "mapping", "role", "user"})  # TO GROUP one, USER MAPPING FOR one


def mentioned_roles(statement: str) -> list[str]:
    """Return the names in a statement that can be those of roles, in order."""
    return [name for name, _, _ in _role_names(statement)]


def _role_names(statement: str) -> Iterator[tuple[str, int, int]]:
    """Yield the names that can be those of roles, and where each starts and ends."""
    is_expected, is_found = False, False
    for kind, start, end in tokens(statement):
        word = statement[start:end]
        if kind in {TokenKind.SPACE, TokenKind.COMMENT} or (is_expected and word.lower() in _BETWEEN):
            continue
        is_name = kind in {TokenKind.IDENTIFIER, TokenKind.QUOTED_IDENTIFIER}
        if is_expected and is_name and word.lower() not in _NO_ROLES:
            yield word.lower() if kind is TokenKind.IDENTIFIER else word[1:-1].replace('""', '"'), start, end
        is_found, is_expected = is_expected and is_name, (is_found and word == ",") or word.upper() in _BEFORE_ROLES


def granted_by_owner(statement: str, *, owner: str, plain_role: str) -> str:
    """Return a statement about privileges in which the owner of the server stands for whoever owns the objects.

    A schema that is loaded in earnest belongs to the role that loads it, which often is the server's owner, and a dump
    names it: what it grants to itself, or takes from itself, here the plain role does.
    """
    words = leading_words(statement, 3)
    is_about_privileges = words[:1] in {("GRANT",), ("REVOKE",)} or words == ("ALTER", "DEFAULT", "PRIVILEGES")
    if owner == plain_role or not is_about_privileges:
        return statement
    written, place = "", 0
    for name, start, end in _role_names(statement):
        if name == owner:
            quoted = plain_role.replace('"', '""')
            written, place = f'{written}{statement[place:start]}"{quoted}"', end
    return written + statement[place:]


def roles_made_in(statement: str) -> tuple[list[str], str]:
    """Return the roles that a DO block makes by plain CREATE ROLE, and the block without it.

    Some blocks ask first whether there is such a role, others catch the error: which only a role that may make roles
    would get.
    """
    block = _block(statement)
    if block is None:
        return [], statement
    delimiter, start, end = block
    body = statement[start:end]
    roles: list[str] = []
    kept, place = "", 0
    for first, last in _role_statements(body):
        names = list(names_in(body[first:last], skip=2))
        roles += names[:1]
        kept, place = f"{kept}{body[place:first]}NULL", last
    kept += body[place:]
    return (
        roles,
        f"{statement[: start - len(delimiter)]}{delimiter}{kept}{delimiter}{statement[end + len(delimiter) :]}",
    )


def _block(statement: str) -> tuple[str, int, int] | None:
    """Return the delimiter of a DO block's body, and where the body starts and ends; None for other statements."""
    if leading_words(statement, 1) != ("DO",):
        return None
    for kind, start, end in tokens(statement):
        if kind is TokenKind.DOLLAR_STRING:
            delimiter = statement[start : statement.index("$", start + 1) + 1]
            return delimiter, start + len(delimiter), end - len(delimiter)
    return None


def _role_statements(body: str) -> Iterator[tuple[int, int]]:
    """Yield where the statements that make roles start and end in a body of PL/pgSQL."""
    words: list[tuple[str, int]] = []
    is_first = True
    for kind, start, end in tokens(body):
        word = body[start:end].upper()
        if kind in {TokenKind.SPACE, TokenKind.COMMENT}:
            continue
        if word == ";":
            if len(words) > 1 and words[1][0] in _ROLE_WORDS:
                yield words[0][1], start
            words, is_first = [], True
        elif kind is TokenKind.IDENTIFIER and word in _STATEMENT_STARTS:
            words, is_first = [], True
        elif words or (is_first and word == "CREATE"):
            words.append((word, start))
            is_first = False
        else:
            is_first = False


def names_in(statement: str, *, skip: int) -> Iterator[str]:
    """Yield the names and keywords of a statement, in the form that the server looks for, without the first `skip`."""
    place = 0
    for kind, start, end in tokens(statement):
        if kind in {TokenKind.IDENTIFIER, TokenKind.QUOTED_IDENTIFIER}:
            place += 1
            if place > skip:
                word = statement[start:end]
                yield word.lower() if kind is TokenKind.IDENTIFIER else word[1:-1].replace('""', '"')
