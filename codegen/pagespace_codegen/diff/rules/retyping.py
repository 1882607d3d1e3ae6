"""Another type for a column: how its values get there, and what that costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pagespace_codegen.diff.hazards import Hazard, HazardKind
from pagespace_codegen.diff.inventory.model import Key, Object
from pagespace_codegen.diff.rules.base import Scene

_STRINGS: Final = frozenset({"text", "character varying", "character"})
_STRETCHABLE: Final = frozenset(
    {
        "bit varying",
        "character varying",
        "time with time zone",
        "time without time zone",
        "timestamp with time zone",
        "timestamp without time zone",
    }
)
"""Types whose modifier is a greatest length or precision; without one there is none."""


def is_retyped(old: Object, new: Object, scene: Scene) -> bool:
    """Tell whether values are converted: to another type, or to the new form of a type that is made again."""
    if any(old.facts[name] != new.facts[name] for name in ("type", "collation")):
        return True
    return bool(_rebuilt(old, scene))


def _rebuilt(column: Object, scene: Scene) -> frozenset[Key]:
    if column.facts.optional("generated"):
        return frozenset()
    return scene.old.needs.get(column.key, frozenset()) & scene.rebuilt


def has_other_base(old: Object, new: Object, scene: Scene) -> bool:
    """Tell whether the type is another one, or made again, rather than the same with another modifier."""
    return bool(_rebuilt(old, scene)) or _base(old.facts.text("type")) != _base(new.facts.text("type"))


def type_change(old: Object, new: Object, scene: Scene) -> Iterator[tuple[str, tuple[Hazard, ...]]]:
    """Yield the change of the type, and what it costs."""
    facts = new.facts
    collation = f" COLLATE {facts.text('collation')}" if facts.optional("collation") else ""
    using = "" if facts.optional("generated") else _conversion(old, new, scene)
    yield f"TYPE {facts.text('type')}{collation}{using}", tuple(_hazards(old, new, scene))


def _hazards(old: Object, new: Object, scene: Scene) -> Iterator[Hazard]:
    source, target = old.facts.text("type"), new.facts.text("type")
    is_same_form = old.facts["collation"] == new.facts["collation"] and not _rebuilt(old, scene)
    if is_same_form and source != target and _takes_every_value(source, target):
        return
    if source != target:
        yield Hazard(HazardKind.CONVERTS_VALUES, new.name, f"{source} to {target}")
    yield Hazard(HazardKind.REWRITES_TABLE, new.parent.name if new.parent is not None else "")


def _takes_every_value(source: str, target: str) -> bool:
    """Tell whether values stay as they are stored, as the server knows too and leaves the table alone (ALTER TABLE)."""
    from_base, to_base = _base(source), _base(target)
    if {from_base, to_base} <= {"text", "character varying"}:
        return _covers(_modifier(source), _modifier(target))
    if from_base != to_base:
        return False
    if from_base == "numeric":
        before, after = _modifier(source), _modifier(target)
        return not after or (before[1:] == after[1:] and _covers(before, after))
    return from_base in _STRETCHABLE and _covers(_modifier(source), _modifier(target))


def _covers(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    """Tell whether a length or precision is at least as great as another; none is the greatest."""
    return not after or bool(before and before[0] <= after[0])


def _modifier(type_: str) -> tuple[int, ...]:
    """Return the numbers of a type: (10, 2) of `numeric(10,2)`."""
    numbers = type_.partition("(")[2].partition(")")[0]
    return tuple(int(number) for number in numbers.split(",")) if numbers else ()


def _conversion(old: Object, new: Object, scene: Scene) -> str:
    """Return USING, or nothing where the server converts by assignment, which refuses what would be cut off."""
    column, source, target = new.facts.text("column"), old.facts.text("type"), new.facts.text("type")
    composite = Key("composite", target)
    if source == target and composite in _rebuilt(old, scene):
        return f" USING {_composite_value(column, target, composite, scene)}"
    if _rebuilt(old, scene):
        is_array = source.endswith("[]") and target.endswith("[]")
        return f" USING {column}::text{'[]' if is_array else ''}::{target}"
    from_base, to_base = _base(source), _base(target)
    if from_base == to_base or to_base in _STRINGS or scene.new.casts.get((from_base, to_base)):
        return ""
    if from_base in _STRINGS or (from_base, to_base) in scene.new.casts:
        return f" USING {column}::{target}"
    if to_base.endswith("[]") and from_base.endswith("[]"):
        elements = from_base.removesuffix("[]"), to_base.removesuffix("[]")
        is_castable = elements in scene.new.casts or elements[0] in _STRINGS or elements[1] in _STRINGS
        return f" USING {column}{'' if is_castable else '::text[]'}::{target}"
    return f" USING {column}::text::{target}"


def _composite_value(column: str, target: str, key: Key, scene: Scene) -> str:
    old, new = scene.old.by_key[key], scene.new.by_key[key]
    present = set(old.facts.texts("attributes"))
    remade = {type_.name for type_ in scene.old.needs.get(key, ()) if type_ in scene.rebuilt}
    text = dict.fromkeys(remade, "::text") | {f"{name}[]": "::text[]" for name in remade}
    values = [
        f"({column}).{name}{text.get(type_, '')}::{type_.partition(' COLLATE ')[0]}" if name in present else "NULL"
        for name, type_ in zip(new.facts.texts("attributes"), new.facts.texts("types"), strict=True)
    ]
    return f"CASE WHEN {column} IS DISTINCT FROM NULL THEN ROW({', '.join(values)})::{target} END"


def _base(type_: str) -> str:
    """Return a type without its modifier: `numeric(10,2)` is numeric."""
    head, bracket, tail = type_.partition("(")
    return (head + tail.partition(")")[2]).strip() if bracket and not type_.startswith('"') else type_
