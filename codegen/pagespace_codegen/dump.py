"""A live database -> schema.sql: what pg_dump says, without what only a restore needs.

Without a pg_dump that is new enough, it is the plan that would make the database out of nothing.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from psycopg import Connection

from pagespace_codegen.diff.inventory.model import Inventory
from pagespace_codegen.diff.inventory.read import read_inventory
from pagespace_codegen.diff.plan import make_plan
from pagespace_db.connect import connect, redact
from pagespace_db.embedded import find_binaries
from pagespace_db.errors import DatabaseUnavailable
from pagespace_db.settings import process_environment
from pagespace_db.sqltext import leading_words, split_statements

_VERSION: Final = re.compile(r"(\d+)")
_NOISE: Final = frozenset({("SET",), ("COMMENT", "ON", "EXTENSION")})
_PRIVILEGES: Final = frozenset({("GRANT",), ("REVOKE",), ("ALTER", "DEFAULT", "PRIVILEGES")})
# The tables of migration runners say how a database came to be, not what it is.
_RUNNERS: Final = ("schema_migrations", "schema_migrations_*", "alembic_version", "__diesel_schema_migrations")


def dump_schema(url: str) -> str:
    """Return the DDL of a database as text for schema.sql.

    Errors: DatabaseUnavailable; DiffError when there is no pg_dump of the server's version or newer, and the database
    holds something that only pg_dump can write.
    """
    with connect(url, autocommit=True) as connection:
        program = _pg_dump(connection.info.server_version // 10_000)
        if program is None:
            return _joined(_planned_statements(connection))
    command = [str(program), "--schema-only", "--no-owner", "--no-privileges", "--no-publications"]
    command += ["--no-subscriptions", "--no-security-labels", "--no-tablespaces"]
    command += [f"--exclude-table={pattern}" for pattern in _RUNNERS]
    done = subprocess.run([*command, "--dbname", url], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DatabaseUnavailable(f"pg_dump cannot read {redact(url)}: {done.stderr.strip().splitlines()[-1]}")
    return _joined(_statements(done.stdout))


def _joined(statements: Iterable[str]) -> str:
    return "".join(f"{statement};\n\n" for statement in statements).rstrip("\n") + "\n"


def _planned_statements(connection: Connection[Any]) -> Iterator[str]:
    """Yield the statements that make what `connection` sees, but for privileges, in a new database."""
    wanted = read_inventory(connection)
    public = tuple(found for found in wanted.objects if found.kind == "schema" and found.name == "public")
    empty = Inventory(server_version=wanted.server_version, objects=public, dependencies=frozenset())
    for statement in make_plan(empty, wanted, in_one_transaction=False).statements:
        words = leading_words(statement.sql, 3)
        if words[:1] not in _PRIVILEGES and words not in _PRIVILEGES:
            yield statement.sql


def _statements(dump: str) -> Iterator[str]:
    for statement in split_statements(dump):
        words = leading_words(statement.text, 3)
        is_noise = words[:1] in _NOISE or words in _NOISE
        if not statement.is_meta_command and not is_noise and "pg_catalog.set_config" not in statement.text[:60]:
            yield statement.text


def _pg_dump(major: int) -> Path | None:
    """Return a pg_dump of at least `major`: that of the PATH, or one that comes with a server; None without any."""
    folders = [shutil.which("pg_dump", path=process_environment().get("PATH"))]
    with suppress(DatabaseUnavailable):  # no server on this machine, and none is needed
        folders.append(str(find_binaries().bin_dir / "pg_dump"))
    for candidate in folders:
        if candidate is not None and Path(candidate).is_file():
            done = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False)
            found = _VERSION.search(done.stdout)
            if found and int(found[1]) >= major:
                return Path(candidate)
    return None
