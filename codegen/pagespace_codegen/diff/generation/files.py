"""A plan -> migration files: what can share a transaction does, and on tables in use the forms that do not block them.

Pure. The order of the plan is kept, but for what nothing else waits for, which moves to the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pagespace_codegen.diff.hazards import HazardKind
from pagespace_codegen.diff.inventory.model import Inventory, Key, Object
from pagespace_codegen.diff.ordering.nodes import Action
from pagespace_codegen.diff.plan import Plan, Step, used_labels
from pagespace_codegen.diff.rules.base import Statement
from pagespace_codegen.diff.rules.constraint import constraint_definition

_SETTING: Final = "SET check_function_bodies = off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one file does.

    Attributes:
        steps: In order.
        is_transactional: False for what cannot run in a transaction: then there is one statement.
    """

    steps: tuple[Step, ...]
    is_transactional: bool = True

    @property
    def statements(self) -> tuple[str, ...]:
        """The statements as they are sent; a setting ends with its transaction."""
        return tuple(statement_text(step, is_transactional=self.is_transactional) for step in self.steps)


def statement_text(step: Step, *, is_transactional: bool) -> str:
    """Return a statement as it is sent."""
    return (
        step.statement.sql.replace("SET ", "SET LOCAL ", 1)
        if step.statement.sql == _SETTING and is_transactional
        else step.statement.sql
    )


def plain_parts(plan: Plan) -> tuple[Part, ...]:
    """Return the whole plan as one file."""
    return (Part(steps=plan.steps),) if plan.steps else ()


def online_parts(plan: Plan, old: Inventory, new: Inventory) -> tuple[Part, ...]:
    """Return the files of a plan whose tables are in use."""
    first, steps = _split_labels(plan)
    later = _Later()
    online = list(_online_steps(steps, old, new, later))
    prompt, indexes, comments = _late_indexes(online, new)
    parts = [
        Part(steps=tuple(first)),
        *_cut([*prompt, *indexes]),
        Part(steps=tuple(later.validations)),
        Part(steps=(*later.conclusions, *comments)),
    ]
    return tuple(part for part in parts if part.steps)


@dataclass(frozen=True, slots=True)
class _Later:
    """What waits until the rest is done: reading whole tables, and what can be concluded from that."""

    validations: list[Step] = field(default_factory=list[Step])
    conclusions: list[Step] = field(default_factory=list[Step])


def _split_labels(plan: Plan) -> tuple[list[Step], list[Step]]:
    """Take out labels that the rest uses: they can be used only when their transaction has ended."""
    used = used_labels(plan)
    first = [step for step in plan.steps if step.key in used and step.statement.added_labels]
    return first, [step for step in plan.steps if step not in first]


def _online_steps(steps: Iterable[Step], old: Inventory, new: Inventory, later: _Later) -> Iterator[Step]:
    """Yield the steps in the form that blocks nobody; what only reads the table goes to `later`."""
    for step in steps:
        kinds = {hazard.kind for hazard in step.statement.hazards}
        item = (old if step.action is Action.DROP else new).by_key.get(step.key)
        if item is None:
            yield step
        elif step.key.kind == "index" and (HazardKind.BLOCKS_WRITES in kinds or step.action is Action.DROP):
            yield _concurrently(step, item, old)
        elif step.key.kind in {"constraint", "foreign key"} and HazardKind.SCANS_TABLE in kinds:
            yield from _validated_later(step, item, later)
        elif step.key.kind == "column" and step.statement.sql.endswith(" SET NOT NULL"):
            yield from _not_null_by_check(step, item, later)
        else:
            yield step


def _concurrently(step: Step, item: Object, old: Inventory) -> Step:
    is_on_table = item.parent is not None and item.parent.kind in {"table", "materialized view"}
    head = "CREATE UNIQUE INDEX " if step.statement.sql.startswith("CREATE UNIQUE INDEX ") else "CREATE INDEX "
    head = "DROP INDEX " if step.action is Action.DROP else head
    is_index = step.statement.sql.startswith(head)
    if item.facts.flag("is_partitioned") or not is_on_table or not is_index or item.parent not in old.by_key:
        return step
    sql = f"{head}CONCURRENTLY {step.statement.sql.removeprefix(head)}"
    return replace(step, statement=Statement(sql=sql))


def _validated_later(step: Step, item: Object, later: _Later) -> Iterator[Step]:
    facts = item.facts
    is_partitioned_key = step.key.kind == "foreign key" and "PARTITION" in facts.text("definition")
    if not step.statement.sql.endswith(constraint_definition(item)) or is_partitioned_key:
        yield step
        return
    yield replace(step, statement=Statement(sql=f"{step.statement.sql} NOT VALID"))
    sql = f"ALTER {facts.text('owner')} VALIDATE CONSTRAINT {facts.text('name')}"
    later.validations.append(replace(step, statement=Statement(sql=sql), action=Action.ALTER))


def _not_null_by_check(step: Step, item: Object, later: _Later) -> Iterator[Step]:
    """Let NULL be looked for by a check, which blocks nobody; NOT NULL then believes it (manual, ALTER TABLE)."""
    table, column = str(item.parent and item.parent.name), item.facts.text("column")
    bare = column.strip('"').encode()[:40].decode(errors="ignore")
    name = '"' + f"{bare}_is_not_null__check".replace('"', '""') + '"'
    yield replace(
        step,
        statement=Statement(sql=f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID"),
    )
    later.validations.append(replace(step, statement=Statement(sql=f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")))
    # Two statements: in one, the check would be dropped first, and the table read as a whole after all.
    for concluded in (f"ALTER COLUMN {column} SET NOT NULL", f"DROP CONSTRAINT {name}"):
        later.conclusions.append(replace(step, statement=Statement(sql=f"ALTER TABLE {table} {concluded}")))


def _late_indexes(steps: Sequence[Step], new: Inventory) -> tuple[list[Step], list[Step], list[Step]]:
    """Return the steps without the new indexes that nothing else needs, these, and the comments on them."""
    touched = {step.key for step in steps}
    dropped = {step.key for step in steps if step.action is Action.DROP}
    late: set[Key] = set()
    for step in steps:
        is_new = step.action is Action.CREATE and _is_concurrent(step) and step.key not in dropped
        if is_new and not new.dependents.get(step.key, frozenset()) & (touched - _comments(new, step.key)):
            late.add(step.key)
    comments = {key for index in late for key in _comments(new, index)}
    return (
        [step for step in steps if step.key not in late | comments],
        [step for step in steps if step.key in late],
        [step for step in steps if step.key in comments],
    )


def _comments(new: Inventory, key: Key) -> frozenset[Key]:
    return frozenset(part.key for part in new.parts(key, "comment"))


def _is_concurrent(step: Step) -> bool:
    return "INDEX CONCURRENTLY " in step.statement.sql.partition("\n")[0] and step.key.kind == "index"


def _cut(steps: Iterable[Step]) -> Iterator[Part]:
    """Yield the steps as parts: each concurrent one is alone, and outside of a transaction."""
    gathered: list[Step] = []
    for step in steps:
        if _is_concurrent(step):
            if gathered:
                yield Part(steps=tuple(gathered))
                gathered = []
            yield Part(steps=(step,), is_transactional=False)
        else:
            gathered.append(step)
    if gathered:
        yield Part(steps=tuple(gathered))
