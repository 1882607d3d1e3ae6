"""How coroutines are measured: as many as asked for, one after the other, on one event loop."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

    from benchmarks.harness import Timed


def timed_on(loop: asyncio.AbstractEventLoop, call: Callable[[], Awaitable[object]]) -> Timed:
    """Return a coroutine function as a contender that measures itself."""

    async def repeat(calls: int) -> tuple[float, float]:
        cpu_start, wall_start = time.process_time(), time.perf_counter()
        for _ in range(calls):
            await call()
        return time.process_time() - cpu_start, time.perf_counter() - wall_start

    def measure(calls: int) -> tuple[float, float]:
        gc.collect()
        return loop.run_until_complete(repeat(calls))

    return measure
