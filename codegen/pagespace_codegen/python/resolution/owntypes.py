"""The types that a schema makes itself: enums, domains, composites, ranges, and the row types of its tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pagespace_codegen.catalog.model import (
    Catalog,
    CompositeField,
    CompositeType,
    DomainType,
    EnumType,
    QualifiedName,
    RangeType,
    TypeRef,
)
from pagespace_codegen.python.naming import attribute_name, attribute_names, class_name, constant_name, label_names
from pagespace_codegen.python.package import (
    CompositePlan,
    DomainPlan,
    EnumPlan,
    FieldPlan,
    RegistryPlan,
    TableNames,
    TablePlan,
)
from pagespace_codegen.python.pytypes import PyType, TypeTable, UnknownType, multirange_of, natural_type, range_of
from pagespace_codegen.python.resolution.codec_plans import CodecPlan, CodecPlanner, NotAList
from pagespace_codegen.python.resolution.overrides import HOME_SCHEMA, ColumnKey, ObjectKey, Overrides
from pagespace_db.settings import EnumStyle

TYPES_MODULE: Final = ".types"


@dataclass(frozen=True, slots=True)
class TypeFailure:
    """A part of a type of the schema whose own type is not known."""

    owner: QualifiedName
    column: str | None
    type: QualifiedName


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTypes:
    """The types of the schema as the package has them, and the table in which the types of columns are looked up."""

    table: TypeTable
    enums: tuple[EnumPlan, ...]
    domains: tuple[DomainPlan, ...]
    composites: tuple[CompositePlan, ...]
    registry: RegistryPlan
    failures: tuple[TypeFailure, ...]
    not_lists: tuple[ColumnKey, ...]


def plan_own_types(
    catalog: Catalog,
    overrides: Overrides,
    tables: Mapping[QualifiedName, TableNames],
    modules: Mapping[QualifiedName, str],
    *,
    enum_style: EnumStyle,
    codecs: CodecPlanner,
) -> OwnTypes:
    """Return the plan of the types that a catalog's user made."""
    return _Planner(catalog, overrides, tables, modules, enum_style=enum_style, codecs=codecs).plan()


