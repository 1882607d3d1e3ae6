"""Foreign keys -> relations between tables, with names that depend on nothing but the schema.

A key gives a relation each way, a junction table one between the tables on its two sides. Each has a list of names to
try, from short to unmistakable; relations of a table that want the same name, or a column's, all move on to their next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from pagespace_codegen.catalog.model import Catalog, Constraint, ConstraintKind, QualifiedName
from pagespace_codegen.python.naming import attribute_name, singular_name
from pagespace_codegen.python.package import Junction, RelationKind, RelationPlan
from pagespace_codegen.python.plurals import plural
from pagespace_codegen.python.resolution.declared import DeclaredRelation
from pagespace_codegen.python.resolution.overrides import Overrides, RelationKey

_KEY_SUFFIXES: Final = ("_id", "_uuid", "_key", "_code", "_fk", "_ref")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """What relations depend on, of one table.

    Attributes:
        table: The Python name of its table object.
        columns: The Python names of its columns, by their names in the database.
        nullable: The columns that may be NULL, in the database's spelling.
        keys: The column sets that are unique in every row.
    """

    table: str
    columns: Mapping[str, str]
    nullable: frozenset[str]
    keys: frozenset[frozenset[str]]

    def py(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return the Python names of columns."""
        return tuple(self.columns[column] for column in columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    key: RelationKey
    rank: int
    names: tuple[str, ...]
    kind: RelationKind
    target: QualifiedName
    local: tuple[str, ...]
    remote: tuple[str, ...]
    through: Junction | None = None


@dataclass(frozen=True, slots=True)
class NameClash:
    """A relation whose name is a column's or another relation's; `key` is None for one that is declared."""

    table: QualifiedName
    name: str
    key: RelationKey | None


def table_shapes(
    catalog: Catalog, tables: Mapping[QualifiedName, str], columns: Mapping[QualifiedName, Mapping[str, str]]
) -> dict[QualifiedName, TableShape]:
    """Return the shapes of the tables that have Python names."""
    keys: defaultdict[QualifiedName, set[frozenset[str]]] = defaultdict(set)
    for constraint in catalog.constraints:
        if constraint.kind in {ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE}:
            keys[constraint.relation].add(frozenset(constraint.columns))
    for index in catalog.indexes:
        if index.is_unique and not index.is_partial and None not in index.columns:
            keys[index.relation].add(frozenset(column for column in index.columns if column is not None))
    return {
        relation.name: TableShape(
            table=tables[relation.name],
            columns=columns[relation.name],
            nullable=frozenset(column.name for column in relation.columns if not column.is_not_null),
            keys=frozenset(keys[relation.name]),
        )
        for relation in catalog.relations
        if relation.name in tables
    }


def plan_relations(
    catalog: Catalog,
    shapes: Mapping[QualifiedName, TableShape],
    overrides: Overrides,
    declared: Sequence[DeclaredRelation] = (),
) -> tuple[dict[QualifiedName, tuple[RelationPlan, ...]], list[NameClash]]:
    """Return the relations of each table in the order of their names, and the clashes that are left."""
    foreign_keys = _foreign_keys(catalog, shapes, overrides)
    drafts: defaultdict[QualifiedName, list[_Draft]] = defaultdict(list)
    for table, constraints in foreign_keys.items():
        for constraint in constraints:
            referenced = _referenced(constraint)
            siblings = [other for other in constraints if other.referenced == referenced]
            drafts[table].append(_forward(constraint, constraints, shapes))
            drafts[referenced].append(_backward(constraint, constraints, siblings, shapes))
        for near, far in permutations(constraints, 2):
            if _is_junction(near, far, shapes[table]):
                drafts[_referenced(near)].append(_through(near, far, shapes))
    plans: dict[QualifiedName, tuple[RelationPlan, ...]] = {}
    clashes: list[NameClash] = []
    for table in sorted({*drafts, *(relation.table for relation in declared)}):
        own = [_declared(relation, shapes) for relation in declared if relation.table == table]
        columns = set(shapes[table].columns.values())
        clashes += [NameClash(table, plan.py, None) for plan in own if plan.py in columns]
        named, clashing = _name(table, drafts[table], columns.union(plan.py for plan in own), overrides)
        plans[table] = tuple(sorted([*own, *named], key=lambda plan: plan.py))
        clashes += clashing
    return plans, clashes


def _foreign_keys(
    catalog: Catalog, shapes: Mapping[QualifiedName, TableShape], overrides: Overrides
) -> dict[QualifiedName, list[Constraint]]:
    """Return the foreign keys of each table; of those that are declared twice one, if possible one that is named."""
    named = {(key.table, key.constraint) for key in overrides.names if isinstance(key, RelationKey)}
    distinct: dict[object, Constraint] = {}
    for constraint in catalog.constraints:
        if constraint.kind is ConstraintKind.FOREIGN_KEY and constraint.referenced in shapes:
            pairs = frozenset(zip(constraint.columns, constraint.referenced_columns, strict=True))
            same = (constraint.relation, constraint.referenced, pairs)
            if same not in distinct or (constraint.relation, constraint.name) in named:
                distinct[same] = constraint
    keys: defaultdict[QualifiedName, list[Constraint]] = defaultdict(list)
    for constraint in distinct.values():
        keys[constraint.relation].append(constraint)
    return keys


def _declared(relation: DeclaredRelation, shapes: Mapping[QualifiedName, TableShape]) -> RelationPlan:
    target = shapes[relation.target]
    is_at_most_one = relation.is_at_most_one or any(key <= set(relation.remote) for key in target.keys)
    return RelationPlan(
        py=relation.py,
        kind=RelationKind.OPT if is_at_most_one else RelationKind.MANY,
        target=relation.target,
        local=shapes[relation.table].py(relation.local),
        remote=target.py(relation.remote),
    )


def _forward(
    constraint: Constraint, siblings: Sequence[Constraint], shapes: Mapping[QualifiedName, TableShape]
) -> _Draft:
    """Return the relation from the table that holds a foreign key to the one row it references."""
    shape, target = shapes[constraint.relation], shapes[_referenced(constraint)]
    stem = _stem(constraint, siblings, shape)
    singular = singular_name(target.table)
    names = (stem or singular, singular if stem is None else f"{stem}_{singular}", attribute_name(constraint.name))
    is_optional = bool(shape.nullable.intersection(constraint.columns))
    return _Draft(
        key=RelationKey(constraint.relation, constraint.name),
        rank=0,
        names=tuple(map(attribute_name, names)),  # `class_id` leads to `class_`
        kind=RelationKind.OPT if is_optional else RelationKind.ONE,
        target=_referenced(constraint),
        local=shape.py(constraint.columns),
        remote=target.py(constraint.referenced_columns),
    )


def _backward(
    constraint: Constraint,
    all_keys: Sequence[Constraint],
    siblings: Sequence[Constraint],
    shapes: Mapping[QualifiedName, TableShape],
) -> _Draft:
    """Return the relation from the referenced table to the rows that reference it."""
    shape, target = shapes[constraint.relation], shapes[_referenced(constraint)]
    is_unique = any(key <= set(constraint.columns) for key in shape.keys)
    short = singular_name(shape.table) if is_unique else shape.table
    stem = _stem(constraint, all_keys, shape)
    label = stem or shape.columns[_telling_column(constraint, all_keys)]
    long = f"{short}_{label}" if label.endswith("_by") else f"{short}_by_{label}"
    is_self = constraint.relation == constraint.referenced
    names: tuple[str, ...] = (long, f"{short}_by_{attribute_name(constraint.name)}")
    if is_self and stem == "parent" and not is_unique:
        names = ("children", *names)
    elif not is_self and (len(siblings) == 1 or stem == singular_name(target.table)):
        names = (short, *names)
    return _Draft(
        key=RelationKey(constraint.relation, constraint.name, "reverse"),
        rank=1,
        names=tuple(map(attribute_name, names)),
        kind=RelationKind.OPT if is_unique else RelationKind.MANY,
        target=constraint.relation,
        local=target.py(constraint.referenced_columns),
        remote=shape.py(constraint.columns),
    )


def _through(near: Constraint, far: Constraint, shapes: Mapping[QualifiedName, TableShape]) -> _Draft:
    """Return the relation from the table that `near` references to the one that `far` references."""
    junction, local, remote = shapes[near.relation], shapes[_referenced(near)], shapes[_referenced(far)]
    stem = _stem(far, (near, far), junction) or attribute_name(far.name)
    via = f"{remote.table}_via_{junction.table}"
    ends = f"{attribute_name(near.name)}_and_{attribute_name(far.name)}"
    names: tuple[str, ...] = (via, f"{remote.table}_by_{stem}_via_{junction.table}", f"{via}_by_{ends}")
    names = (plural(stem) if near.referenced == far.referenced else remote.table, *names)
    return _Draft(
        key=RelationKey(near.relation, near.name, f"through.{far.name}"),
        rank=2,
        names=tuple(map(attribute_name, names)),
        kind=RelationKind.MANY,
        target=_referenced(far),
        local=local.py(near.referenced_columns),
        remote=remote.py(far.referenced_columns),
        through=Junction(table=near.relation, local=junction.py(near.columns), remote=junction.py(far.columns)),
    )


def _is_junction(near: Constraint, far: Constraint, shape: TableShape) -> bool:
    """Whether a key of the table is made of both foreign keys, so that each row is one pair and each pair one row."""
    near_columns, far_columns = set(near.columns), set(far.columns)
    return any(
        key <= near_columns | far_columns and key - far_columns and key - near_columns and not key & shape.nullable
        for key in shape.keys
    )


def _name(
    table: QualifiedName, drafts: Sequence[_Draft], columns: set[str], overrides: Overrides
) -> tuple[list[RelationPlan], list[NameClash]]:
    taken = set(columns)
    chosen: dict[RelationKey, str] = {}
    clashes: list[NameClash] = []
    configured = {draft.key: overrides.names[draft.key] for draft in drafts if draft.key in overrides.names}
    for key, name in configured.items():
        if name in taken:
            clashes.append(NameClash(table, name, key))
        taken.add(name)
        chosen[key] = name
    for rank in sorted({draft.rank for draft in drafts}):
        waiting = [draft for draft in drafts if draft.rank == rank and draft.key not in chosen]
        for level in range(max((len(draft.names) for draft in waiting), default=0)):
            wanted: defaultdict[str, list[_Draft]] = defaultdict(list)
            for draft in waiting:
                wanted[draft.names[min(level, len(draft.names) - 1)]].append(draft)
            settled = {name: group[0] for name, group in wanted.items() if len(group) == 1 and name not in taken}
            chosen.update((draft.key, name) for name, draft in settled.items())
            taken.update(settled)
            waiting = [draft for draft in waiting if draft.key not in chosen]
        clashes += [NameClash(table, draft.names[-1], draft.key) for draft in waiting]
    return [
        RelationPlan(
            py=chosen[draft.key],
            kind=draft.kind,
            target=draft.target,
            local=draft.local,
            remote=draft.remote,
            through=draft.through,
        )
        for draft in drafts
        if draft.key in chosen
    ], clashes


def _stem(constraint: Constraint, siblings: Sequence[Constraint], shape: TableShape) -> str | None:
    """Return what a foreign key is called by its telling column: `author_id` -> `author`; None when it says nothing."""
    name = shape.columns[_telling_column(constraint, siblings)]
    for suffix in _KEY_SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix):
            return name.removesuffix(suffix)
    return None if name in {"id", "uuid", "key", "code"} else name


def _telling_column(constraint: Constraint, siblings: Sequence[Constraint]) -> str:
    """Return the last column of a foreign key that no other one uses: of (tenant_id, author_id) the second."""
    others = {column for other in siblings if other != constraint for column in other.columns}
    own = [column for column in constraint.columns if column not in others]
    return (own or constraint.columns)[-1]


def _referenced(constraint: Constraint) -> QualifiedName:
    assert constraint.referenced is not None  # noqa: S101  # only foreign keys get here
    return constraint.referenced
