"""View models: what the templates print, with every name spelled and every line laid out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pagespace_codegen.catalog.model import QualifiedName
from pagespace_codegen.python.imports import ImportScope, export_order
from pagespace_codegen.python.package import (
    ColumnPlan,
    CompositePlan,
    DomainPlan,
    EnumPlan,
    ModulePlan,
    PackagePlan,
    RegistryPlan,
    RelationPlan,
    TableNames,
    TablePlan,
    WriteRule,
)
from pagespace_codegen.python.pytypes import ANY, PyType
from pagespace_codegen.python.text import call, docstring, string_constant, string_tuple

_BODY = 4
_RUN_TIME = "pagespace_db"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A statement, and the docstring that stands under it or None."""

    text: str
    doc: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassView:
    """A class: decorator line or None, head, docstring, body."""

    decorator: str | None
    head: str
    doc: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """The classes of a table, and the line that makes its table object."""

    classes: tuple[ClassView, ...]
    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file: imports in blocks, and one of the kinds of content that the templates know."""

    doc: str
    imports: tuple[tuple[str, ...], ...]
    late_imports: tuple[str, ...] = ()
    tables: tuple[TableView, ...] = ()
    enums: tuple[tuple[LineView, ...], ...] = ()
    classes: tuple[ClassView, ...] = ()
    domains: tuple[LineView, ...] = ()
    statement: str | None = None


def package_files(plan: PackagePlan, source: str) -> dict[str, tuple[str, FileView]]:
    """Return each file's path in the package, with the name of its template and its view; `source` names the schema."""
    tables = {table.db: table for module in plan.modules for table in module.tables}
    homes = {table.db: module.name for module in plan.modules for table in module.tables}
    files: dict[str, tuple[str, FileView]] = {
        f"{module.name}.py": ("tables.py.jinja", _module_view(module, tables, homes)) for module in plan.modules
    }
    files["types.py"] = ("types.py.jinja", _types_view(plan))
    files["registry.py"] = ("registry.py.jinja", _registry_view(plan.registry))
    files["__init__.py"] = ("init.py.jinja", _init_view(plan, source))
    return files


# --- Modules of tables -----------------------------------------------------------------------------------------------


def _module_view(
    module: ModulePlan, tables: Mapping[QualifiedName, TablePlan], homes: Mapping[QualifiedName, str]
) -> FileView:
    own = [name for table in module.tables for name in table.names.all(is_view=table.is_view)]
    scope = ImportScope([*own, *_attributes(module)], own_module=f".{module.name}")
    # Used inside of lambdas and as rows: the names of a table's attributes hide none of them.
    late_scope = ImportScope(own, own_module=f".{module.name}")
    views = tuple(_TableViews(table, tables, homes, scope, late_scope).view() for table in module.tables)
    early, late = scope.blocks(relative=False), scope.blocks(relative=True)
    return FileView(
        doc=docstring(f"The tables of {module.name}.", 0),
        imports=(*early, *late),
        late_imports=tuple(statement for block in late_scope.blocks(relative=True) for statement in block),
        tables=views,
    )


def _attributes(module: ModulePlan) -> Iterable[str]:
    for table in module.tables:
        for column in table.columns:
            yield column.py
        for relation in table.relations:
            yield relation.py


