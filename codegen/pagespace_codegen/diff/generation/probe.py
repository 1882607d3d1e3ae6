"""Runs a part of a plan, and asks the server which tables in use its statements lock, read as a whole or write anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import psycopg

from pagespace_codegen.catalog.load import time_limit
from pagespace_codegen.diff.generation.files import Part, statement_text
from pagespace_codegen.diff.hazards import Hazard, HazardKind
from pagespace_codegen.diff.plan import Step
from pagespace_codegen.diff.scratch.session import Session
from pagespace_codegen.diff.sides import TIME_LIMIT_S, plan_failure, run_statements
from pagespace_codegen.lint.observe import Effect, Watch
from pagespace_codegen.lint.rules import danger_of

_SEEN_BY_SERVER: Final = frozenset({HazardKind.REWRITES_TABLE, HazardKind.SCANS_TABLE, HazardKind.BLOCKS_WRITES})


def run_part(part: Part, session: Session) -> tuple[Hazard, ...]:
    """Run a part, and return its hazards, each once: what the server saw, and what only the plan can know.

    What has no transaction holds no lock that could be seen afterwards: there the plan is believed.

    Errors: DiffError with the statement that the server refused.
    """
    if not part.is_transactional or any(map(session.needs_owner, part.statements)):
        run_statements(part.statements, session, in_transaction=False)
        return tuple(dict.fromkeys(hazard for step in part.steps for hazard in step.statement.hazards))
    found: list[Hazard] = []
    connection = session.connection
    with time_limit(connection, TIME_LIMIT_S), connection.transaction():
        watch = Watch(connection)
        for step in part.steps:
            text = statement_text(step, is_transactional=True)
            try:
                session.run(text)
            except psycopg.Error as error:
                raise plan_failure(text, error) from error
            found += _hazards(step, watch.effects(text))
    return tuple(dict.fromkeys(found))


def _hazards(step: Step, effects: tuple[Effect, ...]) -> Iterator[Hazard]:
    """Yield the hazards of a statement; the plan's words are kept where the server agrees."""
    seen = {(danger, effect.relation.full_name) for effect in effects if (danger := danger_of(effect)) is not None}
    for hazard in step.statement.hazards:
        if hazard.kind not in _SEEN_BY_SERVER or (hazard.kind, hazard.object) in seen:
            seen.discard((hazard.kind, hazard.object))
            yield hazard
    yield from (Hazard(kind, name) for kind, name in sorted(seen))
