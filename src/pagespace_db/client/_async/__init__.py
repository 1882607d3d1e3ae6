"""The client, asynchronous: the source from which tools/unasync.py writes the package `_sync`."""

from pagespace_db.client._async.connection import AsyncPooledConnection
from pagespace_db.client._async.database import AsyncDatabase
from pagespace_db.client._async.executor import AsyncExecutor, AsyncTransaction, AsyncTransactionScope

__all__ = ["AsyncDatabase", "AsyncExecutor", "AsyncPooledConnection", "AsyncTransaction", "AsyncTransactionScope"]
