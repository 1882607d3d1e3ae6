"""The garbage collector, while many objects are made."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

MANY: Final = 500
"""From so many rows on it is worth a pause: the collector would walk every new object again and again, for nothing."""


@contextmanager
def collection_paused(count: int) -> Generator[None]:
    """Pause the garbage collector while objects of `count` rows are made, if they are many and it runs at all."""
    pauses = count > MANY and gc.isenabled()
    if pauses:
        gc.disable()
    try:
        yield
    finally:
        if pauses:
            gc.enable()
