"""Catalog and configuration -> the package, with every name and type decided, or findings and no package at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from pagespace_codegen.catalog.model import (
    VIEWS,
    Catalog,
    ConstraintKind,
    QualifiedName,
    Relation,
)
from pagespace_codegen.python.naming import attribute_names, free_name, is_valid_override
from pagespace_codegen.python.package import (
    ConstraintPlan,
    ModulePlan,
    PackagePlan,
    RelationPlan,
    TableNames,
    TablePlan,
)
from pagespace_codegen.python.pytypes import PyType
from pagespace_codegen.python.resolution.application import application_folders, find_module
from pagespace_codegen.python.resolution.clashes import Locate, column_clashes, names_line, package_clashes
from pagespace_codegen.python.resolution.codec_plans import CodecPlanner
from pagespace_codegen.python.resolution.columns import ColumnPlanner, DefaultMisfit
from pagespace_codegen.python.resolution.constraints import plan_constraints
from pagespace_codegen.python.resolution.declared import load_declared
from pagespace_codegen.python.resolution.layout import RESERVED_MODULES, module_of, table_names
from pagespace_codegen.python.resolution.overrides import (
    ColumnKey,
    ObjectKey,
    config_location,
    load_overrides,
    matches_table,
)
from pagespace_codegen.python.resolution.owntypes import TypeFailure, plan_own_types, with_row_types
from pagespace_codegen.python.resolution.relations import NameClash, plan_relations, table_shapes
from pagespace_codegen.python.resolution.type_references import modules_of
from pagespace_db.errors import Finding, SourceError
from pagespace_db.location import Location
from pagespace_db.settings import Project


def resolve(catalog: Catalog, project: Project, locate: Locate) -> PackagePlan:
    """Return the package for a catalog.

    Errors: SourceError with everything that is wrong: unknown types, names that meet, configuration.
    """
    return _Resolver(_without_skipped(catalog, project), project, locate).resolve()


def _without_skipped(catalog: Catalog, project: Project) -> Catalog:
    """Return the catalog without the tables that `skip` names, and without the keys that lead to them."""
    skipped = {
        relation.name
        for relation in catalog.relations
        if any(matches_table(pattern, relation.name) for pattern in project.skip)
    }
    return replace(
        catalog,
        relations=tuple(relation for relation in catalog.relations if relation.name not in skipped),
        constraints=tuple(
            constraint
            for constraint in catalog.constraints
            if not {constraint.relation, constraint.referenced} & skipped
        ),
        indexes=tuple(index for index in catalog.indexes if index.relation not in skipped),
    )


class _Resolver:
    def __init__(self, catalog: Catalog, project: Project, locate: Locate) -> None:
        self._catalog = catalog
        self._project = project
        self._locate = locate
        self._overrides = load_overrides(project, catalog)
        self._findings = list(self._overrides.findings)
        self._names: Mapping[QualifiedName, TableNames] = table_names(catalog.relations, self._overrides)

    def resolve(self) -> PackagePlan:
        self._check_modules()
        modules = {
            relation.name: module_of(relation.name, self._project.modules) for relation in self._catalog.relations
        }
        of_types = {key.name: py for key, py in self._overrides.types.items() if isinstance(key, ObjectKey)}
        codecs = CodecPlanner(self._catalog, of_types)
        own = plan_own_types(
            self._catalog, self._overrides, self._names, modules, enum_style=self._project.enums, codecs=codecs
        )
        columns = {relation.name: self._column_names(relation) for relation in self._catalog.relations}
        shapes = table_shapes(self._catalog, {name: names.table for name, names in self._names.items()}, columns)
        declared, declared_findings = load_declared(self._project, self._catalog)
        self._findings += declared_findings
        relations, relation_clashes = plan_relations(self._catalog, shapes, self._overrides, declared)
        for clash in relation_clashes:
            self._find_relation_clash(clash)
        primary_keys = {
            constraint.relation: constraint.columns
            for constraint in self._catalog.constraints
            if constraint.kind is ConstraintKind.PRIMARY_KEY
        }
        constraints = plan_constraints(self._catalog)
        planner = ColumnPlanner(self._catalog, self._overrides, own.table, codecs)
        tables: defaultdict[str, list[TablePlan]] = defaultdict(list)
        for relation in self._catalog.relations:
            py = columns[relation.name]
            tables[modules[relation.name]].append(
                self._table(
                    relation,
                    py,
                    planner,
                    primary_key=tuple(py[column] for column in primary_keys.get(relation.name, ())),
                    relations=relations.get(relation.name, ()),
                    constraints=constraints.get(relation.name, ()),
                )
            )
        for failure in (*own.failures, *planner.failures):
            self._find_unknown_type(failure)
        for misfit in planner.misfits:
            self._find_misfit(misfit)
        for key in (*own.not_lists, *planner.not_lists):
            self._find_not_a_list(key)
        self._check_documents(planner.documents)
        self._findings += package_clashes(self._catalog.relations, self._names, own, self._locate)
        if self._findings:
            raise SourceError(self._findings)
        return PackagePlan(
            modules=tuple(ModulePlan(name=name, tables=tuple(tables[name])) for name in sorted(tables)),
            enums=own.enums,
            domains=own.domains,
            composites=own.composites,
            registry=with_row_types(own.registry, [table for plans in tables.values() for table in plans]),
            types=own.table,
            codecs=codecs,
        )

    def _table(
        self,
        relation: Relation,
        py: Mapping[str, str],
        planner: ColumnPlanner,
        *,
        primary_key: tuple[str, ...],
        relations: tuple[RelationPlan, ...],
        constraints: tuple[ConstraintPlan, ...],
    ) -> TablePlan:
        return TablePlan(
            db=relation.name,
            names=self._names[relation.name],
            is_view=relation.kind in VIEWS,
            columns=tuple(planner.plan(relation, column, py[column.name]) for column in relation.columns),
            primary_key=primary_key,
            relations=relations,
            constraints=constraints,
            constraints_name=free_name("constraints", {*py.values(), *(planned.py for planned in relations)}),
            comment=relation.comment,
        )

    def _column_names(self, relation: Relation) -> dict[str, str]:
        configured = {
            column.name: self._overrides.names[key]
            for column in relation.columns
            if (key := ColumnKey(relation.name, column.name)) in self._overrides.names
        }
        names = attribute_names((column.name for column in relation.columns), overrides=configured)
        self._findings += column_clashes(relation.name, names, self._locate)
        return names

    def _check_modules(self) -> None:
        for module in self._project.modules:
            if module in RESERVED_MODULES or not is_valid_override(module):
                reason = "has another use" if module in RESERVED_MODULES else "is no name for a module"
                self._findings.append(
                    Finding(
                        message=f"the module `{module}` cannot hold tables: the name {reason}",
                        location=config_location(self._project, "modules", module),
                        code="configuration",
                    )
                )

    def _find_unknown_type(self, failure: TypeFailure) -> None:
        what = f"{failure.owner}.{failure.column}" if failure.column else str(failure.owner)
        self._findings.append(
            Finding(
                message=f"{what} is of type {failure.type}, for which no Python type is known",
                location=self._locate(failure.owner, failure.column),
                code="unknown-type",
                help=f'say which one it is: [tool.pagespace_db.types] "{failure.type}" = "builtins:str"',
            )
        )

    def _find_misfit(self, misfit: DefaultMisfit) -> None:
        self._findings.append(
            Finding(
                message=f"{misfit.function} makes text, but {misfit.column} is {misfit.type}",
                location=config_location(self._project, "defaults", misfit.pattern),
                code="configuration",
            )
        )

    def _check_documents(self, documents: Mapping[ColumnKey, PyType]) -> None:
        """Find classes that cannot be the type of a document, as far as that is to be seen in their files."""
        folders = application_folders(self._project)
        for key, document in documents.items():
            for module_name, name in modules_of(document):
                module = find_module(module_name, folders)
                if module is not None and module.has_no_fields(name):
                    self._findings.append(
                        Finding(
                            message=f"{key.owner}.{key.column} holds documents, but `{module_name}:{name}` is neither "
                            "a dataclass, nor a TypedDict, nor a model of pydantic",
                            location=config_location(self._project, "types", self._types_key(key)),
                            code="configuration",
                            help="write @dataclass above it, or give it a base class",
                        )
                    )

    def _types_key(self, key: ColumnKey) -> str:
        """Return how the configuration writes a column that it gives a type."""
        spellings = (f"{key.owner}.{key.column}", f"{key.owner.name}.{key.column}")
        return next(text for text in spellings if text in self._project.types)

    def _find_not_a_list(self, key: ColumnKey) -> None:
        text = self._types_key(key)
        self._findings.append(
            Finding(
                message=f"{key.owner}.{key.column} is an array of documents, and `{self._project.types[text]}` no list",
                location=config_location(self._project, "types", text),
                code="configuration",
                help=f'write the type of the whole array: "list[{self._project.types[text]}]"',
            )
        )

    def _find_relation_clash(self, clash: NameClash) -> None:
        key = clash.key
        location: Location | None
        if key is None:
            message = f"the declared relation `{clash.name}` of {clash.table} shares its name with a column"
            location, remedy = config_location(self._project, "relations", f"{clash.table.name}.{clash.name}"), None
        else:
            direction = f".{key.direction or 'forward'}"
            message = (
                f"the relation `{clash.name}` of {clash.table}, from the foreign key {key.constraint} of {key.table}, "
                "would share its name with a column or another relation"
            )
            location = self._locate(key.table, None)
            remedy = names_line(f"{key.table}.{key.constraint}{direction}", f"{clash.name}_2")
        self._findings.append(Finding(message=message, location=location, code="name-clash", help=remedy))
