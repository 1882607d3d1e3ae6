"""What a transaction is asked to be, and the SQL that makes it so."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from pagespace_db.builder.flaws import encoded
from pagespace_db.client.protocol import Command, text_command
from pagespace_db.errors import StatementError

Isolation = Literal["read committed", "repeatable read", "serializable"]

_LEVELS: Final[Mapping[Isolation, bytes]] = {
    "read committed": b" ISOLATION LEVEL READ COMMITTED",
    "repeatable read": b" ISOLATION LEVEL REPEATABLE READ",
    "serializable": b" ISOLATION LEVEL SERIALIZABLE",
}
_FIRST_PAUSE_S: Final = 0.01
_LONGEST_PAUSE_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionOptions:
    """How a transaction is opened.

    Attributes:
        isolation: The isolation level; None is the server's default, read committed.
        read_only: Refuse writes (SQLSTATE 25006).
        deferrable: With serializable and read only: wait for a snapshot that cannot fail.
        retry: How often a function is run again after a serialization failure or a deadlock.
        settings: Run-time parameters that hold until the transaction ends.
        statement_timeout_ms: The limit for each statement, in place of the pool's.
        after: The position in the log that the server must have come to before.
    """

    isolation: Isolation | None = None
    read_only: bool = False
    deferrable: bool = False
    retry: int = 0
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    statement_timeout_ms: int | None = None
    after: str | None = None

    def begin_commands(self) -> list[Command]:
        """Return the commands that open the transaction."""
        sql = b"BEGIN"
        if self.isolation is not None:
            sql += _LEVELS[self.isolation]
        if self.read_only:
            sql += b" READ ONLY"
        if self.deferrable:
            sql += b" DEFERRABLE"
        return [text_command(sql), *self.setting_commands()]

    def setting_commands(self) -> list[Command]:
        """Return the commands that set the run-time parameters until the transaction or savepoint ends."""
        settings = dict(self.settings)
        if self.statement_timeout_ms is not None:
            settings["statement_timeout"] = f"{self.statement_timeout_ms}ms"
        return [set_local_command(name, value) for name, value in settings.items()]

    def check_savepoint(self) -> None:
        """Raise StatementError when the options ask for what a savepoint cannot do."""
        if self.isolation is not None or self.read_only or self.deferrable or self.after is not None:
            raise StatementError(
                "a savepoint has no isolation level, access mode or snapshot of its own",
                help="give the options to the outermost transaction()",
            )
        if self.retry:
            raise StatementError(
                "a savepoint cannot be retried: a serialization failure ends the whole transaction",
                help="give retry= to the outermost transaction()",
            )


def set_local_command(name: str, value: str) -> Command:
    """Return the command that sets a run-time parameter until the transaction ends."""
    return text_command(
        b"SELECT pg_catalog.set_config($1, $2, true)",
        [encoded(name, "the name of a setting"), encoded(value, f"the setting {name!r}")],
    )


def pause_s(attempt: int) -> float:
    """Return the seconds to wait after a failed attempt (from 1): longer each time, and never the same for two."""
    longest = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**attempt)
    return random.uniform(longest / 2, longest)  # noqa: S311  # jitter, not a secret
