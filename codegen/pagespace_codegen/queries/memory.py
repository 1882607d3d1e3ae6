"""What was described before, for as long as one database stays as it is: only a new question goes to the server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from pagespace_codegen.queries.analysis import Description, Descriptions, Question, describe
from pagespace_codegen.queries.server import ServerError
from pagespace_codegen.queries.tree.references import References


class Memory:
    """Describes statements by way of `connection`, each of them once; what is not asked for again is forgotten."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._answers: dict[Question, Description | ServerError] = {}
        self._references = References()

    def describe(self, questions: Sequence[Question]) -> Descriptions:
        """Return what is known of each statement, as `analysis.describe` does."""
        unknown = [question for question in dict.fromkeys(questions) if question not in self._answers]
        if unknown:
            found = describe(self._connection, unknown)
            self._answers |= zip(unknown, found.answers, strict=True)
            self._references = _joined(self._references, found.references)
        self._answers = {question: self._answers[question] for question in questions}
        return Descriptions(answers=tuple(map(self._answers.__getitem__, questions)), references=self._references)


def _joined(one: References, other: References) -> References:
    """Return what two readings of the same catalog found."""
    return References(
        relations={**one.relations, **other.relations},
        functions={**one.functions, **other.functions},
        operators={**one.operators, **other.operators},
    )
