"""How a statement of a schema is run when everything counts that a database holds: privileges and roles too.

`catalog.privileged` leaves out what has no consequence for types. Here only what belongs to the whole server is left
out (databases, tablespaces, passwords, owners); the roles that privileges and policies name are made for the occasion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from psycopg import sql

from pagespace_codegen.catalog.privileged import AsOwner, AsPlainRole, Skipped, treatment
from pagespace_codegen.catalog.privileged import Refused as RefusedExtension
from pagespace_codegen.diff.scratch.roles import names_in
from pagespace_codegen.diff.scratch.wrapper import MakesWrapper, split_code
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
    *(
        (*verb, *kind)
        for verb in (("COMMENT", "ON"), ("CREATE",), ("DROP",))
        for kind in (("ACCESS", "METHOD"), ("TRANSFORM",))
    ),
)
"""What a plain role may not always do."""
_ROLE_STATEMENTS: Final = (("CREATE", "ROLE"), ("CREATE", "USER"), ("CREATE", "GROUP"))
_WRAPPER_STATEMENTS: Final = (("CREATE", "FOREIGN", "DATA", "WRAPPER"), ("ALTER", "FOREIGN", "DATA", "WRAPPER"))
_TRANSACTIONS: Final = (("BEGIN",), ("START",), ("COMMIT",), ("END",))
_UNDOING: Final = (("ROLLBACK",), ("ABORT",), ("SAVEPOINT",), ("RELEASE",))


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
    if words[:1] == ("ALTER",) and [*names_in(statement, skip=0)][-3:-1] == ["owner", "to"]:
        return Skipped()
    if _starts(words, _AS_IT_IS):
        return AsOwnerVerbatim(statement)
    if words[1:2] == ("SUBSCRIPTION",):
        return Refused(f"subscriptions: {' '.join(words[:2])}")
    if words[:2] == ("SECURITY", "LABEL"):
        return Refused("security labels")
    if words[:2] == ("CREATE", "TYPE") and "as" not in set(names_in(statement, skip=2)):
        return Refused("base types: CREATE TYPE without AS")
    if words[:1] == ("COPY",):
        return Refused("rows in a schema: COPY")
    if _starts(words, _IF_HARMLESS):
        return IfHarmless()
    if words[:1] in _TRANSACTIONS:
        return Skipped()
    if words[:1] in _UNDOING:
        return Refused(f"transactions that are undone: {words[0]}")
    if words[:2] in _ROLE_STATEMENTS and words[:3] != ("CREATE", "USER", "MAPPING"):
        return MakesRole(next(names_in(statement, skip=2), ""))
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
    names = list(names_in(statement, skip=2))
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
    if "on" not in set(names_in(statement, skip=0)):
        return Skipped()  # membership in roles
    match _granted_on(statement):
        case ("FOREIGN", "DATA", "WRAPPER"):
            return AsOwnerVerbatim(statement)
        case ("DATABASE" | "PARAMETER" | "TABLESPACE", *_):
            return Skipped()
        case _:
            return AsPlainRole()


def _granted_on(statement: str) -> tuple[str, ...]:
    """Return the three words after ON, which is reserved: as a bare word it can be no role."""
    words: list[str] = []
    for kind, start, end in tokens(statement):
        if kind not in {TokenKind.SPACE, TokenKind.COMMENT}:
            words.append(statement[start:end].upper() if kind is TokenKind.IDENTIFIER else "")
    place = words.index("ON") + 1 if "ON" in words else len(words)
    return tuple(words[place : place + 3])


def _wrapper(statement: str, plain_role: str) -> FullTreatment:
    """Return how a foreign data wrapper is made or changed."""
    bare, code = split_code(statement)
    names = list(names_in(bare, skip=4))
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


def _starts(words: tuple[str, ...], heads: tuple[tuple[str, ...], ...]) -> bool:
    return any(words[: len(head)] == head for head in heads)
