"""A source of ids, moments and words that gives the same sequence on every run."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

T = TypeVar("T")

BASE_TIME: Final = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""The moment at which the workspace is imagined to be; nothing in it happens later, except what is planned."""


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text that separates them by spaces."""
    return tuple(text.split())


NOUNS: Final = words(
    "archive audience backlog benchmark brief budget campaign checklist contract dashboard decision draft engine "
    "experiment feature glossary guide handbook hiring incident interview invoice journal kickoff launch lesson "
    "market meeting memo metric milestone model network onboarding outline partner pipeline plan policy portfolio "
    "pricing process product prototype quarter question release report research retrospective review risk roadmap "
    "sample schedule scope script sprint standard strategy summary survey team template timeline tutorial vision"
)
ADJECTIVES: Final = words(
    "annual better bold brief central clear common daily detailed early final first former free full global "
    "internal joint large late local long main minor modern monthly new next old open past plain private public "
    "quick quiet recent second shared short simple small steady strong technical weekly whole wide yearly"
)
VERBS: Final = words(
    "adds asks brings builds changes checks covers cuts explains fills finds fits follows gives helps holds joins "
    "keeps leads links lists makes meets moves names needs opens plans proves reads shapes shows starts tells tests"
)

_SENTENCE_COUNT: Final = 300


class Chance:
    """One sequence of random choices; two of the same name are equal, of different names independent."""

    def __init__(self, name: str) -> None:
        self._random = random.Random(f"pagespace demo: {name}")  # noqa: S311  # repeatable on purpose
        self._sentences = [self._make_sentence() for _ in range(_SENTENCE_COUNT)]

    def id(self) -> str:
        """Return 24 letters and digits in the shape of a cuid2."""
        return f"p{self._random.getrandbits(92):023x}"

    def digest(self) -> bytes:
        """Return 32 bytes, such as the hash of a token that nobody has."""
        return self._random.randbytes(32)

    def happens(self, probability: float) -> bool:
        """Return True with the given probability."""
        return self._random.random() < probability

    def number(self, low: int, high: int) -> int:
        """Return an integer from `low` to `high`, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def one_of(self, items: Sequence[T]) -> T:
        """Return one of `items`."""
        return items[int(self._random.random() * len(items))]

    def some_of(self, items: Sequence[T], count: int) -> list[T]:
        """Return `count` different members of `items`, or all of them when there are fewer."""
        return self._random.sample(items, min(count, len(items)))

    def weighted(self, items: Sequence[T], weights: Sequence[float], count: int) -> list[T]:
        """Return `count` members of `items`, each as likely as its weight says."""
        return self._random.choices(items, weights, k=count)

    def moment(self, *, days: float = 60, since: datetime | None = None) -> datetime:
        """Return a moment of the last `days` days before BASE_TIME, not before `since`."""
        earliest = BASE_TIME - timedelta(days=days)
        start = earliest if since is None else max(earliest, since)
        return start + (BASE_TIME - start) * self._random.random()

    def title(self) -> str:
        """Return the title of a page."""
        return f"{self.one_of(ADJECTIVES).capitalize()} {self.one_of(NOUNS)} {self.one_of(NOUNS)}"

    def sentence(self) -> str:
        """Return a sentence of seven words."""
        return self.one_of(self._sentences)

    def paragraph(self, sentences: int) -> str:
        """Return a paragraph of as many sentences."""
        return " ".join(self.sentence() for _ in range(sentences))

    def _make_sentence(self) -> str:
        return (
            f"The {self.one_of(ADJECTIVES)} {self.one_of(NOUNS)} {self.one_of(VERBS)}"
            f" the {self.one_of(ADJECTIVES)} {self.one_of(NOUNS)}."
        )
