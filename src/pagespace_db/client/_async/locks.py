"""Advisory locks, on connections of their own: a lock is held for long, and must not starve the statements."""

from __future__ import annotations

import hashlib
from contextlib import asynccontextmanager

from psycopg import errors

from pagespace_db.builder.flaws import encoded
from pagespace_db.client._async.pool import AsyncPool
from pagespace_db.client._async.scope import AsyncScope
from pagespace_db.client.adapt import AsyncYields
from pagespace_db.client.config import answer_limit_s
from pagespace_db.client.options import TransactionOptions
from pagespace_db.client.protocol import text_command
from pagespace_db.errors import LockNotObtained, StatementError


@asynccontextmanager
async def async_advisory_lock(
    pool: AsyncPool, key: int | str, *, is_shared: bool, timeout_s: float | None
) -> AsyncYields[None]:
    """Hold an advisory lock while the block runs; the arguments are those of Database.advisory_lock()."""
    # A lock of the transaction, not of the session: it also holds behind a pooler, where sessions are shared.
    function = b"pg_advisory_xact_lock_shared" if is_shared else b"pg_advisory_xact_lock"
    # 0 would be no limit at all.
    lock_timeout_ms = 0 if timeout_s is None else max(1, round(timeout_s * 1_000))
    options = TransactionOptions(
        settings={"lock_timeout": f"{lock_timeout_ms}ms", "idle_in_transaction_session_timeout": "0"},
        statement_timeout_ms=0,
    )
    connection = await pool.checkout()
    try:
        usual_limit_s = connection.answer_limit_s
        scope = AsyncScope(connection, options)
        connection.answer_limit_s = answer_limit_s(lock_timeout_ms)
        try:
            try:
                await connection.run(text_command(b"SELECT " + function + b"($1::bigint)", [b"%d" % _number(key)]))
            except errors.LockNotAvailable:
                raise LockNotObtained(
                    f"the advisory lock {key!r} was held by others for {timeout_s:g} s",
                    help="wait longer with timeout_s=, or find its holder in pg_locks",
                ) from None
            connection.answer_limit_s = usual_limit_s
            yield
        except BaseException:
            await scope.fail()
            raise
        scope.end()
        await connection.run(text_command(b"COMMIT"))
    finally:
        await pool.release(connection)


def _number(key: int | str) -> int:
    """Return the 64 bits that the server knows the lock by."""
    if isinstance(key, int):
        if not -(2**63) <= key < 2**63:
            raise StatementError(
                f"the key {key} of an advisory lock has more than 64 bits", help="use a text, which is hashed to 64"
            )
        return key
    return int.from_bytes(hashlib.blake2b(encoded(key, "the key of a lock"), digest_size=8).digest(), signed=True)