class _TableViews:
    """Makes the view of one table; `late` takes what other modules of tables define, which may import this one."""

    def __init__(
        self,
        table: TablePlan,
        tables: Mapping[QualifiedName, TablePlan],
        homes: Mapping[QualifiedName, str],
        scope: ImportScope,
        late: ImportScope,
    ) -> None:
        self._table = table
        self._names: TableNames = table.names
        self._tables = tables
        self._homes = homes
        self._scope = scope
        self._late = late

    def view(self) -> TableView:
        table = self._table
        classes = [self._row_class()]
        if not table.is_view:
            classes += [self._insert_class(), self._update_class()]
        classes.append(self._table_class())
        return TableView(
            classes=tuple(classes),
            table=f"{self._names.table}: {self._names.table_class} = {self._names.table_class}()",
        )

    def _row_class(self) -> ClassView:
        return ClassView(
            decorator=f"@{self._scope.use('dataclasses', 'dataclass')}(slots=True)",
            head=f"class {self._names.row}({self._scope.use(_RUN_TIME, 'Row')}):",
            doc=self._doc(f"A row of {self._table.db.name}."),
            lines=tuple(
                LineView(
                    text=f"{column.py}: {self._annotation(_read_type(column))}",
                    doc=None if column.comment is None else docstring(column.comment, _BODY),
                )
                for column in self._table.columns
            ),
        )

    def _insert_class(self) -> ClassView:
        required = [column for column in self._table.columns if column.write_rule is WriteRule.REQUIRED]
        optional = [column for column in self._table.columns if column.write_rule is WriteRule.OPTIONAL]
        lines = [LineView(text=f"{column.py}: {self._written(column)}") for column in required]
        if optional:
            not_required = self._scope.use("typing", "NotRequired")
            lines += [LineView(text=f"{column.py}: {not_required}[{self._written(column)}]") for column in optional]
        return ClassView(
            decorator=None,
            head=f"class {self._names.insert}({self._scope.use('typing', 'TypedDict')}):",
            doc=docstring(f"The values of an insert into {self._table.db.name}.", _BODY),
            lines=tuple(lines),
        )

    def _update_class(self) -> ClassView:
        return ClassView(
            decorator=None,
            head=f"class {self._names.update}({self._scope.use('typing', 'TypedDict')}, total=False):",
            doc=docstring(f"The values of an update of {self._table.db.name}.", _BODY),
            lines=tuple(
                LineView(text=f"{column.py}: {self._written(column)}")
                for column in self._table.columns
                if column.write_rule is not WriteRule.NEVER
            ),
        )

    def _table_class(self) -> ClassView:
        table, names = self._table, self._names
        arguments = [
            f"schema={string_constant(table.db.schema)}",
            f"name={string_constant(table.db.name)}",
            f"row={names.row}",
        ]
        if table.is_view:
            arguments.insert(0, f"{self._scope.use(_RUN_TIME, 'View')}[{names.row}]")
        else:
            base = self._scope.use(_RUN_TIME, "Table")
            arguments.insert(0, f"{base}[{names.row}, {names.insert}, {names.update}]")
            arguments.append(f"primary_key={string_tuple(table.primary_key) if table.primary_key else '()'}")
        return ClassView(
            decorator=None,
            head=call(f"class {names.table_class}", arguments, ":"),
            doc=self._doc(f"The {'view' if table.is_view else 'table'} {table.db.name}."),
            lines=(*map(self._column, table.columns), *map(self._relation, table.relations)),
        )

    def _column(self, column: ColumnPlan) -> LineView:
        kind = self._scope.use(_RUN_TIME, "NullColumn" if column.is_nullable else "Column")
        arguments = [string_constant(column.db), string_constant(column.pg_type)]
        if column.default is not None:
            arguments.append(f"default={self._scope.use(column.default.module, column.default.name)}")
        if column.on_update is not None:
            arguments.append(f"on_update={self._scope.use(column.on_update.module, column.on_update.name)}")
        if column.has_default:
            arguments.append("has_default=True")
        if column.write_rule is WriteRule.NEVER and not self._table.is_view:
            arguments.append("generated=True")
        head = f"{column.py}: {kind}[{self._annotation(column.type)}] = {kind}"
        return LineView(
            text=call(head, arguments, "", indent=_BODY),
            doc=None if column.comment is None else docstring(column.comment, _BODY),
        )

    def _relation(self, relation: RelationPlan) -> LineView:
        kind = self._scope.use(_RUN_TIME, relation.kind.value)
        arguments = [
            f"lambda: {self._table_object(relation.target)}",
            string_tuple(relation.local),
            string_tuple(relation.remote),
        ]
        if relation.through is not None:
            junction = relation.through
            sides = f"{string_tuple(junction.local)}, {string_tuple(junction.remote)}"
            arguments.append(f"through=(lambda: {self._table_object(junction.table)}, {sides})")
        row = self._named(relation.target, self._tables[relation.target].names.row)
        return LineView(
            text=call(f"{relation.py}: {kind}[{self._names.row}, {row}] = {kind}", arguments, "", indent=_BODY)
        )

    def _table_object(self, table: QualifiedName) -> str:
        return self._named(table, self._tables[table].names.table)

    def _named(self, table: QualifiedName, name: str) -> str:
        return self._late.use(f".{self._homes[table]}", name)

    def _annotation(self, type: PyType) -> str:
        return self._scope.annotation(type)

    def _written(self, column: ColumnPlan) -> str:
        """Return the annotation of a value that is written: the type itself, or an expression that yields it."""
        if column.type == ANY:
            return self._annotation(ANY)
        plain, expression = self._annotation(column.type), self._scope.use(_RUN_TIME, "Expr")
        if column.takes_none:
            return f"{plain} | {expression}[{plain}, {plain} | None] | None"
        return f"{plain} | {expression}[{plain}, {plain}]"

    def _doc(self, default: str) -> str:
        return docstring(self._table.comment or default, _BODY)


