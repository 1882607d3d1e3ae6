"""Interleaved measurement: contenders take turns in short rounds, and are compared round by round.

What is reported is the median over the rounds of the ratio of a contender's client CPU time to the reference's in the
same round, so that a machine that is busy for a while slows both sides alike.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One contender's figures.

    Attributes:
        name: The contender.
        cpu_us: Median client CPU time of one call, in microseconds.
        wall_us: Median elapsed time of one call, in microseconds.
        cpu_ratio: Median ratio of client CPU time to the reference's.
        wall_ratio: Median ratio of elapsed time to the reference's.
    """

    name: str
    cpu_us: float
    wall_us: float
    cpu_ratio: float
    wall_ratio: float


Timed = Callable[[int], tuple[float, float]]
"""Something that works as many times as it is told, and returns the seconds of CPU and of the clock that it took."""


def compare(contenders: Mapping[str, Callable[[], object]], *, calls: int, rounds: int = 41) -> list[Result]:
    """Return the figures of each contender; the first is the reference.

    Args:
        contenders: What to measure, by name; each is called `calls` times in each round.
        calls: Calls a round; choose them so that a round takes some 20 ms.
        rounds: Rounds; the order of the contenders turns by one each round.
    """
    return compare_timed({name: timed(call) for name, call in contenders.items()}, calls=calls, rounds=rounds)


def compare_timed(contenders: Mapping[str, Timed], *, calls: int, rounds: int = 41) -> list[Result]:
    """Return the figures of contenders that measure themselves: another process, or a loop of coroutines."""
    names = list(contenders)
    cpu: dict[str, list[float]] = {name: [] for name in names}
    wall: dict[str, list[float]] = {name: [] for name in names}
    for name in names:
        contenders[name](calls)
    for number in range(rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            cpu_s, wall_s = contenders[name](calls)
            cpu[name].append(cpu_s)
            wall[name].append(wall_s)
    reference = names[0]
    return [
        Result(
            name=name,
            cpu_us=statistics.median(cpu[name]) / calls * 1e6,
            wall_us=statistics.median(wall[name]) / calls * 1e6,
            cpu_ratio=statistics.median(a / b for a, b in zip(cpu[name], cpu[reference], strict=True)),
            wall_ratio=statistics.median(a / b for a, b in zip(wall[name], wall[reference], strict=True)),
        )
        for name in names
    ]


def timed(call: Callable[[], object]) -> Timed:
    """Return a function as one that measures itself, with the garbage of others collected before."""

    def measure(calls: int) -> tuple[float, float]:
        gc.collect()
        cpu_start, wall_start = time.process_time(), time.perf_counter()
        for _ in range(calls):
            call()
        return time.process_time() - cpu_start, time.perf_counter() - wall_start

    return measure
