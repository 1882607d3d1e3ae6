"""Types inside of other types: the server does not look there for the values of a domain."""

from __future__ import annotations

from pagespace_codegen.diff.inventory.model import Inventory, Key


def is_in_containers(type_: Key, inventory: Inventory, *, is_inside: bool = False) -> bool:
    """Tell whether a column holds values of a type inside of others: then the server cannot check them anew."""
    for dependent in inventory.dependents.get(type_, ()):
        if dependent.kind in {"composite", "range"}:
            if is_in_containers(dependent, inventory, is_inside=True):
                return True
        elif dependent.kind in {"column", "domain"}:
            is_list = inventory.by_key[dependent].facts.text("type").endswith("[]")
            is_held = is_inside or is_list
            if is_held if dependent.kind == "column" else is_in_containers(dependent, inventory, is_inside=is_held):
                return True
    return False
