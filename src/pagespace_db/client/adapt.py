"""What the asynchronous and the synchronous client call by different names; tools/unasync.py exchanges them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Coroutine, Generator
from typing import Annotated, Any, Final, TypeAlias, TypeVar

T = TypeVar("T")

_CANCEL_EVERY_S: Final = 0.01

AsyncYields: TypeAlias = AsyncGenerator[T, None]
Yields: TypeAlias = Generator[T, None, None]

AsyncOutcome: TypeAlias = Awaitable[T]
"""What a function given to us returns."""
Outcome: TypeAlias = Annotated[T, "synchronous"]

AsyncReturned: TypeAlias = Coroutine[Any, Any, T]
"""What a function made by us returns."""
Returned: TypeAlias = Annotated[T, "synchronous"]

AsyncMutex: TypeAlias = asyncio.Lock
Mutex: TypeAlias = threading.Lock

Cancelled: TypeAlias = asyncio.CancelledError
"""What a task is ended by; nothing else raises it."""

async_sleep = asyncio.sleep
sleep = time.sleep


def async_loop() -> object:
    """Return what the connections of an asynchronous pool belong to: the running event loop."""
    return asyncio.get_running_loop()


def loop() -> object:
    """Return what the connections of a synchronous pool belong to: nothing in particular."""
    return None


def keep_cancelling() -> None:
    """Cancel the current task, which was cancelled once, until it ends.

    A worker of psycopg's pool that connects takes that for an attempt which failed, and goes on working: then the event
    loop that asyncio.run() wants to end would wait for it without end.
    """
    task, running = asyncio.current_task(), asyncio.get_running_loop()

    def cancel() -> None:
        if task is not None and not task.done():
            task.cancel()
            running.call_later(_CANCEL_EVERY_S, cancel)

    running.call_soon(cancel)


def async_is_running(of: object) -> bool:
    """Tell whether an event loop is still running."""
    return isinstance(of, asyncio.AbstractEventLoop) and of.is_running()


def is_running(of: object) -> bool:
    """Tell whether nothing in particular is still running: it never is."""
    return False