def _read_type(column: ColumnPlan) -> PyType:
    return column.type.optional() if column.is_nullable and column.type != ANY else column.type


# --- Types -----------------------------------------------------------------------------------------------------------


def _types_view(plan: PackagePlan) -> FileView:
    own = [name for enum in plan.enums for name in enum.names()]
    own += [domain.py for domain in plan.domains] + [composite.py for composite in plan.composites]
    own += [member for enum in plan.enums for member in enum.members]
    own += [field.py for composite in plan.composites for field in composite.fields]
    scope = ImportScope(own, own_module=".types")
    enums = tuple(_enum_lines(enum, scope) for enum in plan.enums if not enum.members)
    enum_classes = tuple(_enum_class(enum, scope) for enum in plan.enums if enum.members)
    composites = tuple(_composite_class(composite, scope) for composite in plan.composites)
    domains = tuple(_domain_line(domain, scope) for domain in _in_order_of_use(plan.domains))
    late_imports = tuple(statement for block in scope.blocks(relative=True) for statement in block)
    if late_imports:
        scope.use("typing", "TYPE_CHECKING")
    return FileView(
        doc=docstring("The types that the schema defines.", 0),
        imports=scope.blocks(relative=False),
        late_imports=late_imports,
        enums=enums,
        classes=(*enum_classes, *composites),
        domains=domains,
    )


def _enum_lines(enum: EnumPlan, scope: ImportScope) -> tuple[LineView, ...]:
    alias, final = scope.use("typing", "TypeAlias"), scope.use("typing", "Final")
    doc = None if enum.comment is None else docstring(enum.comment, 0)
    labels = [string_constant(label) for label in enum.labels]
    if not labels:
        return (
            LineView(text=f"{enum.py}: {alias} = {scope.use('typing', 'Never')}", doc=doc),
            LineView(text=f"{enum.constant}: {final}[tuple[{enum.py}, ...]] = ()"),
        )
    literal = call(f"{enum.py}: {alias} = {scope.use('typing', 'Literal')}", labels, "", brackets="[]")
    head = f"{enum.constant}: {final}[tuple[{enum.py}, ...]] = "
    constant = f"{head}({labels[0]},)" if len(labels) == 1 else call(head, labels, "")
    return LineView(text=literal, doc=doc), LineView(text=constant)


def _enum_class(enum: EnumPlan, scope: ImportScope) -> ClassView:
    return ClassView(
        decorator=None,
        head=f"class {enum.py}({scope.use('enum', 'StrEnum')}):",
        doc=docstring(enum.comment or f"A value of the type {enum.db.name}.", _BODY),
        lines=tuple(
            LineView(text=f"{member} = {string_constant(label)}")
            for member, label in zip(enum.members, enum.labels, strict=True)
        ),
    )


def _domain_line(domain: DomainPlan, scope: ImportScope) -> LineView:
    alias, annotation = scope.use("typing", "TypeAlias"), scope.annotation(domain.type)
    if any(module != ".types" for module in _package_modules(domain.type)):
        annotation = string_constant(annotation)  # a row of a table, whose module imports this one
    return LineView(
        text=f"{domain.py}: {alias} = {annotation}",
        doc=None if domain.comment is None else docstring(domain.comment, 0),
    )


