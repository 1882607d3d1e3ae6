"""What a rule is: how objects of one kind are made, changed and dropped. Rules are pure, and know nothing of order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from pagespace_codegen.diff.hazards import Hazard, HazardKind
from pagespace_codegen.diff.inventory.model import Facts, Inventory, Json, Key, Object


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement of a plan.

    Attributes:
        sql: The statement, without semicolon.
        hazards: What is dangerous about it.
        added_labels: Enum labels that it adds, as literals: nothing may use them before the transaction has ended.
    """

    sql: str
    hazards: tuple[Hazard, ...] = ()
    added_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """How an object is changed in place.

    Attributes:
        statements: In order; there may be none.
        breaks: Kinds of dependents that must be dropped before and made again afterwards.
        is_held: Whether the object's holders must be dropped before, too, and made again afterwards.
    """

    statements: tuple[Statement, ...] = ()
    breaks: frozenset[str] = frozenset()
    is_held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a rule can see beside the object itself.

    Attributes:
        old: The database as it is.
        new: The database as it shall be.
        rebuilt: Types that are put aside while others of their names are made, and columns that use them converted.
        dropped: Everything that is dropped, even if only to be made again.
    """

    old: Inventory
    new: Inventory
    rebuilt: frozenset[Key] = frozenset()
    dropped: frozenset[Key] = frozenset()

    def successor(self, type_: Key) -> Object | None:
        """Return the type that takes the name of an old one, be it of another kind; None when it is just gone."""
        found = (self.new.find(kind, type_.name) for kind in (type_.kind, *_TYPES))
        return next((item for item in found if item is not None), None)


def statements(*sql: str | None) -> tuple[Statement, ...]:
    """Return harmless statements; None is left out."""
    return tuple(Statement(sql=text) for text in sql if text is not None)


_TYPES: Final = ("composite", "domain", "enum", "range")
_PARAMETERS: Final = ("options", "index_options")

ASIDE: Final = "__old"
"""What is appended to the name of a type while its new form stands next to it."""


def aside(name: str) -> str:
    """Return the name for the old form of a type; the server would cut off what is too long."""
    bare = name[1:-1] if name.startswith('"') else name
    kept = bare.encode()[: 63 - len(ASIDE)].decode(errors="ignore")
    return f'"{kept}{ASIDE}"' if name.startswith('"') else f"{kept}{ASIDE}"


def unordered(facts: Facts) -> Facts:
    """Return facts in which storage parameters stand in no order of their own."""
    lists: dict[str, Json] = {
        name: [*sorted(facts.texts(name))] for name in _PARAMETERS if isinstance(facts.get(name), list)
    }
    return facts.but(**lists)


class Rule:
    """The rule of a kind that is made from one list of statements, and changed by being dropped and made again."""

    folds_into: ClassVar[Collection[str]] = ()
    """Kinds of parents whose own CREATE makes this object too."""
    can_be_put_aside: ClassVar[bool] = False
    """Whether a new version can be made next to the old one, while columns move from one to the other."""

    can_stand_in: ClassVar[bool] = False
    """Whether there is a form without dependencies, to and from which CREATE OR REPLACE leads."""

    is_passive: ClassVar[bool] = False
    """Whether objects of this kind only come and go along with others."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return what makes `item` together with `parts`, the objects that fold into it."""
        return statements(*item.facts.texts("create"))

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return what drops `item`."""
        return statements(f"DROP {item.target}")

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return what makes `new` of `old`, or None if it must be dropped and made again."""
        return None

    def put_aside(self, old: Object) -> tuple[Statement, ...]:
        """Return what gives the old form of a type another name."""
        return statements(f"ALTER {old.target} RENAME TO {aside(old.facts.text('name'))}")

    def drop_aside(self, old: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return what drops the old form of a type that was put aside."""
        hazard = Hazard(HazardKind.CONVERTS_VALUES, old.name, "its values are converted one by one")
        words = old.target.removesuffix(old.name)
        sql = f"DROP {words}{old.facts.text('schema')}.{aside(old.facts.text('name'))}"
        return (Statement(sql=sql, hazards=(hazard,)),)

    def stand_in(self, item: Object) -> tuple[Statement, ...]:
        """Return what makes `item`, or makes of it, something that looks the same to others and depends on nothing."""
        return ()

    def fill_in(self, item: Object) -> tuple[Statement, ...]:
        """Return what makes `item` of its stand-in."""
        return ()

    def is_same(self, old: Object, new: Object) -> bool:
        """Tell whether nothing needs to be done."""
        return unordered(old.facts) == unordered(new.facts) and old.target == new.target

    def has_rival(self, item: Object, scene: Scene) -> bool:
        """Tell whether what takes the place of `item` could be mistaken for it as long as both are there."""
        return False

    def holders(self, item: Object, inventory: Inventory) -> Collection[Key]:
        """Return what must be dropped before `item` can be, and made again if it is still wanted."""
        return ()

    def remakes(self, item: Object, scene: Scene) -> Collection[Key]:
        """Return what must be made anew, because `item` cannot be added to what is there."""
        return ()

    def is_implied(self, item: Object, own: Inventory, other: Inventory) -> bool:
        """Tell whether something else on the other side, which does not list `item`, brings it along.

        `own` is the side that lists it.
        """
        return False

    def claims(self, item: Object) -> frozenset[str]:
        """Return what only one object can have at a time, such as a name among relations."""
        return frozenset()

    def folds(self, item: Object) -> bool:
        """Tell whether this very object may be made by the CREATE of its parent."""
        return True
