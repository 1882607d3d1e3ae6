"""Generated from __init__.py by tools/unasync.py: do not edit."""

from pagespace_db.client._sync.connection import PooledConnection
from pagespace_db.client._sync.database import Database
from pagespace_db.client._sync.executor import Executor, Transaction, TransactionScope

__all__ = ["Database", "Executor", "PooledConnection", "Transaction", "TransactionScope"]
