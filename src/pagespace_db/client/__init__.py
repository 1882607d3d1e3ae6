"""The client: a pool of connections that runs statements and returns typed rows.

`_async` is the source; `_sync` is generated from it by tools/unasync.py, which CI checks.
"""

from pagespace_db.client._async import AsyncDatabase, AsyncExecutor, AsyncTransaction, AsyncTransactionScope
from pagespace_db.client._sync import Database, Executor, Transaction, TransactionScope
from pagespace_db.client.channels import Channel, Gap, Notification, json_channel, text_channel
from pagespace_db.client.hooks import Hook, PoolStats, StatementEvent, log_statements

__all__ = [
    "AsyncDatabase",
    "AsyncExecutor",
    "AsyncTransaction",
    "AsyncTransactionScope",
    "Channel",
    "Database",
    "Executor",
    "Gap",
    "Hook",
    "Notification",
    "PoolStats",
    "StatementEvent",
    "Transaction",
    "TransactionScope",
    "db",
    "json_channel",
    "log_statements",
    "text_channel",
]

db = Database()
"""The database of DATABASE_URL; nothing is connected before the first statement."""
