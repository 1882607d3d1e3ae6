"""Described queries -> plans of their modules: names, types and row classes, decided; no text of Python yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pagespace_codegen.catalog.model import QualifiedName, TypeRef
from pagespace_codegen.python.naming import attribute_name, attribute_names, clashes, class_name
from pagespace_codegen.python.package import ColumnPlan, PackagePlan, TablePlan
from pagespace_codegen.python.pytypes import ANY, PyType, UnknownType
from pagespace_codegen.python.query_model import (
    CopyPlan,
    FieldOfRow,
    ParameterPlan,
    QueryModulePlan,
    QueryPlan,
    QueryPlans,
    RowPlan,
    SwitchPlan,
    ValueCodec,
    VariantPlan,
)
from pagespace_codegen.python.resolution.codec_plans import CodecPlan, NotAList
from pagespace_codegen.queries.analysis import Description
from pagespace_codegen.queries.copies import copy_target
from pagespace_codegen.queries.expand import CannotExpand, ResultItem, ResultRow, expand
from pagespace_codegen.queries.report import DescribedQuery
from pagespace_codegen.queries.source.annotations import AnnotatedQuery, Command
from pagespace_codegen.queries.source.switches import Switch
from pagespace_codegen.queries.tree.references import References
from pagespace_db.errors import Finding
from pagespace_db.location import Location

_WITHOUT_ROWS = frozenset({Command.EXEC, Command.EXECROWS, Command.COPYFROM})
_WITH_SETS = frozenset({Command.COPYFROM, Command.BATCH})


def plan_queries(
    described: Sequence[DescribedQuery],
    references: References,
    types: Mapping[int, TypeRef],
    package: PackagePlan,
    root: Path,
) -> QueryPlans:
    """Return the modules for described queries; `types` has every type that occurs in them, `root` shortens paths."""
    planner = _Planner(references, types, package, root)
    by_file: dict[Path, list[DescribedQuery]] = {}
    for entry in described:
        by_file.setdefault(entry.query.path, []).append(entry)
    modules = [planner.module(path, entries) for path, entries in by_file.items()]
    findings = [*planner.findings, *_module_clashes(by_file)]
    return QueryPlans(modules=tuple(sorted(modules, key=lambda module: module.name)), findings=tuple(findings))


def _module_name(path: Path) -> str:
    return attribute_name(path.stem, prefix="q")


def _module_clashes(paths: Iterable[Path]) -> list[Finding]:
    names = {str(path): _module_name(path) for path in paths}
    return [
        Finding(
            message=f"{' and '.join(group)} would both become the module `{names[group[0]]}`",
            location=Location(path=Path(group[-1]), line=1, column=1),
            code="name-clash",
            help="rename one of the files",
        )
        for group in clashes(names)
    ]


class _Planner:
    def __init__(self, references: References, types: Mapping[int, TypeRef], package: PackagePlan, root: Path) -> None:
        self._references = references
        self._types = types
        self._package = package
        self._root = root
        self._tables: dict[QualifiedName, tuple[TablePlan, str]] = {
            table.db: (table, f"..{module.name}") for module in package.modules for table in module.tables
        }
        self.findings: list[Finding] = []

    def module(self, path: Path, entries: Sequence[DescribedQuery]) -> QueryModulePlan:
        """Return the module of one file; what cannot be generated becomes a finding."""
        rows: dict[str, RowPlan] = {}
        queries: list[QueryPlan] = []
        taken: dict[str, str] = {}  # the functions and TypedDicts so far, with the queries that they are of
        for entry in entries:
            plan = self._query(entry, rows)
            if plan is None:
                continue
            queries.append(plan)
            for name in filter(None, (plan.py, plan.values_class)):
                if name in taken:
                    message = f"it would be called `{name}` in Python, which query `{taken[name]}` has taken"
                    self._find(entry.query, "name-clash", message, "rename one of them")
                taken[name] = entry.query.name
        for entry in entries:
            if entry.query.row in taken:
                message = f"its row class `{entry.query.row}` has the name of another thing of the module"
                self._find(entry.query, "name-clash", message, "give the class another name")
        shown = path.relative_to(self._root) if path.is_relative_to(self._root) else path
        return QueryModulePlan(
            name=_module_name(path), source=shown.as_posix(), rows=tuple(rows.values()), queries=tuple(queries)
        )

    def _query(self, entry: DescribedQuery, rows: dict[str, RowPlan]) -> QueryPlan | None:
        query, description = entry.query, entry.description
        try:
            expansion = expand(query.statement, description, self._references)
            variants = tuple(self._variants(entry))
        except CannotExpand as error:
            self._find(query, "star", str(error), None)
            return None
        command = _each(query, description) if query.command == Command.BATCH else query.command
        has_rows = command not in _WITHOUT_ROWS
        fields = tuple(self._fields(entry, expansion.items)) if has_rows else ()
        result, row_class = self._result(entry, fields, rows) if has_rows else (None, None)
        location = query.name_location()
        shown = query.path.relative_to(self._root) if query.path.is_relative_to(self._root) else query.path
        names = self._argument_names(query)
        parameters = tuple(self._parameters(entry, names))
        return QueryPlan(
            py=attribute_name(query.name, prefix="q"),
            command=command,
            sql=expansion.sql,
            parameters=parameters,
            result=result,
            fields=fields,
            row_class=row_class,
            codecs=tuple(self._codecs(entry, expansion.items)) if has_rows else (),
            doc=query.doc,
            source=f"{shown.as_posix()}:{location.line}",
            values_class=f"{self._class_name(query)}Values" if query.command in _WITH_SETS else None,
            copy=self._copy(entry, parameters) if command == Command.COPYFROM else None,
            switches=tuple(_switch(switch, names, parameters) for switch in query.switches),
            variants=variants,
        )

    def _copy(self, entry: DescribedQuery, parameters: Sequence[ParameterPlan]) -> CopyPlan | None:
        try:
            target = copy_target(entry.description, self._references)
        except ValueError:
            return None  # a finding of the query says why
        return CopyPlan(
            relation=(target.relation.schema, target.relation.name),
            columns=target.columns,
            parameters=tuple(parameters[number - 1] for number in target.parameters),
        )

    def _class_name(self, query: AnnotatedQuery) -> str:
        return class_name(attribute_name(query.name, prefix="q"))

    def _variants(self, entry: DescribedQuery) -> Iterable[VariantPlan]:
        places = {name: place for place, name in enumerate(entry.query.parameters)}
        for described in entry.variants:
            query = described.variant.query
            yield VariantPlan(
                settings=described.variant.settings,
                sql=expand(query.statement, described.description, self._references).sql,
                picks=tuple(places[name] for name in query.parameters),
            )

    def _argument_names(self, query: AnnotatedQuery) -> dict[str, str]:
        """Return the names of everything that a caller gives; `db` is taken."""
        given = dict.fromkeys([*query.parameters, *(name for switch in query.switches for name in switch.names)])
        names = attribute_names(given, prefix="p")
        return {db: f"{py}_" if py == "db" else py for db, py in names.items()}

    def _find(self, query: AnnotatedQuery, code: str, message: str, help_: str | None) -> None:
        self.findings.append(
            Finding(message=f"query `{query.name}`: {message}", location=query.name_location(), code=code, help=help_)
        )

    def _parameters(self, entry: DescribedQuery, names: Mapping[str, str]) -> Iterable[ParameterPlan]:
        query = entry.query
        optional = {name for switch in query.switches for name in switch.names}
        for name, parameter in zip(query.parameters, entry.description.parameters, strict=True):
            type_ref = self._types[parameter.type_oid]
            py_type = self._type(query, name, type_ref)
            codec = self._package.codecs.of_type(type_ref)
            declared = _declared(query, name)
            if declared is not None:
                py_type, codec = declared, self._declared_codec(type_ref, declared)
            elif type_ref.is_array:
                element = py_type.arguments[0].optional() if parameter.has_nullable_elements else py_type.arguments[0]
                py_type = PyType("collections.abc", "Sequence", (element,))
            nullable = py_type.optional() if parameter.is_nullable and py_type != ANY else py_type
            yield ParameterPlan(
                py=names[name],
                type=nullable,
                pg_type=type_ref.text_unmodified,
                codec=None if codec is None else _shifted_codec(codec),
                is_optional=name in optional,
            )

    def _fields(self, entry: DescribedQuery, items: Sequence[ResultItem]) -> Iterable[FieldOfRow]:
        columns = entry.description.columns
        names = attribute_names(dict.fromkeys(column.name for column in columns))
        for item in items:
            column = columns[item.place]
            if isinstance(item, ResultRow):
                name = QualifiedName(item.relation.schema, item.relation.name)
                table, module = self._tables[name]
                row = PyType(module, table.names.row)
                yield FieldOfRow(
                    py=names[column.name],
                    type=row.optional() if item.is_nullable else row,
                    start=item.start,
                    end=item.start + len(item.relation.columns),
                    row=row,
                    presence=item.presence if item.is_nullable else None,
                    presence_is_flag=item.presence_is_flag,
                )
                continue
            py_type = self._column_type(entry, item.place)
            nullable = column.verdict.is_nullable and py_type != ANY
            yield FieldOfRow(
                py=names[column.name],
                type=py_type.optional() if nullable else py_type,
                start=item.start,
                end=item.start + 1,
            )

    def _codecs(self, entry: DescribedQuery, items: Sequence[ResultItem]) -> Iterable[ValueCodec]:
        """Yield what is decoded of the values of a row, those of inner rows included."""
        for item in items:
            if isinstance(item, ResultRow):
                table, _ = self._tables[QualifiedName(item.relation.schema, item.relation.name)]
                for place, column in enumerate(table.columns, start=item.start):
                    if column.codec is not None:
                        label = f"{table.db.name}.{column.db}"
                        yield ValueCodec(place=place, label=label, codec=_shifted_codec(column.codec))
                continue
            codec = self._column_codec(entry, item.place)
            if codec is not None:
                label = f"{entry.query.name}.{entry.description.columns[item.place].name}"
                yield ValueCodec(place=item.start, label=label, codec=_shifted_codec(codec))

    def _column_codec(self, entry: DescribedQuery, place: int) -> CodecPlan | None:
        column = entry.description.columns[place]
        type_ref = self._types[column.type_oid]
        declared = _declared(entry.query, column.name)
        if declared is not None:
            return self._declared_codec(type_ref, declared)
        plan = self._column_plan(column.relation_oid, column.attribute)
        return self._package.codecs.of_type(type_ref) if plan is None else plan.codec

    def _declared_codec(self, type_ref: TypeRef, declared: PyType) -> CodecPlan | None:
        try:
            return self._package.codecs.of_column(type_ref, 0, declared)
        except NotAList:
            return None

    def _column_type(self, entry: DescribedQuery, place: int) -> PyType:
        column, query = entry.description.columns[place], entry.query
        declared = _declared(query, column.name)
        if declared is not None:
            return declared
        plan = self._column_plan(column.relation_oid, column.attribute)
        return self._type(query, column.name, self._types[column.type_oid]) if plan is None else _shifted(plan.type)

    def _column_plan(self, relation_oid: int, attribute: int) -> ColumnPlan | None:
        """Return the plan of the column of a table that a result column is."""
        relation = self._references.relation(relation_oid)
        column = relation.columns.get(attribute) if relation is not None else None
        if relation is None or column is None:
            return None
        found = self._tables.get(QualifiedName(relation.schema, relation.name))
        return next((plan for plan in found[0].columns if plan.db == column.name), None) if found else None

    def _type(self, query: AnnotatedQuery, name: str, type_ref: TypeRef) -> PyType:
        try:
            return _shifted(self._package.types.resolve(type_ref))
        except UnknownType:
            help_ = f"cast it to a type that Python has, or write `-- type: {name} module:Name`"
            self._find(query, "unknown-type", f"`{name}` is of type {type_ref.text}, which has no type here", help_)
            return PyType("builtins", "object")

    def _result(
        self, entry: DescribedQuery, fields: tuple[FieldOfRow, ...], rows: dict[str, RowPlan]
    ) -> tuple[PyType, PyType | None]:
        """Return the type of a row, and the class that is made of all fields, if it is one."""
        query = entry.query
        if len(fields) == 1 and query.row is None:
            return fields[0].type, None
        table = self._whole_table(entry, fields)
        if table is not None and query.row is None:
            return table, table
        name = query.row or f"{self._class_name(query)}Row"
        plan = RowPlan(py=name, fields=fields, doc=f"A row of {query.name}.")
        known = rows.setdefault(name, plan)
        if known.fields != plan.fields:
            help_ = "give it a name of its own, or select the same columns"
            self._find(query, "row-differs", f"its columns are not those of the row class `{name}`", help_)
        row = PyType("", name)
        return row, row

    def _whole_table(self, entry: DescribedQuery, fields: tuple[FieldOfRow, ...]) -> PyType | None:
        """Return the row class of the table whose columns these are, all of them and in order."""
        columns = entry.description.columns
        relation = self._references.relation(columns[0].relation_oid) if columns else None
        found = self._tables.get(QualifiedName(relation.schema, relation.name)) if relation is not None else None
        if relation is None or found is None or any(column.relation_oid != relation.oid for column in columns):
            return None
        table, module = found
        is_all = [column.attribute for column in columns] == sorted(relation.columns)
        expected = [
            (plan.db, _shifted(plan.type).optional() if plan.is_nullable and plan.type != ANY else _shifted(plan.type))
            for plan in table.columns
        ]
        actual = [(column.name, field.type) for column, field in zip(columns, fields, strict=True)]
        return PyType(module, table.names.row) if is_all and actual == expected else None


def _each(query: AnnotatedQuery, description: Description) -> Command:
    """Return what each run of a batch gives: as its author says, else as many rows as there can be."""
    if query.each is not None:
        return query.each
    if not description.columns:
        return Command.EXECROWS
    if not description.rows.at_most_one:
        return Command.MANY
    return Command.ONE if description.rows.has_row else Command.OPT


def _switch(switch: Switch, names: Mapping[str, str], parameters: Sequence[ParameterPlan]) -> SwitchPlan:
    own = {names[name] for name in switch.names}
    given = tuple(parameter for parameter in parameters if parameter.py in own)
    return SwitchPlan(parameters=given, py="" if given else names[switch.names[0]], labels=switch.labels)


def _declared(query: AnnotatedQuery, name: str) -> PyType | None:
    """Return the type that the annotation gives to a column or a parameter."""
    module, _, type_name = query.types.get(name, "").partition(":")
    return PyType(module, type_name) if type_name else None


def _shifted_codec(codec: CodecPlan) -> CodecPlan:
    return replace(codec, type=_shifted(codec.type))


def _shifted(py_type: PyType) -> PyType:
    """Return a type as a module one folder below the package imports it."""
    module = f".{py_type.module}" if py_type.module.startswith(".") else py_type.module
    return replace(py_type, module=module, arguments=tuple(map(_shifted, py_type.arguments)))
