"""Fill a database with the workspace of the demo, in one transaction and through COPY."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import psycopg
from psycopg import sql

from examples.demo.workspace import SYSTEM_ID, WORKSPACE_EDITION, TableRows, make_workspace
from pagespace_db.errors import ConfigError

Report: TypeAlias = Callable[[str, int, int], None]
"""Called with a table, how many of its rows are sent, and how many it will have."""

_ROWS_PER_REPORT: Final = 1_000


def seed(connection: psycopg.Connection, report: Report, make: Callable[[], list[TableRows]] = make_workspace) -> int:
    """Make the database hold what `make` returns, and return how many rows were written: 0 when it was there already.

    Errors: ConfigError when the database holds people whom the demo did not put there.
    """
    with connection.transaction():
        # Two demos may start at once: the second waits here and then finds the workspace of the first.
        connection.execute("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE")
        edition = _edition(connection)
        if edition == WORKSPACE_EDITION:
            return 0
        if edition is None:
            _refuse_users_of_others(connection)
        else:
            connection.execute("TRUNCATE users, rate_limits RESTART IDENTITY CASCADE")
        tables = make()
        for table in tables:
            _copy(connection, table, report)
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table.table)))
        connection.execute("REFRESH MATERIALIZED VIEW drive_statistics")
    return sum(len(table.rows) for table in tables)


def _edition(connection: psycopg.Connection) -> int | None:
    """Return which edition of the workspace the database holds; None when the demo never seeded it."""
    found = connection.execute(
        "SELECT (settings ->> 'demo_edition')::integer FROM users WHERE id = %s", (SYSTEM_ID,)
    ).fetchone()
    return found[0] if found else None


def _refuse_users_of_others(connection: psycopg.Connection) -> None:
    if connection.execute("SELECT FROM users LIMIT 1").fetchone() is not None:
        raise ConfigError(
            f"the database {connection.info.dbname!r} already holds users, and the demo would replace them",
            help="point DATABASE_URL at an empty database, or unset it to use the project's own server",
        )


def _copy(connection: psycopg.Connection, table: TableRows, report: Report) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.table), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    total = len(table.rows)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for sent, row in enumerate(table.rows):
            if sent % _ROWS_PER_REPORT == 0:
                report(table.table, sent, total)
            copy.write_row(row)
    report(table.table, total, total)
