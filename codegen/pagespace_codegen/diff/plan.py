"""A delta in order -> statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from pagespace_codegen.diff.hazards import Hazard, HazardKind
from pagespace_codegen.diff.inventory.model import Inventory, Key
from pagespace_codegen.diff.ordering.delta import Delta, compare
from pagespace_codegen.diff.ordering.nodes import Action
from pagespace_codegen.diff.ordering.order import Operation, order
from pagespace_codegen.diff.rules import RULES
from pagespace_codegen.diff.rules.base import Statement
from pagespace_db.errors import DiffError

_ABOUT_TABLES: Final = frozenset({HazardKind.REWRITES_TABLE, HazardKind.SCANS_TABLE, HazardKind.BLOCKS_WRITES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A statement, and the operation that it is part of."""

    statement: Statement
    action: Action
    key: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The statements that turn one database into another.

    Attributes:
        steps: In order.
        created: What the plan makes.
        dropped: What it drops.
    """

    steps: tuple[Step, ...]
    created: frozenset[Key] = frozenset()
    dropped: frozenset[Key] = frozenset()

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements in order."""
        return tuple(step.statement for step in self.steps)

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        """What is dangerous, in order, each once."""
        return tuple(dict.fromkeys(hazard for step in self.steps for hazard in step.statement.hazards))


def make_plan(old: Inventory, new: Inventory, *, in_one_transaction: bool) -> Plan:
    """Return the plan from `old` to `new`.

    In one transaction a label that was added to an enum cannot be used, so that an enum whose new label is used is made
    anew instead.

    Errors: DiffError for objects that are not supported, and when no order can be found.
    """
    _refuse_unsupported(old, new)
    rebuild: frozenset[Key] = frozenset()
    while True:
        delta = compare(old, new, rebuild=rebuild)
        plan = _plan(delta)
        used = used_labels(plan) if in_one_transaction else frozenset[Key]()
        if used <= rebuild:
            return plan
        rebuild |= used


def used_labels(plan: Plan) -> frozenset[Key]:
    """Return the enums that get a label which another statement of the plan mentions."""
    return frozenset(
        step.key
        for step in plan.steps
        for label in step.statement.added_labels
        if any(label in other.statement.sql for other in plan.steps if other.key != step.key)
    )


def _refuse_unsupported(old: Inventory, new: Inventory) -> None:
    unsupported = sorted({*old.unsupported, *new.unsupported})
    if unsupported:
        raise DiffError(
            f"the diff does not know how to handle: {', '.join(unsupported)}",
            help="write this part of the migration by hand",
        )


def _plan(delta: Delta) -> Plan:
    steps: list[Step] = []
    operations = order(delta)
    stood_in = frozenset(each.node.key for each in operations if each.node.action is Action.STAND_IN)
    for operation in operations:
        for statement in _statements(operation, delta, stood_in):
            kept = tuple(hazard for hazard in statement.hazards if _matters(hazard, delta))
            steps.append(
                Step(statement=replace(statement, hazards=kept), action=operation.node.action, key=operation.node.key)
            )
    return Plan(steps=tuple(_with_settings(steps)), created=delta.created, dropped=delta.scene.dropped)


def _statements(operation: Operation, delta: Delta, stood_in: AbstractSet[Key]) -> Iterable[Statement]:
    scene, key = delta.scene, operation.node.key
    rule = RULES[key.kind]
    match operation.node.action:
        case Action.STAND_IN:
            return rule.stand_in(scene.new.by_key[key])
        case Action.HOLLOW_OUT:
            return rule.stand_in(scene.old.by_key[key])
        case Action.CREATE | Action.ALTER if key in stood_in:
            return rule.fill_in(scene.new.by_key[key])
        case Action.CREATE:
            return rule.create(scene.new.by_key[key], operation.parts, scene)
        case Action.ALTER:
            parts = [part.key for part in operation.parts]
            altered = (delta.altered[member] for member in (key, *parts) if member in delta.altered)
            return [statement for alteration in altered for statement in alteration.statements]
        case Action.PUT_ASIDE:
            return rule.put_aside(scene.old.by_key[key])
        case Action.DROP if key in scene.rebuilt:
            return rule.drop_aside(scene.old.by_key[key], scene)
        case Action.DROP:
            return rule.drop(scene.old.by_key[key], scene)


def _matters(hazard: Hazard, delta: Delta) -> bool:
    """Tell whether a hazard is one: a table that is made by the plan has no rows."""
    if hazard.kind not in _ABOUT_TABLES:
        return True
    table = Key("table", hazard.object)
    return table in delta.scene.old.by_key and table not in delta.scene.dropped


def _with_settings(steps: list[Step]) -> Iterator[Step]:
    """Let bodies of functions name what is made later: pg_dump says the same at the top of its files."""
    functions = [step for step in steps if step.key.kind == "function" and step.action is not Action.DROP]
    if functions:
        yield replace(functions[0], statement=Statement(sql="SET check_function_bodies = off"))
    yield from steps
