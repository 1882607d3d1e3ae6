"""Inventories of servers of different major versions -> inventories that can be compared.

What only some of the servers know is left out: it is no difference, and a statement that names it would fail on the
others.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from pagespace_codegen.diff.inventory.model import Facts, Inventory, Json, Object

_MAINTAIN_SINCE: Final = 17_00_00
_NAMED_NOT_NULL_SINCE: Final = 18_00_00


def in_common_terms(inventory: Inventory, server_versions: AbstractSet[int]) -> Inventory:
    """Return what servers of all these versions (libpq's numbers) would say of the same objects."""
    if len({version // 1_00_00 for version in server_versions}) < 2:
        return inventory
    oldest = min(server_versions)
    changed = {item.key: replace(item, facts=facts) for item in inventory.objects if (facts := _facts(item, oldest))}
    return replace(inventory.replacing(changed), server_version=oldest)


def _facts(item: Object, oldest: int) -> Facts | None:
    match item.kind:
        case "privileges" | "default privileges" if oldest < _MAINTAIN_SINCE:
            return item.facts.but(**dict(_without_maintain(item)))
        case "column" | "domain" if oldest < _NAMED_NOT_NULL_SINCE:
            return item.facts.but(not_null_name=None, not_null_constraint=None)
        case "extension" if item.facts.flag("is_default_version"):  # each server brings its own
            return item.facts.but(version="")
        case _:
            return None


def _without_maintain(item: Object) -> Iterator[tuple[str, Json]]:
    for name in ("granted", "by_default"):
        grants = item.facts[name]
        if isinstance(grants, list):
            yield name, [grant for grant in grants if not (isinstance(grant, list) and grant[0] == "MAINTAIN")]