def _package_modules(py_type: PyType) -> Iterable[str]:
    if py_type.module.startswith("."):
        yield py_type.module
    for argument in py_type.arguments:
        yield from _package_modules(argument)


def _in_order_of_use(domains: Sequence[DomainPlan]) -> list[DomainPlan]:
    """Return the domains so that each follows those that it is based on: an alias is evaluated at import."""
    by_name = {domain.py: domain for domain in domains}
    ordered: dict[str, DomainPlan] = {}

    def add(domain: DomainPlan) -> None:
        for name in _type_names(domain.type):
            if name in by_name and name != domain.py:
                add(by_name[name])
        ordered.setdefault(domain.py, domain)

    for domain in domains:
        add(domain)
    return list(ordered.values())


def _type_names(type: PyType) -> Iterable[str]:
    if type.module == ".types":
        yield type.name
    for argument in type.arguments:
        yield from _type_names(argument)


def _composite_class(composite: CompositePlan, scope: ImportScope) -> ClassView:
    return ClassView(
        decorator=f"@{scope.use('dataclasses', 'dataclass')}(slots=True)",
        head=f"class {composite.py}:",
        doc=docstring(composite.comment or f"A value of the type {composite.db.name}.", _BODY),
        lines=tuple(
            LineView(
                text=f"{field.py}: {scope.annotation(field.type if field.type == ANY else field.type.optional())}",
                doc=None if field.comment is None else docstring(field.comment, _BODY),
            )
            for field in composite.fields
        ),
    )


# --- The registry and the package itself -----------------------------------------------------------------------------


def _registry_view(registry: RegistryPlan) -> FileView:
    scope = ImportScope(())
    composites = [f"({_type_name(name)}, {scope.use(row.module, row.name)})" for name, row in registry.composites]
    enums = [f"({_type_name(name)}, {scope.use(enum.module, enum.name)})" for name, enum in registry.enums]
    fields = [
        _tuple_field("texts", map(_type_name, registry.texts)),
        _tuple_field("enums", enums),
        _tuple_field("domains", map(_type_name, registry.domains)),
        _tuple_field("composites", composites),
        _tuple_field("ranges", map(_type_name, registry.ranges)),
        _tuple_field("hstores", map(_type_name, registry.hstores)),
    ]
    made = call(scope.use("pagespace_db.types", "TypeRegistry"), [field for field in fields if field], "", indent=4)
    install, final = scope.use("pagespace_db.types", "install_types"), scope.use("typing", "Final")
    return FileView(
        doc=docstring("The types that a connection must be told of.", 0),
        imports=(*scope.blocks(relative=False), *scope.blocks(relative=True)),
        statement=call(f"TYPES: {final} = {install}", [made], "").replace("),\n)", ")\n)"),
    )


def _type_name(name: QualifiedName) -> str:
    return string_tuple((name.schema, name.name))


def _tuple_field(name: str, items: Iterable[str]) -> str:
    """Return the keyword argument for a tuple, laid out for its place in the registry; "" for an empty one."""
    values = list(items)
    if not values:
        return ""
    return f"{name}=({values[0]},)" if len(values) == 1 else call(f"{name}=", values, "", indent=8)


def _init_view(plan: PackagePlan, source: str) -> FileView:
    exported: list[tuple[str, list[str]]] = [
        (f".{module.name}", [name for table in module.tables for name in table.names.all(is_view=table.is_view)])
        for module in plan.modules
    ]
    types = [name for enum in plan.enums for name in enum.names()]
    types += [domain.py for domain in plan.domains] + [composite.py for composite in plan.composites]
    exported += [(".types", types), (".registry", ["TYPES"])]
    scope = ImportScope(())
    for module, names in exported:
        for name in names:
            scope.use(module, name)
    everything = sorted((name for _, names in exported for name in names), key=export_order)
    return FileView(
        doc=docstring(f"The schema of {source}, typed.", 0),
        imports=scope.blocks(relative=True),
        statement=_all_statement(everything),
    )


def _all_statement(names: Sequence[str]) -> str:
    return call("__all__ = ", [string_constant(name) for name in names], "", brackets="[]")
