"""Statements of a schema that a plain role cannot run, and what is done about each.

The schema runs as a role without rights. What only a superuser may do is either of no consequence for types (owners,
grants, roles), or is done by the owner of the scratch server in a form that is safe: an extension from the allow-list,
a foreign data wrapper without code. This is a decision about words at the head of a statement, never about safety:
whatever is not listed here goes to the server as it is, as the plain role.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from psycopg import sql

from pagespace_db.sqltext import TokenKind, leading_words, tokens

ALLOWED_EXTENSIONS: Final = frozenset(
    {
        "autoinc", "bloom", "btree_gin", "btree_gist", "citext", "cube", "dict_int", "dict_xsyn", "earthdistance",
        "fuzzystrmatch", "hstore", "insert_username", "intagg", "intarray", "isn", "lo", "ltree", "moddatetime",
        "pg_stat_statements", "pg_trgm", "pgcrypto", "plpgsql", "postgis", "refint", "seg", "tablefunc", "tcn",
        "timescaledb", "tsm_system_rows", "tsm_system_time", "unaccent", "uuid-ossp", "vector",
    }
)  # fmt: skip
"""Extensions that reach no file, socket or program for a role without rights."""

TYPELESS_EXTENSIONS: Final = frozenset(
    {
        "amcheck", "hypopg", "index_advisor", "pageinspect", "pg_buffercache", "pg_cron", "pg_freespacemap",
        "pg_graphql", "pg_hint_plan", "pg_net", "pg_partman", "pg_prewarm", "pg_repack", "pg_stat_monitor",
        "pg_visibility", "pg_walinspect", "pgaudit", "pgjwt", "pgrowlocks", "pgsodium", "pgstattuple", "pgtap",
        "plpgsql_check", "sslinfo", "supabase_vault",
    }
)  # fmt: skip
"""Extensions for running a server, which bring no type that a table would have: they are left out."""

FOREIGN_DATA_WRAPPERS: Final = frozenset({"file_fdw", "postgres_fdw"})
"""Extensions that would reach one: only their wrapper is made, without code, so that foreign tables can be declared."""

_SKIPPED: Final[tuple[tuple[str, ...], ...]] = (
    ("ALTER", "DATABASE"),
    ("ALTER", "DEFAULT", "PRIVILEGES"),
    ("ALTER", "EVENT", "TRIGGER"),
    ("ALTER", "GROUP"),
    ("ALTER", "PUBLICATION"),
    ("ALTER", "ROLE"),
    ("ALTER", "SUBSCRIPTION"),
    ("ALTER", "SYSTEM"),
    ("ALTER", "USER"),
    ("ALTER", "TABLESPACE"),
    ("COMMENT", "ON", "DATABASE"),
    ("COMMENT", "ON", "EVENT", "TRIGGER"),
    ("COMMENT", "ON", "EXTENSION"),
    ("COMMENT", "ON", "LANGUAGE"),
    ("COMMENT", "ON", "PUBLICATION"),
    ("COMMENT", "ON", "ROLE"),
    ("COMMENT", "ON", "SUBSCRIPTION"),
    ("COMMENT", "ON", "TABLESPACE"),
    ("COMMENT", "ON", "LARGE", "OBJECT"),
    ("CREATE", "DATABASE"),
    ("CREATE", "EVENT", "TRIGGER"),
    ("CREATE", "GROUP"),
    ("CREATE", "PUBLICATION"),
    ("CREATE", "ROLE"),
    ("CREATE", "SUBSCRIPTION"),
    ("CREATE", "TABLESPACE"),
    ("CREATE", "USER"),
    ("DROP", "DATABASE"),
    ("DROP", "EVENT", "TRIGGER"),
    ("DROP", "EXTENSION"),
    ("DROP", "GROUP"),
    ("DROP", "OWNED"),
    ("DROP", "PUBLICATION"),
    ("DROP", "ROLE"),
    ("DROP", "SUBSCRIPTION"),
    ("DROP", "TABLESPACE"),
    ("DROP", "USER"),
    ("GRANT",),
    ("REASSIGN", "OWNED"),
    ("REVOKE",),
    ("SECURITY", "LABEL"),
    ("SET", "CLIENT_ENCODING"),
    ("SET", "NAMES"),
    ("SET", "ROLE"),
    ("SET", "SESSION", "AUTHORIZATION"),
)
_LONGEST: Final = 4
"""Words that decide how a statement is run."""

_TRANSACTION_CONTROL: Final = frozenset(
    (word,) for word in ("ABORT", "BEGIN", "COMMIT", "END", "PREPARE", "RELEASE", "ROLLBACK", "SAVEPOINT", "START")
)


@dataclass(frozen=True, slots=True)
class AsPlainRole:
    """The statement goes to the server as it is."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """The statement has no consequence for types, and is left out."""


@dataclass(frozen=True, slots=True)
class AsOwner:
    """`statements` are run by the owner of the scratch server in place of the statement."""

    statements: tuple[sql.Composed, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """An extension that is not on the allow-list."""

    extension: str


Treatment = AsPlainRole | Skipped | AsOwner | Refused


def treatment(statement: str, plain_role: str) -> Treatment:
    """Return how a statement of a schema is run."""
    head = leading_words(statement, _LONGEST)
    if head[:1] == ("COPY",) and {"stdin", "stdout"} & set(_words(statement)):
        return Skipped()  # data, which nobody here sends or takes
    if head[:2] == ("CREATE", "EXTENSION"):
        return _extension(_words(statement)[2:], plain_role)
    if head == ("CREATE", "FOREIGN", "DATA", "WRAPPER"):
        words = _words(statement)[4:]
        return AsOwner(_wrapper(words[0], plain_role)) if words else AsPlainRole()
    if head[:1] == ("CREATE",) and "LANGUAGE" in head and _words(statement)[-2:] == ["language", "plpgsql"]:
        return Skipped()  # of an old dump: it is in every database
    if head[1:3] == ("USER", "MAPPING"):
        return AsPlainRole()
    if any(head[: len(skipped)] == skipped for skipped in _SKIPPED):
        return Skipped()
    if head[:1] == ("ALTER",) and _words(statement)[-3:-1] == ["owner", "to"]:
        return Skipped()
    return AsPlainRole()


def is_transaction_control(statement: str) -> bool:
    """Whether a statement begins or ends a transaction."""
    return leading_words(statement, 1)[:1] in _TRANSACTION_CONTROL


def _words(statement: str) -> list[str]:
    """Return the names and keywords of a statement in lower case; quoted names as they are, without their quotes."""
    words: list[str] = []
    for kind, start, end in tokens(statement):
        if kind is TokenKind.IDENTIFIER:
            words.append(statement[start:end].lower())
        elif kind is TokenKind.QUOTED_IDENTIFIER:
            words.append(statement[start + 1 : end - 1].replace('""', '"'))
    return words


def required_extension(statement: str) -> str | None:
    """Return the extension that the server must have for a statement, or None."""
    if leading_words(statement, 2) != ("CREATE", "EXTENSION"):
        return None
    name, *_ = [*_without_if_not_exists(_words(statement)[2:]), ""]
    return name if name in ALLOWED_EXTENSIONS else None


def extension_schema(statement: str) -> str | None:
    """Return the schema that a CREATE EXTENSION names, or None."""
    return _schema_option(_without_if_not_exists(_words(statement)[2:])[1:])


def _schema_option(options: list[str]) -> str | None:
    return options[options.index("schema") + 1] if "schema" in options[:-1] else None


def _extension(words: list[str], plain_role: str) -> Treatment:
    words = _without_if_not_exists(words)
    if not words:
        return AsPlainRole()  # the server says what is missing
    name, *options = words
    if name in FOREIGN_DATA_WRAPPERS:
        return AsOwner(_wrapper(name, plain_role))
    if name in TYPELESS_EXTENSIONS:
        return Skipped()
    if name not in ALLOWED_EXTENSIONS:
        return Refused(name)
    query = sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name))
    schema = _schema_option(options)
    if schema is not None:
        query += sql.SQL(" SCHEMA {}").format(sql.Identifier(schema))
    return AsOwner((query + sql.SQL(" CASCADE"),))


def _without_if_not_exists(words: list[str]) -> list[str]:
    return words[3:] if words[:3] == ["if", "not", "exists"] else words


def _wrapper(name: str, plain_role: str) -> tuple[sql.Composed, ...]:
    wrapper = sql.Identifier(name)
    return (
        sql.SQL("CREATE FOREIGN DATA WRAPPER {}").format(wrapper),
        sql.SQL("GRANT USAGE ON FOREIGN DATA WRAPPER {} TO {}").format(wrapper, sql.Identifier(plain_role)),
    )
