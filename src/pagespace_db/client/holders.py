"""Who holds the connections of a pool: noted in debug mode alone, to be shown when the pool is exhausted."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

_HERE: Final = str(Path(__file__).resolve().parent)
_CONTEXTLIB: Final = str(contextlib.__file__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Holder:
    place: str
    actor: str
    since: float


class Holders:
    """The callers that hold connections, by the connection."""

    def __init__(self) -> None:
        self._holders: dict[object, _Holder] = {}

    def add(self, connection: object) -> None:
        """Note the first caller outside of the client, and its task or thread."""
        self._holders[connection] = _Holder(place=_place(sys._getframe()), actor=_actor(), since=time.monotonic())

    def discard(self, connection: object) -> None:
        """Forget who held `connection`."""
        self._holders.pop(connection, None)

    def __str__(self) -> str:
        now = time.monotonic()
        longest_first = sorted(self._holders.values(), key=lambda holder: holder.since)
        return "\n".join(
            f"  {holder.place}, {holder.actor}, for {now - holder.since:.1f} s" for holder in longest_first
        )


def _place(frame: FrameType | None) -> str:
    while frame is not None and frame.f_code.co_filename.startswith((_HERE, _CONTEXTLIB)):
        frame = frame.f_back
    return "unknown place" if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}()"


def _actor() -> str:
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    return f"thread {threading.current_thread().name}" if task is None else f"task {task.get_name()}"
