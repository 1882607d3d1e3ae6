"""Two inventories -> what is made, changed and dropped, and what must be made again because of that. Names no kind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pagespace_codegen.diff.inventory.model import Inventory, Key, Object
from pagespace_codegen.diff.rules import RULES
from pagespace_codegen.diff.rules.base import Alteration, Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What has to happen, in no order yet.

    Attributes:
        scene: Both sides; `scene.dropped` and `scene.rebuilt` are final.
        created: What is made, be it for the first time or again.
        altered: What is changed in place.
    """

    scene: Scene
    created: frozenset[Key]
    altered: dict[Key, Alteration]

    @property
    def is_empty(self) -> bool:
        """Whether both sides are equal."""
        return not (self.scene.dropped or self.created or self.altered)


def compare(old: Inventory, new: Inventory, *, rebuild: Collection[Key] = ()) -> Delta:
    """Return what turns `old` into `new`; the types in `rebuild` are made anew even if they could be altered."""
    comparison = _Comparison(old, new, rebuild)
    comparison.compare()
    return Delta(
        scene=comparison.scene(),
        created=frozenset(comparison.created),
        altered={
            key: alteration
            for key, alteration in comparison.altered.items()
            if alteration.statements or alteration.breaks
        },
    )


class _Comparison:
    """Grows the sets until nothing more follows from them."""

    def __init__(self, old: Inventory, new: Inventory, rebuild: Collection[Key]) -> None:
        self.old, self.new = old, new
        self.forced = frozenset(rebuild)
        self.dropped: set[Key] = set()
        self.created: set[Key] = set()
        self.rebuilt: set[Key] = set()
        self.altered: dict[Key, Alteration] = {}

    def scene(self) -> Scene:
        return Scene(old=self.old, new=self.new, rebuilt=frozenset(self.rebuilt), dropped=frozenset(self.dropped))

    def compare(self) -> None:
        adopted = self._adopted() | self._implied()
        for key in self.new.by_key:
            if key not in self.old.by_key and key not in adopted:
                self.created.add(key)
        for key, before in self.old.by_key.items():
            after = self.new.by_key.get(key)
            if key in adopted:
                continue
            if after is None or after.parent != before.parent or key in self.forced:
                self._drop(key)
            elif key not in self.dropped and not RULES[key.kind].is_same(before, after):
                self._alter(before, after)
        for key in list(self.altered):
            self._spread(key)
        self._remake()

    def _adopted(self) -> frozenset[Key]:
        """Return what another kind of object on the other side goes on as, under the same name and whole."""
        adopted: set[Key] = set()
        for one, other in ((self.old, self.new), (self.new, self.old)):
            names = {
                (claim, item.parent, item.facts.get("definition"))
                for item in other.objects
                if item.key not in one.by_key and RULES[item.kind].is_passive
                for claim in RULES[item.kind].claims(item)
            }
            adopted |= {
                item.key
                for item in one.objects
                if names and item.parent in other.by_key and item.key not in other.by_key
                for claim in RULES[item.kind].claims(item)
                if (claim, item.parent, item.facts.get("definition")) in names
            }
        return frozenset(adopted)

    def _implied(self) -> frozenset[Key]:
        """Return what goes on, or was there already, by way of something else."""
        return frozenset(
            item.key
            for one, other in ((self.old, self.new), (self.new, self.old))
            for item in one.objects
            if item.key not in other.by_key and item.parent in other.by_key
            if RULES[item.kind].is_implied(item, one, other)
        )

    def _remake(self) -> None:
        """Drop what must be made anew for something that is made; more may follow from that."""
        while due := self._remade() - self.dropped:
            for key in sorted(due):
                self._drop(key)

    def _remade(self) -> set[Key]:
        scene = self.scene()
        wanted = [self.new.by_key[key] for key in self.created]
        return {key for item in wanted for key in RULES[item.kind].remakes(item, scene) if key in self.old.by_key}

    def _alter(self, before: Object, after: Object) -> None:
        alteration = RULES[before.kind].alter(before, after, self.scene())
        if alteration is None:
            self._drop(before.key)
        else:
            self.altered[before.key] = alteration

    def _spread(self, key: Key) -> None:
        """Drop what the alteration of `key` would break."""
        alteration = self.altered.get(key)
        if alteration is None:
            return
        for holder in RULES[key.kind].holders(self.old.by_key[key], self.old) if alteration.is_held else ():
            self._drop(holder)
        for dependent in sorted(self.old.dependents.get(key, ())):
            if dependent.kind in alteration.breaks:
                self._drop(dependent)

    def _drop(self, key: Key) -> None:
        """Drop an object, to be made again if it is still wanted, and whatever depends on it."""
        if key in self.dropped:
            return
        self.dropped.add(key)
        self.altered.pop(key, None)
        if key in self.new.by_key:
            self.created.add(key)
        for holder in RULES[key.kind].holders(self.old.by_key[key], self.old):
            self._drop(holder)
        dependents = sorted(self.old.dependents.get(key, ()))
        if RULES[key.kind].can_be_put_aside and self.scene().successor(key) and any(map(self._can_move, dependents)):
            self.rebuilt.add(key)
        for dependent in dependents:
            self._follow(dependent, key)

    def _follow(self, dependent: Key, key: Key) -> None:
        """Do to a dependent of a dropped object what must be done."""
        if dependent in self.dropped:
            return
        before, after = self.old.by_key[dependent], self.new.by_key.get(dependent)
        rule = RULES[dependent.kind]
        if after is not None and key in self.rebuilt and self._can_move(dependent) and not rule.can_be_put_aside:
            alteration = rule.alter(before, after, self.scene())
            if alteration is not None:
                self.altered[dependent] = alteration
                self._spread(dependent)
                return
        is_gone_for_good = key not in self.new.by_key and key not in self.rebuilt and before.parent != key
        has_rival = is_gone_for_good and RULES[key.kind].has_rival(self.old.by_key[key], self.scene())
        is_free = after is not None and is_gone_for_good and not has_rival and not rule.is_passive
        if after is not None and is_free and not rule.is_same(before, after):
            return  # it changes as well, and so that it no longer needs `key`: `compare` decides whether in place
        self._drop(dependent)

    def _can_move(self, dependent: Key) -> bool:
        """Tell whether an object moves from the old form of a type to the new one, rather than being made again."""
        item = self.old.by_key[dependent]
        is_column = "generated" in item.facts and item.facts["generated"] is None
        return dependent in self.new.by_key and (is_column or RULES[dependent.kind].can_be_put_aside)
