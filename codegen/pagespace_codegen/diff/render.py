"""A plan as text: SQL with hazards as comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pagespace_codegen.diff.plan import Plan, Step


def render_plan(plan: Plan) -> str:
    """Return a plan as SQL; each hazard is a line before the statement that it is about."""
    return "".join(f"{line}\n" for line in render_steps(plan.steps))


def render_steps(steps: Iterable[Step]) -> Iterator[str]:
    """Yield the lines of statements."""
    for step in steps:
        for hazard in step.statement.hazards:
            yield f"-- hazard: {hazard}"
        yield f"{step.statement.sql};"


def plan_facts(plan: Plan) -> dict[str, object]:
    """Return a plan as JSON shows it."""
    return {
        "statements": [
            {
                "sql": step.statement.sql,
                "action": str(step.action),
                "kind": step.key.kind,
                "object": step.key.name,
                "hazards": [
                    {"kind": str(hazard.kind), "object": hazard.object, "detail": hazard.detail}
                    for hazard in step.statement.hazards
                ],
            }
            for step in plan.steps
        ]
    }
