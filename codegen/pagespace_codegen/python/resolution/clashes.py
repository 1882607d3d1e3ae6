"""Names that two objects would share -> findings, each with the line of the configuration that tells them apart."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import count

from pagespace_codegen.catalog.model import VIEWS, QualifiedName, Relation
from pagespace_codegen.python.naming import clashes
from pagespace_codegen.python.package import TableNames
from pagespace_codegen.python.resolution.owntypes import OwnTypes
from pagespace_db.errors import Finding
from pagespace_db.location import Location

Locate = Callable[[QualifiedName, str | None], Location | None]
"""Finds the place of a relation or type, or of a column in it, in the schema's files."""


@dataclass(frozen=True, slots=True)
class _TypeName:
    """The main Python name of a type, by which the configuration renames it."""

    py: str


def column_clashes(table: QualifiedName, names: Mapping[str, str], locate: Locate) -> list[Finding]:
    """Return a finding for each name that several columns of a table would have."""
    return [
        Finding(
            message=f"columns {listed(group)} of {table} would both be called `{names[group[0]]}`",
            location=locate(table, group[-1]),
            code="name-clash",
            help=names_line(f"{table}.{group[-1]}", _free(f"{names[group[0]]}_", names.values(), first=2)),
        )
        for group in clashes(names)
    ]


def package_clashes(
    relations: Iterable[Relation], tables: Mapping[QualifiedName, TableNames], own: OwnTypes, locate: Locate
) -> list[Finding]:
    """Return a finding for each group of tables and types that would share a name of the package."""
    users: defaultdict[str, list[QualifiedName]] = defaultdict(list)
    for relation in relations:
        for py in tables[relation.name].all(is_view=relation.kind in VIEWS):
            users[py].append(relation.name)
    types: dict[QualifiedName, _TypeName] = {}
    for enum in own.enums:
        types[enum.db] = _TypeName(enum.py)
        for py in enum.names():
            users[py].append(enum.db)
    others = [(domain.db, domain.py) for domain in own.domains] + [(plan.db, plan.py) for plan in own.composites]
    for db, py in others:
        types[db] = _TypeName(py)
        users[py].append(db)
    shared: defaultdict[tuple[QualifiedName, ...], list[str]] = defaultdict(list)
    for py, owners in users.items():
        if len(owners) > 1:
            shared[tuple(owners)].append(py)
    return [
        Finding(
            message=f"{listed(map(str, owners))} would both give the name `{names[0]}`",
            location=locate(owners[-1], None),
            code="name-clash",
            help=names_line(str(owners[-1]), _other_name(types.get(owners[-1]) or tables[owners[-1]], names, users)),
        )
        for owners, names in shared.items()
    ]


def _other_name(owner: TableNames | _TypeName, shared: Collection[str], taken: Collection[str]) -> str:
    """Return what the configuration may call an object instead: as it is written there, `table:Row` if need be."""
    if isinstance(owner, _TypeName):
        return _free(f"Other{owner.py}", taken)
    parts: list[str] = []
    if {owner.table, owner.table_class} & set(shared):
        parts.append(_free(f"other_{owner.table}", taken))
    if {owner.row, owner.insert, owner.update} & set(shared):
        parts.append(_free(f"Other{owner.row}", taken))
    return ":".join(parts)


def _free(name: str, taken: Collection[str], *, first: int = 1) -> str:
    """Return `name` with the first number that makes it free; 1 is not written."""
    candidates = (name if number == 1 else f"{name}{number}" for number in count(first))
    return next(candidate for candidate in candidates if candidate not in taken)


def listed(names: Iterable[str]) -> str:
    """Return names for a message: "`a`, `b` and `c`"."""
    words = [f"`{name}`" for name in names]
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]


def names_line(key: str, example: str) -> str:
    """Return the help that shows a line of `[tool.pagespace_db.names]`."""
    # A basic string of TOML is written like a string of JSON.
    return f'name one of them: [tool.pagespace_db.names] {json.dumps(key, ensure_ascii=False)} = "{example}"'
