"""What passes between us and libpq, without I/O: psycopg's kind of generators, which sync and async connections drive.

This module and `prepared` alone use names of psycopg which its manual does not promise (`psycopg.generators`,
`Transformer`, `Connection.wait`, `format_row_text`); a test holds them against the installed version.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from psycopg import _copy_base, capabilities, errors, generators
from psycopg.abc import PQGen
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

Command: TypeAlias = Callable[[PGconn], None]
"""Sends one command; nothing waits for its answer."""

TUPLES_OK = ExecStatus.TUPLES_OK
COMMAND_OK = ExecStatus.COMMAND_OK
WaitTimeout = errors._WaitTimeout
_PIPELINE_SYNC = ExecStatus.PIPELINE_SYNC
_PIPELINE_ABORTED = ExecStatus.PIPELINE_ABORTED

format_row_text = _copy_base.format_row_text
"""Appends a row to the text of a COPY: what psycopg's `Copy.write_row` does, without a method call for each row."""

execute_gen = generators.execute
"""Waits for the answers to the one command that was sent, and returns them."""


def text_command(sql: bytes, parameters: Sequence[bytes | None] | None = None) -> Command:
    """Return the command that runs `sql` once, in the extended protocol."""

    def send(pgconn: PGconn) -> None:
        pgconn.send_query_params(sql, parameters)

    return send


def close_command(name: bytes) -> Command:
    """Return the command that drops a prepared statement, if it is there."""
    if not capabilities.has_send_close_prepared():
        return text_command(b"DEALLOCATE " + name)

    def send(pgconn: PGconn) -> None:
        pgconn.send_close_prepared(name)

    return send


def pipeline_gen(pgconn: PGconn, commands: Sequence[Command]) -> PQGen[list[PGresult]]:
    """Send all of `commands` in one flush, and return the result of each.

    They are one transaction if none is open. After a result that is an error the results of the rest are missing.
    """
    pgconn.enter_pipeline_mode()
    try:
        for command in commands:
            command(pgconn)
        pgconn.pipeline_sync()
        yield from generators.send(pgconn)
        results: list[PGresult] = []
        while True:
            fetched = yield from generators.fetch_many(pgconn)
            if fetched[-1].status == _PIPELINE_SYNC:
                break
            if fetched[-1].status != _PIPELINE_ABORTED:
                results.append(fetched[-1])
        pgconn.exit_pipeline_mode()
    except BaseException:
        # Left in the middle, the connection would answer the next caller with these results.
        pgconn.finish()
        raise
    return results
