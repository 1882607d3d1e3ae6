"""The type of a function that yields, for both clients."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import TypeAlias, TypeVar

T = TypeVar("T")

AsyncYields: TypeAlias = AsyncGenerator[T, None]
Yields: TypeAlias = Generator[T, None, None]
