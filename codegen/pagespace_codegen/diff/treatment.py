"""How a statement of a schema is run when everything counts that a database holds: privileges and roles too.

`catalog.privileged` leaves out what has no consequence for types. Here only what belongs to the whole server is left
out (databases, tablespaces, passwords, owners); the roles that privileges and policies name are made for the occasion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from psycopg import sql

from pagespace_codegen.catalog.privileged import AsOwner, AsPlainRole, Skipped, treatment
from pagespace_codegen.catalog.privileged import Refused as RefusedExtension
from pagespace_codegen.diff.wrapper import MakesWrapper, split_code
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
    ("COMMENT", "ON", "FOREIGN", "DATA", "WRAPPER"),
    ("DROP", "EVENT", "TRIGGER"),
    ("DROP", "EXTENSION"),
    ("DROP", "FOREIGN", "DATA", "WRAPPER"),
    ("DROP", "OPERATOR", "CLASS"),
    ("DROP", "OPERATOR", "FAMILY"),
    ("DROP", "PUBLICATION"),
)
"""What needs a superuser, and runs no code of the schema's own when one does it (see `Session` for event triggers)."""

_IF_HARMLESS: Final = (
    ("COMMENT", "ON", "CAST"),
    ("CREATE", "CAST"),
    ("DROP", "CAST"),
    *(
        (*verb, "TEXT", "SEARCH", kind)
        for verb in (("COMMENT", "ON"), ("CREATE",), ("ALTER",), ("DROP",))
        for kind in ("PARSER", "TEMPLATE")
    ),
)
"""What a plain role may not always do."""
_ROLE_STATEMENTS: Final = (("CREATE", "ROLE"), ("CREATE", "USER"), ("CREATE", "GROUP"))
_WRAPPER_STATEMENTS: Final = (("CREATE", "FOREIGN", "DATA", "WRAPPER"), ("ALTER", "FOREIGN", "DATA", "WRAPPER"))
_ON_WRAPPER: Final = ("ON", "FOREIGN", "DATA", "WRAPPER")
_TRANSACTIONS: Final = (("BEGIN",), ("START",), ("COMMIT",), ("END",))
_UNDOING: Final = (("ROLLBACK",), ("ABORT",), ("SAVEPOINT",), ("RELEASE",))
_ROLE_WORDS: Final = frozenset({"ROLE", "USER", "GROUP"})
_STATEMENT_STARTS: Final = frozenset({"BEGIN", "ELSE", "LOOP", "THEN"})
_BEFORE_ROLES: Final = frozenset({"TO", "FROM", "ROLE", "USER", "BY"})
_NO_ROLES: Final = frozenset({"public", "current_user", "current_role", "session_user", "none"})
_BETWEEN: Final = frozenset({"for", "group", "mapping", "role", "user"})  # TO GROUP one, USER MAPPING FOR one


@dataclass(frozen=True, slots=True)
class AsOwnerVerbatim:
    """`text`, the statement or a part of it, is run by the owner of the scratch server, and `then` after it."""

    text: str
    then: tuple[sql.Composed, ...] = ()


@dataclass(frozen=True, slots=True)
class MakesExtension:
    """The owner makes an extension, and sees to it that it can do no harm."""

    query: sql.Composed


@dataclass(frozen=True, slots=True)
class MakesLeakproof:
    """`text`, which makes a function, goes to the server; the owner then says that the function is leakproof."""

    text: str


@dataclass(frozen=True, slots=True)
class IfHarmless:
    """The statement is run by the owner when the plain role may not, and when what it makes does the owner no harm."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The diff does not know `what`, and must not pass over it in silence."""

    what: str


@dataclass(frozen=True, slots=True)
class MakesRole:
    """A role without rights is made in place of the statement, unless there is one of that name."""

    role: str


FullTreatment = (
    AsOwner
    | AsOwnerVerbatim
    | AsPlainRole
    | IfHarmless
    | MakesExtension
    | MakesLeakproof
    | MakesRole
    | MakesWrapper
    | Refused
    | Skipped
)


