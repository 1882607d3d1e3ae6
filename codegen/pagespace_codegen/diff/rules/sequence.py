"""Sequences, those behind identities too, and the column that owns one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pagespace_codegen.diff.hazards import Hazard, HazardKind
from pagespace_codegen.diff.inventory.model import Facts, Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements
from pagespace_codegen.diff.rules.names import relation_claim

_BOUNDS: Final = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}


def sequence_options(facts: Facts, *, with_type: bool) -> list[str]:
    """Return the options of a sequence that are not what the server would take anyway."""
    type_ = facts.text("type")
    bound = _BOUNDS.get(type_, 2**63)
    increment = facts.number("increment") or 1
    default_min, default_max = (1, bound - 1) if increment > 0 else (-bound, -1)
    low, high = facts.number("min"), facts.number("max")
    start = low if increment > 0 else high
    options = [f"AS {type_}"] if with_type and type_ != "bigint" else []
    options += [f"INCREMENT BY {increment}"] if increment != 1 else []
    options += [f"MINVALUE {low}"] if low != default_min else []
    options += [f"MAXVALUE {high}"] if high != default_max else []
    options += [f"START WITH {facts.number('start')}"] if facts.number("start") != start else []
    options += [f"CACHE {facts.number('cache')}"] if facts.number("cache") != 1 else []
    return options + (["CYCLE"] if facts.flag("is_cycle") else [])


def sequence_changes(old: Facts, new: Facts) -> list[str]:
    """Return the options of ALTER SEQUENCE that turn one into the other, without its type."""
    changes = [
        f"{words} {new.number(name)}"
        for name, words in (
            ("increment", "INCREMENT BY"),
            ("min", "MINVALUE"),
            ("max", "MAXVALUE"),
            ("start", "START WITH"),
            ("cache", "CACHE"),
        )
        if old[name] != new[name]
    ]
    if old["is_cycle"] != new["is_cycle"]:
        changes.append("CYCLE" if new.flag("is_cycle") else "NO CYCLE")
    return changes


def restart(old: Facts, new: Facts) -> tuple[list[str], tuple[Hazard, ...]]:
    """Return RESTART if where a sequence stands may be out of its new bounds, which the server refuses."""
    start, low, high = (old.number("start") or 0, new.number("min") or 0, new.number("max") or 0)
    if low <= start <= high:
        return [], ()
    name = f"{new.text('schema')}.{new.text('name')}"
    hazard = Hazard(HazardKind.DROPS_SEQUENCE, name, "it starts again within its new bounds")
    return [f"RESTART WITH {new.number('start')}"], (hazard,)


class SequenceRule(Rule):
    """CREATE SEQUENCE, ALTER SEQUENCE."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE SEQUENCE."""
        unlogged = "UNLOGGED " if item.facts.flag("is_unlogged") else ""
        options = "".join(f" {option}" for option in sequence_options(item.facts, with_type=True))
        return statements(f"CREATE {unlogged}{item.target}{options}")

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return DROP SEQUENCE."""
        return (Statement(sql=f"DROP {item.target}", hazards=(Hazard(HazardKind.DROPS_SEQUENCE, item.name),)),)

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return ALTER SEQUENCE; the type first, as it moves bounds of its own accord."""
        changes = sequence_changes(old.facts, new.facts)
        restarted, hazards = restart(old.facts, new.facts)
        changes += restarted
        if old.facts["type"] != new.facts["type"]:
            changes.insert(0, f"AS {new.facts.text('type')}")
        is_persistence_new = old.facts["is_unlogged"] != new.facts["is_unlogged"]
        persistence = "UNLOGGED" if new.facts.flag("is_unlogged") else "LOGGED"
        options = (Statement(sql=f"ALTER {new.target} {' '.join(changes)}", hazards=hazards),) if changes else ()
        return Alteration(
            statements=options + statements(f"ALTER {new.target} SET {persistence}" if is_persistence_new else None)
        )

    def claims(self, item: Object) -> frozenset[str]:
        """Return its name among relations."""
        return frozenset({relation_claim(item.facts.text("schema"), item.facts.text("name"))})


class SequenceOwnerRule(Rule):
    """ALTER SEQUENCE ... OWNED BY."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return OWNED BY the column."""
        return statements(f"ALTER {item.target} OWNED BY {item.facts.text('column')}")

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return OWNED BY NONE."""
        return statements(f"ALTER {item.target} OWNED BY NONE")

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return OWNED BY the other column."""
        return Alteration(statements=self.create(new, (), scene))
