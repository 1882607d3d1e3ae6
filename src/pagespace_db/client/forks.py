"""What a forked process does with the connections of its parent: nothing.

Both processes would speak on one socket, and closing it here would end the session of the parent. So the child opens
pools of its own, and keeps the inherited ones alive for as long as it lives, that nobody closes them.
"""

from __future__ import annotations

import os
from typing import Final, Protocol
from weakref import WeakSet


class _Forgets(Protocol):
    def _after_fork(self) -> None: ...


_open: Final[WeakSet[_Forgets]] = WeakSet()
_inherited: Final[list[object]] = []


def forget_on_fork(database: _Forgets) -> None:
    """Let `database` forget its pool in every child process."""
    _open.add(database)


def keep_for_ever(pool: object) -> None:
    """Keep `pool` from being collected, and so from closing what it holds."""
    _inherited.append(pool)


def _after_fork() -> None:
    for database in list(_open):
        database._after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
