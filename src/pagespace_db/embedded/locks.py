"""File locks that the kernel drops when their holder ends, however it ends (flock)."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

_POLL_S = 0.01


class FileLock:
    """An flock on a file, which is made when it is missing and never removed."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)  # nobody else may hold it
        self._file: IO[str] = os.fdopen(descriptor, "r+", encoding="utf-8")

    def try_acquire(self, mode: Literal["shared", "exclusive"]) -> bool:
        """Take the lock if it is free, and return whether it was."""
        try:
            fcntl.flock(self._file, (fcntl.LOCK_SH if mode == "shared" else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def acquire(self, mode: Literal["shared", "exclusive"], *, timeout_s: float) -> bool:
        """Wait for the lock; return False when it was not free within `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while not self.try_acquire(mode):
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_S)
        return True

    def close(self) -> None:
        """Give the lock back."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def is_held(path: Path) -> bool:
    """Return whether somebody holds the exclusive lock on the file at `path`."""
    if not path.exists():
        return False
    with FileLock(path) as lock:
        return not lock.try_acquire("shared")
