"""How much data a hazard would lose in a database that is at hand: it is asked, and only read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import psycopg

from pagespace_codegen.diff.hazards import Hazard, HazardKind
from pagespace_db.connect import connect

TIME_LIMIT_MS: Final = 5_000
"""For each count; a larger table is estimated from what the planner knows."""

_COLUMN: Final = re.compile(r'(?P<table>.+)\.(?P<column>"(?:[^"]|"")+"|[^".]+)', re.DOTALL)


def count_losses(url: str, hazards: Iterable[Hazard]) -> dict[Hazard, str]:
    """Return what would be lost, as text such as `1,203 values`; nothing for what the database does not have.

    Errors: ConfigError, DatabaseUnavailable.
    """
    found: dict[Hazard, str] = {}
    with connect(url, autocommit=True) as connection:
        connection.read_only = True
        connection.execute("SELECT set_config('statement_timeout', %s, false)", (str(TIME_LIMIT_MS),))
        for hazard in hazards:
            counted = _count(connection, hazard)
            if counted is not None:
                found[hazard] = counted
    return found


def _count(connection: psycopg.Connection, hazard: Hazard) -> str | None:
    match = _COLUMN.fullmatch(hazard.object) if hazard.kind is HazardKind.DROPS_COLUMN else None
    if match is not None:
        table, what, unit = match["table"], f"count({match['column']})", "values"
    elif hazard.kind is HazardKind.DROPS_TABLE:
        table, what, unit = hazard.object, "count(*)", "rows"
    else:
        return None
    try:
        query = f"SELECT {what} FROM {table}"  # noqa: S608  # as the server has written and quoted them
        row = connection.execute(query.encode()).fetchone()
    except psycopg.errors.QueryCanceled:
        row = connection.execute(
            "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = %s::regclass", (table,)
        ).fetchone()
        return f"about {row[0]:,} rows" if row else None
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn, psycopg.errors.InsufficientPrivilege):
        return None
    return f"{row[0]:,} {unit}" if row else None
