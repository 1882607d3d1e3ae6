"""Plans of queries -> views of their modules: every line of the generated functions, laid out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pagespace_codegen.python.imports import ImportScope
from pagespace_codegen.python.pytypes import ANY, PyType
from pagespace_codegen.python.query_model import (
    CopyPlan,
    FieldOfRow,
    ParameterPlan,
    QueryModulePlan,
    QueryPlan,
    RowPlan,
    SwitchPlan,
)
from pagespace_codegen.python.text import call, docstring, string_constant, text_block
from pagespace_codegen.python.views.models import BODY, ClassView, FileView, LineView, QueryView
from pagespace_codegen.queries.source.annotations import Command

FOLDER: Final = "queries"
"""The folder of the package that holds the modules of queries."""

_CLIENT: Final = "pagespace_db.client.queries"
_BULK: Final = "pagespace_db.client.query_bulk"
_VARIANTS: Final = "pagespace_db.client.query_variants"
_INT: Final = PyType("builtins", "int")
_NONE: Final = "None"


def query_files(modules: tuple[QueryModulePlan, ...]) -> dict[str, tuple[str, FileView]]:
    """Return each file's path in the package, with the name of its template and its view; none without queries."""
    if not modules:
        return {}
    files = {f"{FOLDER}/{module.name}.py": ("queries.py.jinja", _module_view(module)) for module in modules}
    names = ", ".join(module.name for module in modules)
    init = FileView(doc=docstring(f"The annotated queries: {names}.", 0), imports=())
    return {**files, f"{FOLDER}/__init__.py": ("queries.py.jinja", init)}


def _module_view(module: QueryModulePlan) -> FileView:
    own = [row.py for row in module.rows] + [query.py for query in module.queries]
    own += [query.values_class for query in module.queries if query.values_class is not None]
    own += [field.py for row in module.rows for field in row.fields]
    own += [parameter.py for query in module.queries for parameter in query.parameters]
    own += [switch.py for query in module.queries for switch in query.switches]
    scope = ImportScope(own, own_module="")
    classes = (
        *(_row_class(row, scope) for row in module.rows),
        *(_values_class(query, scope) for query in module.queries if query.values_class is not None),
    )
    queries = tuple(_QueryViews(query, scope).view() for query in module.queries)
    return FileView(
        doc=docstring(f"The queries of {module.source}.", 0),
        imports=(*scope.blocks(relative=False), *scope.blocks(relative=True)),
        classes=classes,
        queries=queries,
    )


def _row_class(row: RowPlan, scope: ImportScope) -> ClassView:
    return ClassView(
        decorator=f"@{scope.use('dataclasses', 'dataclass')}(slots=True)",
        head=f"class {row.py}:",
        doc=docstring(row.doc, BODY),
        lines=tuple(LineView(text=f"{field.py}: {scope.annotation(field.type)}") for field in row.fields),
    )


def _values_class(query: QueryPlan, scope: ImportScope) -> ClassView:
    return ClassView(
        decorator=None,
        head=f"class {query.values_class}({scope.use('typing', 'TypedDict')}):",
        doc=docstring(f"A set of values for {query.py}.", BODY),
        lines=tuple(LineView(text=f"{p.py}: {scope.annotation(p.type)}") for p in query.parameters),
    )


