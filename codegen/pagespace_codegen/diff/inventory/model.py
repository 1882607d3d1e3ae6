"""Objects of a database as frozen values. Every name and expression in them is SQL that the server itself wrote."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple, TypeAlias

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"


class Key(NamedTuple):
    """What identifies an object within a database: its kind, and its name as SQL."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Address(NamedTuple):
    """Where the server's catalogs have an object: catalog, oid and column number, 0 when it is no column."""

    class_oid: int
    oid: int
    sub: int


class Grant(NamedTuple):
    """A privilege, who has it, and whether it can be passed on."""

    privilege: str
    grantee: str
    is_grantable: bool


class Facts(Mapping[str, Json]):
    """What the definition of an object consists of. Two objects are equal when their facts are."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Json]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Json:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(json.dumps(self._values, sort_keys=True))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Facts) and self._values == other._values

    def __repr__(self) -> str:
        return f"Facts({self._values!r})"

    def text(self, name: str) -> str:
        """Return a text that is always there."""
        value = self._values[name]
        if not isinstance(value, str):
            msg = f"`{name}` is no text: {value!r}"
            raise TypeError(msg)
        return value

    def optional(self, name: str) -> str | None:
        """Return a text, or None."""
        return None if self._values[name] is None else self.text(name)

    def flag(self, name: str) -> bool:
        """Return a truth value."""
        return self._values[name] is True

    def number(self, name: str) -> int | None:
        """Return a number, or None."""
        value = self._values[name]
        return value if isinstance(value, int) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; absent ones are left out."""
        value = self._values[name]
        return tuple(str(item) for item in value if item is not None) if isinstance(value, list) else ()

    def table(self, name: str) -> dict[str, str]:
        """Return a mapping of texts."""
        value = self._values[name]
        return {key: str(item) for key, item in value.items()} if isinstance(value, dict) else {}

    def facts(self, name: str) -> Facts | None:
        """Return facts within facts, or None."""
        value = self._values[name]
        return Facts(value) if isinstance(value, dict) else None

    def grants(self, name: str) -> frozenset[Grant]:
        """Return a set of privileges."""
        value = self._values[name]
        rows = [row for row in value if isinstance(row, list)] if isinstance(value, list) else []
        return frozenset(Grant(str(row[0]), str(row[1]), row[2] is True) for row in rows)

    def but(self, **values: Json) -> Facts:
        """Return the same facts with some of them changed."""
        return Facts({**self._values, **values})

    def without(self, *names: str) -> Facts:
        """Return the same facts without some of them."""
        return Facts({name: value for name, value in self._values.items() if name not in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """An object of a database, or a part of one.

    Attributes:
        key: Its kind and name.
        parent: The object without which it cannot be, such as the table of a column; None when it stands alone.
        target: How COMMENT ON, ALTER and DROP name it: `TABLE public.pages`.
        facts: Its definition.
        address: Where the catalogs have it.
    """

    key: Key
    parent: Key | None
    target: str
    facts: Facts
    address: Address = field(compare=False)

    @property
    def kind(self) -> str:
        """The kind of object."""
        return self.key.kind

    @property
    def name(self) -> str:
        """Its name as SQL."""
        return self.key.name


class Dependency(NamedTuple):
    """`dependent` cannot be without `on`."""

    dependent: Key
    on: Key


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """Everything in a database, and what depends on what.

    Attributes:
        server_version: libpq's number of the server's version.
        objects: In the order in which they were made, as far as the server tells.
        dependencies: Between objects of `objects`; a part always depends on its parent.
        unsupported: What the diff does not know, as text.
        casts: Pairs of types that have a cast, and whether it is applied when a value is assigned.
        runner_schemas: Schemas with nothing in them but the tables of the runner of migrations, which are left out.
    """

    server_version: int
    objects: tuple[Object, ...]
    dependencies: frozenset[Dependency]
    unsupported: tuple[str, ...] = ()
    casts: Mapping[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])
    runner_schemas: frozenset[Key] = frozenset()

    @cached_property
    def by_key(self) -> dict[Key, Object]:
        """Every object, by its key, in order."""
        return {item.key: item for item in self.objects}

    @cached_property
    def places(self) -> dict[Key, int]:
        """The place of every object in `objects`."""
        return {item.key: place for place, item in enumerate(self.objects)}

    @cached_property
    def dependents(self) -> dict[Key, frozenset[Key]]:
        """For an object on which others depend: those that do so directly."""
        return _grouped((edge.on, edge.dependent) for edge in self.dependencies)

    @cached_property
    def needs(self) -> dict[Key, frozenset[Key]]:
        """For an object that depends on others: those that it depends on directly."""
        return _grouped(self.dependencies)

    @cached_property
    def children(self) -> dict[Key, tuple[Object, ...]]:
        """The parts of an object, in order."""
        found: dict[Key, list[Object]] = {}
        for item in self.objects:
            if item.parent is not None:
                found.setdefault(item.parent, []).append(item)
        return {key: tuple(items) for key, items in found.items()}

    def find(self, kind: str, name: str) -> Object | None:
        """Return an object, or None."""
        return self.by_key.get(Key(kind, name))

    def parts(self, key: Key, kind: str) -> tuple[Object, ...]:
        """Return the parts of an object that are of one kind, in order."""
        return tuple(item for item in self.children.get(key, ()) if item.kind == kind)

    @property
    def schemas(self) -> frozenset[Key]:
        """The schemas."""
        return frozenset(key for key in self.by_key if key.kind == "schema")

    def without(self, wholes: Collection[Key]) -> Inventory:
        """Return the same inventory without some objects and their parts, on which nothing else depends."""
        kept = tuple(item for item in self.objects if item.key not in wholes and item.parent not in wholes)
        keys = {item.key for item in kept}
        edges = frozenset(edge for edge in self.dependencies if edge.dependent in keys and edge.on in keys)
        return replace(self, objects=kept, dependencies=edges)

    def replacing(self, objects: Mapping[Key, Object]) -> Inventory:
        """Return the same inventory with some objects in another form."""
        return replace(self, objects=tuple(objects.get(item.key, item) for item in self.objects))


def _grouped(pairs: Iterable[tuple[Key, Key]]) -> dict[Key, frozenset[Key]]:
    found: dict[Key, set[Key]] = {}
    for key, member in pairs:
        found.setdefault(key, set()).add(member)
    return {key: frozenset(members) for key, members in found.items()}