class _Planner:
    def __init__(
        self,
        catalog: Catalog,
        overrides: Overrides,
        tables: Mapping[QualifiedName, TableNames],
        modules: Mapping[QualifiedName, str],
        *,
        enum_style: EnumStyle,
        codecs: CodecPlanner,
    ) -> None:
        self._catalog = catalog
        self._codecs = codecs
        self._not_lists: list[ColumnKey] = []
        self._enum_style = enum_style
        self._overrides = overrides
        self._failures: list[TypeFailure] = []
        self._emitted_domains = [domain for domain in catalog.domains if _is_users(domain.name, domain.extension)]
        names = _type_names(
            [
                *(enum.name for enum in catalog.enums),
                *(domain.name for domain in self._emitted_domains),
                *(composite.name for composite in catalog.composites),
            ],
            overrides,
        )
        self._names = names
        extensions = {made.name: made.extension for made in catalog.user_types() if made.extension is not None}
        self._own: dict[QualifiedName, PyType] = {
            name: PyType(f".{modules[name]}", table.row) for name, table in tables.items()
        }
        for own_name in (*(enum.name for enum in catalog.enums), *(composite.name for composite in catalog.composites)):
            self._own[own_name] = PyType(TYPES_MODULE, names[own_name])
        self._own.update((key.name, py) for key, py in overrides.types.items() if isinstance(key, ObjectKey))
        self._table = TypeTable(own=self._own, extensions=extensions)

    def plan(self) -> OwnTypes:
        domains, ranges = self._add_domains_and_ranges()
        composites = tuple(self._composite(composite) for composite in self._catalog.composites)
        return OwnTypes(
            table=self._table,
            enums=tuple(map(self._enum, self._catalog.enums)),
            domains=domains,
            composites=composites,
            registry=self._registry(composites, ranges),
            failures=tuple(self._failures),
            not_lists=tuple(self._not_lists),
        )

    def _enum(self, enum: EnumType) -> EnumPlan:
        py = self._names[enum.name]
        names = label_names(enum.labels) if self._enum_style == "str-enum" else {}
        return EnumPlan(
            db=enum.name,
            py=py,
            constant=f"{constant_name(py)}_LABELS",
            labels=enum.labels,
            members=tuple(names.values()),
            comment=enum.comment,
        )

    def _registry(self, composites: Sequence[CompositePlan], ranges: Sequence[RangeType]) -> RegistryPlan:
        used = self._used_types()
        relations = {relation.name for relation in self._catalog.relations}
        domains = {domain.name for domain in self._emitted_domains}
        classes = {
            enum.name: PyType(TYPES_MODULE, self._names[enum.name])
            for enum in self._catalog.enums
            if enum.labels and self._enum_style == "str-enum"
        }
        base_types = {base.name: (base.extension, base.name.name) for base in self._catalog.base_types}
        return RegistryPlan(
            texts=(
                *(enum.name for enum in self._catalog.enums if enum.name not in classes),
                *(name for name, base in base_types.items() if name in used and base != _HSTORE),
                *sorted(used & _UNKNOWN_TO_PSYCOPG),
            ),
            enums=tuple(classes.items()),
            domains=tuple(domain.name for domain in self._catalog.domains if domain.name in domains | used),
            composites=(
                *((composite.db, self._own[composite.db]) for composite in composites),
                *((name, self._own[name]) for name in sorted(used & relations)),
            ),
            codecs=tuple(
                (composite.db, codecs)
                for composite in composites
                if (codecs := tuple((field.py, field.codec) for field in composite.fields if field.codec is not None))
            ),
            ranges=tuple(made.name for made in ranges),
            hstores=tuple(name for name, base in base_types.items() if base == _HSTORE),
        )

    def _used_types(self) -> set[QualifiedName]:
        """Return the types of all columns, fields, domains and ranges."""
        used = [column.type for relation in self._catalog.relations for column in relation.columns]
        used += [field.type for composite in self._catalog.composites for field in composite.fields]
        used += [domain.base for domain in self._catalog.domains]
        used += [made.subtype for made in self._catalog.ranges]
        return {value.name for value in used}

    def _add_domains_and_ranges(self) -> tuple[tuple[DomainPlan, ...], list[RangeType]]:
        """Resolve what refers to other types, those first that refer to none that is still unresolved."""
        plans: list[DomainPlan] = []
        ranges: list[RangeType] = []
        waiting: list[DomainType | RangeType] = [*self._catalog.domains, *self._catalog.ranges]
        while waiting:
            still: list[DomainType | RangeType] = []
            for made in waiting:
                is_known = (
                    self._add_domain(made, plans) if isinstance(made, DomainType) else self._add_range(made, ranges)
                )
                if not is_known:
                    still.append(made)
            if len(still) == len(waiting):
                break
            waiting = still
        for made in waiting:
            if _is_users(made.name, made.extension):
                base = made.base if isinstance(made, DomainType) else made.subtype
                self._failures.append(TypeFailure(made.name, None, base.name))
        return tuple(sorted(plans, key=lambda plan: plan.db)), ranges

    def _add_domain(self, domain: DomainType, plans: list[DomainPlan]) -> bool:
        try:
            base = self._table.resolve(domain.base, domain.dimensions)
        except UnknownType:
            return False
        if domain not in self._emitted_domains:
            self._own.setdefault(domain.name, base)
            return True
        plans.append(DomainPlan(db=domain.name, py=self._names[domain.name], type=base, comment=domain.comment))
        self._own.setdefault(domain.name, PyType(TYPES_MODULE, self._names[domain.name]))
        return True

    def _add_range(self, range: RangeType, ranges: list[RangeType]) -> bool:
        try:
            # The bounds of a range are what psycopg reads: no codec looks into it.
            extension = self._table.extensions.get(range.subtype.name)
            subtype = natural_type(range.subtype.name, extension) or self._table.resolve(range.subtype)
        except UnknownType:
            return False
        self._own.setdefault(range.name, range_of(subtype))
        self._own.setdefault(range.multirange, multirange_of(subtype))
        ranges.append(range)
        return True

    def _composite(self, composite: CompositeType) -> CompositePlan:
        configured = {
            field.name: self._overrides.names[key]
            for field in composite.fields
            if (key := ColumnKey(composite.name, field.name)) in self._overrides.names
        }
        names = attribute_names((field.name for field in composite.fields), overrides=configured)
        return CompositePlan(
            db=composite.name,
            py=self._names[composite.name],
            fields=tuple(
                FieldPlan(
                    db=field.name,
                    py=names[field.name],
                    type=self._field_type(composite.name, field.name, field.type, field.dimensions),
                    codec=self._field_codec(composite.name, field),
                    comment=field.comment,
                )
                for field in composite.fields
            ),
            comment=composite.comment,
        )

    def _field_type(self, owner: QualifiedName, field: str, type: TypeRef, dimensions: int) -> PyType:
        configured = self._overrides.types.get(ColumnKey(owner, field))
        if configured is not None:
            return configured
        try:
            return self._table.resolve(type, dimensions)
        except UnknownType as unknown:
            self._failures.append(TypeFailure(owner, field, unknown.name))
            return PyType("builtins", "str")

    def _field_codec(self, owner: QualifiedName, field: CompositeField) -> CodecPlan | None:
        key = ColumnKey(owner, field.name)
        try:
            return self._codecs.of(field.type, field.dimensions, self._overrides.types.get(key))
        except NotAList:
            self._not_lists.append(key)
            return None


_UNKNOWN_TO_PSYCOPG: Final = frozenset({QualifiedName("pg_catalog", "pg_snapshot")})
"""Types of PostgreSQL's own whose arrays would be read as their text."""
_HSTORE: Final = ("hstore", "hstore")


def with_row_types(registry: RegistryPlan, tables: Iterable[TablePlan]) -> RegistryPlan:
    """Return the registry with the codecs of those tables whose rows are values of columns."""
    composites = {name for name, _ in registry.composites}
    added = tuple(
        (table.db, codecs)
        for table in tables
        if table.db in composites
        if (codecs := tuple((column.py, column.codec) for column in table.columns if column.codec is not None))
    )
    return replace(registry, codecs=(*registry.codecs, *added))


def _is_users(name: QualifiedName, extension: str | None) -> bool:
    return extension is None and name.schema != "information_schema"


def _type_names(names: Sequence[QualifiedName], overrides: Overrides) -> dict[QualifiedName, str]:
    """Return the class name of each type; one outside of public that would share it has its schema in front."""
    by_schema: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        by_schema[name.schema].append(name.name)
    classes = {
        QualifiedName(schema, db): class_name(py)
        for schema, dbs in by_schema.items()
        for db, py in attribute_names(dbs, prefix="t").items()
    }
    for name in _shared(classes):
        if name.schema != HOME_SCHEMA:
            classes[name] = class_name(attribute_name(name.schema, prefix="s")) + classes[name]
    return {name: overrides.names.get(ObjectKey(name), py) for name, py in classes.items()}


def _shared(classes: Mapping[QualifiedName, str]) -> Iterable[QualifiedName]:
    schemas: defaultdict[str, set[str]] = defaultdict(set)
    for name, py in classes.items():
        schemas[py].add(name.schema)
    return [name for name, py in classes.items() if len(schemas[py]) > 1]
