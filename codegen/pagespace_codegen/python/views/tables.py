"""Tables -> view models: row dataclass, insert and update types, table class with columns and relations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pagespace_codegen.catalog.model import QualifiedName
from pagespace_codegen.python.imports import ImportScope
from pagespace_codegen.python.package import (
    ColumnPlan,
    ConstraintPlan,
    ModulePlan,
    RelationPlan,
    TableNames,
    TablePlan,
    WriteRule,
)
from pagespace_codegen.python.pytypes import ANY, MAKES_TEXT, PyType
from pagespace_codegen.python.resolution.layout import DEFAULT_MODULE
from pagespace_codegen.python.text import call, docstring, string_constant, string_tuple
from pagespace_codegen.python.views.models import BODY, INNER_BODY, RUN_TIME, ClassView, FileView, LineView, TableView


def module_view(
    module: ModulePlan, tables: Mapping[QualifiedName, TablePlan], homes: Mapping[QualifiedName, str]
) -> FileView:
    """Return the view of a module of tables; `tables` and `homes` say where every table of the package stands."""
    own = [name for table in module.tables for name in table.names.all(is_view=table.is_view)]
    scope = ImportScope([*own, *_attributes(module)], own_module=f".{module.name}")
    # Used inside of lambdas and as rows: the names of a table's attributes hide none of them.
    late_scope = ImportScope(own, own_module=f".{module.name}")
    views = tuple(_TableViews(table, tables, homes, scope, late_scope).view() for table in module.tables)
    early, late = scope.blocks(relative=False), scope.blocks(relative=True)
    return FileView(
        doc=docstring("The tables." if module.name == DEFAULT_MODULE else f"The tables of {module.name}.", 0),
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
        for constraint in table.constraints:
            yield constraint.py


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
            head=f"class {self._names.row}({self._scope.use(RUN_TIME, 'Row')}):",
            doc=self._doc(f"A row of {self._table.db.name}."),
            lines=tuple(
                LineView(
                    text=f"{column.py}: {self._annotation(_read_type(column))}",
                    doc=None if column.comment is None else docstring(column.comment, BODY),
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
            doc=docstring(f"The values of an insert into {self._table.db.name}.", BODY),
            lines=tuple(lines),
        )

    def _update_class(self) -> ClassView:
        return ClassView(
            decorator=None,
            head=f"class {self._names.update}({self._scope.use('typing', 'TypedDict')}, total=False):",
            doc=docstring(f"The values of an update of {self._table.db.name}.", BODY),
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
            arguments.insert(0, f"{self._scope.use(RUN_TIME, 'View')}[{names.row}]")
        else:
            base = self._scope.use(RUN_TIME, "Table")
            arguments.insert(0, f"{base}[{names.row}, {names.insert}, {names.update}]")
            arguments.append(f"primary_key={string_tuple(table.primary_key) if table.primary_key else '()'}")
        return ClassView(
            decorator=None,
            head=call(f"class {names.table_class}", arguments, ":"),
            doc=self._doc(f"The {'view' if table.is_view else 'table'} {table.db.name}."),
            lines=(*map(self._column, table.columns), *map(self._relation, table.relations)),
            inner=(self._constraints_class(),) if table.constraints else (),
        )

    def _constraints_class(self) -> ClassView:
        table = self._table
        return ClassView(
            decorator=None,
            head=f"class {table.constraints_name}:",
            doc=docstring(f"The constraints of {table.db.name}, for errors and upserts.", INNER_BODY),
            lines=tuple(map(self._constraint, table.constraints)),
        )

    def _constraint(self, constraint: ConstraintPlan) -> LineView:
        kind = self._scope.use(RUN_TIME, constraint.kind.value)
        texts = [self._table.db.schema, self._table.db.name, constraint.db]
        if constraint.inference is not None:
            texts.append(constraint.inference)
        return LineView(
            text=call(f"{constraint.py} = {kind}", [string_constant(text) for text in texts], "", indent=INNER_BODY)
        )

    def _column(self, column: ColumnPlan) -> LineView:
        kind = self._scope.use(RUN_TIME, "NullColumn" if column.is_nullable else "Column")
        arguments = [string_constant(column.db), string_constant(column.pg_type)]
        if column.default is not None:
            arguments.append(f"default={self._default(column, column.default)}")
        if column.on_update is not None:
            arguments.append(f"on_update={self._scope.use(column.on_update.module, column.on_update.name)}")
        if column.has_default:
            arguments.append("has_default=True")
        if column.write_rule is WriteRule.NEVER and not self._table.is_view:
            arguments.append("generated=True")
        if column.codec is not None:
            arguments.append(f"codec={column.codec.spelled(self._scope)}")
        head = f"{column.py}: {kind}[{self._annotation(column.type)}] = {kind}"
        return LineView(
            text=call(head, arguments, "", indent=BODY),
            doc=None if column.comment is None else docstring(column.comment, BODY),
        )

    def _default(self, column: ColumnPlan, default: PyType) -> str:
        """Return what makes the value: the function, whose text may have to be seen as a type of the application."""
        function = self._scope.use(default.module, default.name)
        is_text = column.type.module == "builtins" or column.type.module.startswith(".")
        if default.module not in MAKES_TEXT or is_text:
            return function
        return f"lambda: {self._scope.use('typing', 'cast')}({self._annotation(column.type)}, {function}())"

    def _relation(self, relation: RelationPlan) -> LineView:
        kind = self._scope.use(RUN_TIME, relation.kind.value)
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
            text=call(f"{relation.py}: {kind}[{self._names.row}, {row}] = {kind}", arguments, "", indent=BODY)
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
        plain, expression = self._annotation(column.type), self._scope.use(RUN_TIME, "Expr")
        if column.takes_none:
            return f"{plain} | {expression}[{plain}, {plain} | None] | None"
        return f"{plain} | {expression}[{plain}, {plain}]"

    def _doc(self, default: str) -> str:
        return docstring(self._table.comment or default, BODY)


def _read_type(column: ColumnPlan) -> PyType:
    return column.type.optional() if column.is_nullable and column.type != ANY else column.type
