"""Labels of enums that get another name: rows that have one keep it under its new name."""

from __future__ import annotations

from collections.abc import Iterator

from pagespace_codegen.diff.inventory.model import Inventory, Key, Object
from pagespace_codegen.diff.renames.rename import Rename


def certain_label_renames(old: Inventory, new: Inventory) -> Iterator[Rename]:
    """Yield the renames of labels where a single one has made room for another in its very place."""
    for before in old.objects:
        after = new.by_key.get(before.key)
        if before.kind != "enum" or after is None:
            continue
        labels, wanted = before.facts.texts("labels"), after.facts.texts("labels")
        replaced = [pair for pair in zip(labels, wanted, strict=False) if pair[0] != pair[1]]
        if len(labels) == len(wanted) and len(replaced) == 1 and _is_rename(before, after, *replaced[0]):
            yield _rename(before, *replaced[0])


def named_label_rename(old: Inventory, new: Inventory, pair: tuple[str, str]) -> Rename | None:
    """Return the rename of `type.label` that a user names, or None when it names none; labels need no quotes."""
    for before in old.objects:
        after = new.by_key.get(before.key)
        if before.kind != "enum" or after is None:
            continue
        label, wanted = _find(before, pair[0]), _find(after, pair[1])
        if label is not None and wanted is not None and _is_rename(before, after, label, wanted):
            return _rename(before, label, wanted)
    return None


def _is_rename(before: Object, after: Object, label: str, wanted: str) -> bool:
    return label not in after.facts.texts("labels") and wanted not in before.facts.texts("labels")


def _find(enum: Object, name: str) -> str | None:
    """Return the label that `type.label` means, as a literal."""
    for label in enum.facts.texts("labels"):
        bare = label[1:-1].replace("''", "'")
        for type_ in (enum.name, enum.name.removeprefix("public.")):
            if name in {f"{type_}.{label}", f"{type_}.{bare}"}:
                return label
    return None


def _rename(enum: Object, label: str, wanted: str) -> Rename:
    statement, inverse = (
        f"ALTER {enum.target} RENAME VALUE {one} TO {other}" for one, other in ((label, wanted), (wanted, label))
    )
    return Rename(Key("label", f"{enum.name}.{label}"), Key("label", f"{enum.name}.{wanted}"), statement, inverse)