def full_treatment(statement: str, plain_role: str) -> FullTreatment:
    """Return how a statement of a schema or of a plan is run."""
    words = leading_words(statement, 5)
    if words[:1] == ("ALTER",) and [*_names(statement, skip=0)][-3:-1] == ["owner", "to"]:
        return Skipped()
    if _starts(words, _AS_IT_IS):
        return AsOwnerVerbatim(statement)
    if words[1:2] == ("SUBSCRIPTION",):
        return Refused(f"subscriptions: {' '.join(words[:2])}")
    if words[:2] == ("SECURITY", "LABEL"):
        return Refused("security labels")
    if words[:1] == ("COPY",):
        return Refused("rows in a schema: COPY")
    if _starts(words, _IF_HARMLESS):
        return IfHarmless()
    if words[:1] in _TRANSACTIONS:
        return Skipped()
    if words[:1] in _UNDOING:
        return Refused(f"transactions that are undone: {words[0]}")
    if words[:2] in _ROLE_STATEMENTS and words[:3] != ("CREATE", "USER", "MAPPING"):
        return MakesRole(next(_names(statement, skip=2), ""))
    if words[:2] == ("CREATE", "EXTENSION"):
        return _extension(statement)
    if words[:4] in _WRAPPER_STATEMENTS:
        return _wrapper(statement, plain_role)
    if _starts(words, _AS_PLAIN_ROLE):
        return _privileges(statement, words)
    if "FUNCTION" in words[:4] and words[:1] == ("CREATE",):
        bare = _without_leakproof(statement)
        return AsPlainRole() if bare is None else MakesLeakproof(bare)
    found = treatment(statement, plain_role)
    return AsPlainRole() if isinstance(found, RefusedExtension) else found


def _extension(statement: str) -> FullTreatment:
    """Return how an extension is made; those that it needs come along."""
    names = list(_names(statement, skip=2))
    if names[:3] == ["if", "not", "exists"]:
        names = names[3:]
    if not names:
        return AsPlainRole()  # the server says what is missing
    name, *options = names
    query = sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name))
    if "schema" in options[:-1]:
        query += sql.SQL(" SCHEMA {}").format(sql.Identifier(options[options.index("schema") + 1]))
    version = _wanted_version(statement)
    if version is not None:
        query += sql.SQL(" VERSION {}").format(sql.Literal(version))
    return MakesExtension(query + sql.SQL(" CASCADE"))


def _privileges(statement: str, words: tuple[str, ...]) -> FullTreatment:
    """Return how privileges are given and taken; on wrappers, which are the owner's, only the owner can."""
    if words[0] == "ALTER":
        return AsOwnerVerbatim(statement) if words[3:4] == ("FOR",) else AsPlainRole()
    if "on" not in set(_names(statement, skip=0)):
        return Skipped()  # membership in roles
    return AsOwnerVerbatim(statement) if _is_on_wrapper(statement) else AsPlainRole()


def _is_on_wrapper(statement: str) -> bool:
    """Tell whether GRANT or REVOKE is about a wrapper: ON is reserved, so that as a bare word it can be no role."""
    words: list[str] = []
    for kind, start, end in tokens(statement):
        if kind not in {TokenKind.SPACE, TokenKind.COMMENT}:
            words.append(statement[start:end].upper() if kind is TokenKind.IDENTIFIER else "")
    return any(tuple(words[place : place + len(_ON_WRAPPER)]) == _ON_WRAPPER for place in range(len(words)))


def _wrapper(statement: str, plain_role: str) -> FullTreatment:
    """Return how a foreign data wrapper is made or changed."""
    bare, code = split_code(statement)
    names = list(_names(bare, skip=4))
    if not names:
        return AsOwnerVerbatim(bare)  # the server says what is missing
    is_new = leading_words(statement, 1) == ("CREATE",)
    usage = sql.SQL("GRANT USAGE ON FOREIGN DATA WRAPPER {} TO {}").format(
        sql.Identifier(names[0]), sql.Identifier(plain_role)
    )
    text = bare if is_new or len(names) > 1 else ""
    return MakesWrapper(text=text, name=names[0], is_new=is_new, code=code, then=(usage,) if is_new else ())


def _without_leakproof(statement: str) -> str | None:
    """Return CREATE FUNCTION without LEAKPROOF; None when it does not say so."""
    depth, before = 0, ""
    for kind, start, end in tokens(statement):
        word = statement[start:end].upper()
        if kind is TokenKind.IDENTIFIER and not depth:
            if word in {"BEGIN", "RETURN"}:
                return None
            if word == "LEAKPROOF" and before != "NOT":
                return f"{statement[:start]} {statement[end:]}"
        depth += (word == "(") - (word == ")")
        before = before if kind in {TokenKind.SPACE, TokenKind.COMMENT} else word
    return None


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
    is_expected, is_found = False, False
    for kind, start, end in tokens(statement):
        word = statement[start:end]
        if kind in {TokenKind.SPACE, TokenKind.COMMENT} or (is_expected and word.lower() in _BETWEEN):
            continue
        is_name = kind in {TokenKind.IDENTIFIER, TokenKind.QUOTED_IDENTIFIER}
        if is_expected and is_name and word.lower() not in _NO_ROLES:
            found.append(word.lower() if kind is TokenKind.IDENTIFIER else word[1:-1].replace('""', '"'))
        is_found, is_expected = is_expected and is_name, (is_found and word == ",") or word.upper() in _BEFORE_ROLES
    return found


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
        names = list(_names(body[first:last], skip=2))
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