class _QueryViews:
    """Makes the view of one query."""

    def __init__(self, query: QueryPlan, scope: ImportScope) -> None:
        self._query = query
        self._scope = scope
        self._constant = f"_sql_{query.py}"  # no alias of an import is called like that

    def view(self) -> QueryView:
        query = self._query
        sync, awaited = self._results()
        runner, async_runner = self._scope.use(_CLIENT, "Runner"), self._scope.use(_CLIENT, "AsyncRunner")
        values = ["db", *(parameter.py for parameter in query.parameters)]
        if query.values_class is not None:
            values = ["db", "values"]
        doc = f"{query.doc}\n\n{query.source}" if query.doc else f"Run {query.py}.\n\n{query.source}"
        return QueryView(
            row_maker=self._row_function(),
            constant=self._made(),
            overload=f"@{self._scope.use('typing', 'overload')}",
            overloads=(self._head(runner, sync, " ..."), self._head(async_runner, awaited, " ...")),
            head=self._head(f"{runner} | {async_runner}", _union(sync, awaited)),
            doc=docstring(doc, BODY),
            body=call(f"return {self._runnable()}.{query.command}", values, "", indent=BODY),
        )

    def _runnable(self) -> str:
        """Return what is run: the query, or its variant for what the caller decides."""
        query = self._query
        if not query.variants:
            return self._constant
        return call(f"{self._constant}.of", [self._decision(switch) for switch in query.switches], "", indent=BODY)

    def _decision(self, switch: SwitchPlan) -> str:
        given = [f"{parameter.py} is not {self._absence(parameter)}" for parameter in switch.parameters]
        if len(given) < len(("a", "b")):
            return given[0] if given else switch.py
        names = ", ".join(parameter.py for parameter in switch.parameters)
        return f"{self._scope.use(_VARIANTS, 'together')}({', '.join([string_constant(names), *given])})"

    def _absence(self, parameter: ParameterPlan) -> str:
        """Return the value that stands for a parameter left out: None, unless None has a meaning of its own."""
        return self._scope.use(_VARIANTS, "ABSENT") if parameter.type.is_optional else _NONE

    def _parameter(self, parameter: ParameterPlan) -> str:
        annotation = self._scope.annotation(parameter.type)
        if not parameter.is_optional:
            return f"{parameter.py}: {annotation}"
        if parameter.type.is_optional:
            value = annotation.removesuffix(f" | {_NONE}")
            annotation = f"{value} | {self._scope.use(_VARIANTS, 'Absent')} | {_NONE}"
        elif parameter.type != ANY:
            annotation = f"{annotation} | {_NONE}"
        return f"{parameter.py}: {annotation} = {self._absence(parameter)}"

    def _switch(self, switch: SwitchPlan) -> str:
        if not switch.labels:
            return f"{switch.py}: {self._scope.use('builtins', 'bool')} = False"
        labels = [string_constant(label) for label in switch.labels]
        return f"{switch.py}: {self._scope.use('typing', 'Literal')}[{', '.join(labels)}] = {labels[0]}"

    def _head(self, db: str, result: str, body: str = "") -> str:
        parameters = [self._parameter(parameter) for parameter in self._query.parameters]
        parameters += [self._switch(switch) for switch in self._query.switches if not switch.parameters]
        arguments = [f"db: {db}", *(["*", *parameters] if parameters else [])]
        if self._query.values_class is not None:
            iterable = self._scope.use("collections.abc", "Iterable")
            arguments = [f"db: {db}", f"values: {iterable}[{self._query.values_class}]"]
        return call(f"def {self._query.py}", arguments, f" -> {result}:{body}")

    def _results(self) -> tuple[str, str]:
        """Return what the function gives, and what it gives to be awaited or iterated over."""
        row = self._row()
        match self._query.command:
            case Command.STREAM:
                iterator = self._scope.use("collections.abc", "Iterator")
                return f"{iterator}[{row}]", f"{self._scope.use('collections.abc', 'AsyncIterator')}[{row}]"
            case Command.MANY:
                result = f"list[{row}]"
            case Command.OPT:
                result = row if row.endswith(f"| {_NONE}") else f"{row} | {_NONE}"
            case Command.EXECROWS | Command.COPYFROM:
                result = self._scope.annotation(_INT)
            case Command.EXEC:
                result = _NONE
            case _:
                result = row
        if self._query.values_class is not None and self._query.command not in {Command.EXEC, Command.COPYFROM}:
            result = f"list[{result}]"
        return result, f"{self._scope.use('collections.abc', 'Awaitable')}[{result}]"

    def _row(self) -> str:
        return _NONE if self._query.result is None else self._scope.annotation(self._query.result)

    def _made(self) -> str:
        query = self._query
        keys = [string_constant(parameter.py) for parameter in query.parameters]
        if query.copy is not None:
            made = self._copy(query.copy)
        elif query.values_class is not None:
            statement = self._statement("AnnotatedQuery", BODY)
            lines = f"    {statement},\n    {_tuple_argument('keys', keys, BODY)}\n"
            made = f"{self._scope.use(_BULK, 'BatchQuery')}(\n{lines})"
        else:
            made = self._statement("Variants" if query.variants else "AnnotatedQuery", 0)
        return f"{self._constant}: {self._scope.use('typing', 'Final')} = {made}"

    def _statement(self, kind: str, indent: int) -> str:
        """Return the call that makes the query, or its variants."""
        query = self._query
        types = [self._parameter_type(parameter) for parameter in query.parameters]
        arguments = [
            self._variants() if query.variants else text_block(query.sql),
            f"types=({types[0]},)" if len(types) == 1 else call("types=", types, "", indent=indent + BODY),
            f"make_row={self._decoding(self._row_maker(), indent + BODY)}",
            f"source={self._source()}",
        ]
        # The function that makes the rows says what they are; a single value says nothing.
        row = f"[{self._row()}]" if query.row_class is None and not self._has_inner_row() else ""
        margin = " " * indent
        inner = "".join(f"{margin}    {argument},\n" for argument in arguments)
        return f"{self._scope.use(_VARIANTS if kind == 'Variants' else _CLIENT, kind)}{row}(\n{inner}{margin})"

    def _copy(self, copy: CopyPlan) -> str:
        arguments = {
            "relation": [*map(string_constant, copy.relation)],
            "columns": [*map(string_constant, copy.columns)],
            "keys": [string_constant(parameter.py) for parameter in copy.parameters],
            "types": [self._parameter_type(parameter) for parameter in copy.parameters],
        }
        lines = [f"    {_tuple_argument(name, values, BODY)}\n" for name, values in arguments.items()]
        return f"{self._scope.use(_BULK, 'CopyQuery')}(\n{''.join(lines)}    source={self._source()},\n)"

    def _parameter_type(self, parameter: ParameterPlan) -> str:
        pg_type = string_constant(parameter.pg_type)
        if parameter.codec is None:
            return pg_type
        codec = parameter.codec.spelled(self._scope)
        return f"({pg_type}, {codec})"

    def _source(self) -> str:
        return string_constant(f"{self._query.py} ({self._query.source})")

    def _variants(self) -> str:
        """Return the statements by the settings of the switches, each with the places of its parameters."""
        lines = ["{"]
        for variant in self._query.variants:
            settings = [string_constant(s) if isinstance(s, str) else repr(s) for s in variant.settings]
            parts = [text_block(variant.sql), _tuple([str(pick) for pick in variant.picks])]
            if "\n" not in parts[0]:
                lines.append(f"{' ' * 8}{_tuple(settings)}: ({', '.join(parts)}),")
                continue
            lines.append(f"{' ' * 8}{_tuple(settings)}: (")
            lines += [f"{' ' * 12}{part}," for part in parts]
            lines.append(f"{' ' * 8}),")
        return "\n".join([*lines, f"{' ' * BODY}}}"])

    def _row_maker(self) -> str:
        query = self._query
        if self._has_inner_row():
            return f"_row_of_{query.py}"
        if query.row_class is not None:
            return f"{self._scope.use(_CLIENT, 'objects_of')}({self._class(query.row_class)})"
        return self._scope.use(_CLIENT, "scalar")

    def _decoding(self, row_maker: str, indent: int) -> str:
        """Return what makes a row, with what is decoded before, by its place among the values."""
        if not self._query.codecs:
            return row_maker
        entries = [
            f"{value.place}: ({string_constant(value.label)}, {value.codec.spelled(self._scope)})"
            for value in self._query.codecs
        ]
        codecs = call("", entries, "", indent=indent + BODY, brackets="{}")
        return call(self._scope.use(_CLIENT, "decoding"), [row_maker, codecs], "", indent=indent)

    def _has_inner_row(self) -> bool:
        return any(field.row is not None for field in self._query.fields)

    def _row_function(self) -> str | None:
        """Return the function that makes a row which has other rows in it, or None."""
        query = self._query
        if not self._has_inner_row():
            return None
        sequence, anything = self._scope.use("collections.abc", "Sequence"), self._scope.use("typing", "Any")
        parts = [self._part(field) for field in query.fields]
        made = parts[0]
        if query.row_class is not None:
            made = call(f"return {self._class(query.row_class)}", parts, "", indent=BODY).removeprefix("return ")
        return f"def _row_of_{query.py}(v: {sequence}[{anything}]) -> {self._row()}:\n    return {made}"

    def _part(self, field: FieldOfRow) -> str:
        if field.row is None:
            return f"v[{field.start}]"
        made = f"{self._class(field.row)}(*v[{field.start}:{field.end}])"
        if field.presence is None:
            return made
        is_absent = f"v[{field.presence}]" if field.presence_is_flag else f"v[{field.presence}] is None"
        return f"{_NONE} if {is_absent} else {made}"

    def _class(self, row: PyType) -> str:
        return self._scope.use(row.module, row.name)


def _tuple(items: Sequence[str]) -> str:
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def _tuple_argument(name: str, items: Sequence[str], indent: int) -> str:
    """Return `name=(...),` for a line that is already indented by `indent` spaces."""
    return f"{name}={_tuple(items)}," if len(items) == 1 else call(f"{name}=", items, ",", indent=indent)


def _union(sync: str, awaited: str) -> str:
    """Return the annotation of either; None goes last."""
    if sync == _NONE:
        return f"{awaited} | {_NONE}"
    if sync.endswith(f" | {_NONE}"):
        return f"{sync.removesuffix(f' | {_NONE}')} | {awaited} | {_NONE}"
    return f"{sync} | {awaited}"
