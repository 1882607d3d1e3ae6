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
        return [text_command(sql), *[_set_local_command(*item) for item in self._parameters().items()]]

    def savepoint_commands(self, savepoint: bytes, depth: int) -> list[Command]:
        """Return the commands that open a savepoint, and keep what its run-time parameters were, for that depth."""
        commands = [text_command(b"SAVEPOINT " + savepoint)]
        for place, (name, value) in enumerate(self._parameters().items()):
            commands += [_keep_command(name, _kept(depth, place)), _set_local_command(name, value)]
        return commands

    def release_commands(self, savepoint: bytes, depth: int) -> list[Command]:
        """Return the commands that release a savepoint.

        What it set would hold until the transaction ends (manual, SET), so it is set back.
        """
        restoring = [_keep_command(_kept(depth, place), name) for place, name in enumerate(self._parameters())]
        return [text_command(b"RELEASE " + savepoint), *restoring]

    def _parameters(self) -> Mapping[str, str]:
        if self.statement_timeout_ms is None:
            return self.settings
        return {**self.settings, "statement_timeout": f"{self.statement_timeout_ms}ms"}

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


def _kept(depth: int, place: int) -> str:
    # By depth, as the server never forgets the name of a parameter.
    return f"pagespace.kept_{depth}_{place}"


def _keep_command(name: str, copy: str) -> Command:
    """Return the command that gives the run-time parameter `copy` the value of `name`, until the transaction ends."""
    return text_command(
        b"SELECT pg_catalog.set_config($2, coalesce(pg_catalog.current_setting($1, true), ''), true)",
        [encoded(name, "the name of a setting"), encoded(copy, "the name of a setting")],
    )


def _set_local_command(name: str, value: str) -> Command:
    """Return the command that sets a run-time parameter until the transaction ends."""
    return text_command(
        b"SELECT pg_catalog.set_config($1, $2, true)",
        [encoded(name, "the name of a setting"), encoded(value, f"the setting {name!r}")],
    )


def pause_s(attempt: int) -> float:
    """Return the seconds to wait after a failed attempt (from 1): longer each time, and never the same for two."""
    longest = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**attempt)
    return random.uniform(longest / 2, longest)  # noqa: S311  # jitter, not a secret
