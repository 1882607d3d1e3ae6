"""The client: a pool of connections that runs statements and returns typed rows.

`_async` is the source; `_sync` is generated from it by tools/unasync.py, which CI checks.
"""

from pagespace_db.client._async import AsyncDatabase, AsyncExecutor, AsyncTransaction, AsyncTransactionScope
from pagespace_db.client._sync import Database, Executor, Transaction, TransactionScope

__all__ = [
    "AsyncDatabase",
    "AsyncExecutor",
    "AsyncTransaction",
    "AsyncTransactionScope",
    "Database",
    "Executor",
    "Transaction",
    "TransactionScope",
    "db",
]

db = Database()
"""The database of DATABASE_URL; nothing is connected before the first statement."""
