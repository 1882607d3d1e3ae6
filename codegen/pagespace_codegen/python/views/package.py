"""The package -> view models of all its files, and of the two that hold it together: the registry and __init__."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pagespace_codegen.catalog.model import QualifiedName
from pagespace_codegen.python.imports import ImportScope, export_order
from pagespace_codegen.python.package import PackagePlan, RegistryPlan
from pagespace_codegen.python.resolution.codec_plans import CodecPlan
from pagespace_codegen.python.text import call, docstring, string_constant, string_tuple
from pagespace_codegen.python.views.models import FileView
from pagespace_codegen.python.views.tables import module_view
from pagespace_codegen.python.views.types import types_view


def package_files(plan: PackagePlan, source: str) -> dict[str, tuple[str, FileView]]:
    """Return each file's path in the package, with the name of its template and its view; `source` names the schema."""
    tables = {table.db: table for module in plan.modules for table in module.tables}
    homes = {table.db: module.name for module in plan.modules for table in module.tables}
    files: dict[str, tuple[str, FileView]] = {
        f"{module.name}.py": ("tables.py.jinja", module_view(module, tables, homes)) for module in plan.modules
    }
    files["types.py"] = ("types.py.jinja", types_view(plan))
    files["registry.py"] = ("registry.py.jinja", _registry_view(plan.registry))
    files["__init__.py"] = ("init.py.jinja", _init_view(plan, source))
    return files


def _registry_view(registry: RegistryPlan) -> FileView:
    scope = ImportScope(())
    composites = [f"({_type_name(name)}, {scope.use(row.module, row.name)})" for name, row in registry.composites]
    enums = [f"({_type_name(name)}, {scope.use(enum.module, enum.name)})" for name, enum in registry.enums]
    fields = [
        _tuple_field("texts", map(_type_name, registry.texts)),
        _tuple_field("enums", enums),
        _tuple_field("domains", map(_type_name, registry.domains)),
        _tuple_field("composites", composites),
        _tuple_field("codecs", [_field_codecs(name, codecs, scope) for name, codecs in registry.codecs]),
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


def _field_codecs(name: QualifiedName, codecs: Iterable[tuple[str, CodecPlan]], scope: ImportScope) -> str:
    pairs = [f"({string_constant(field)}, {codec.spelled(scope)})" for field, codec in codecs]
    inner = f"({pairs[0]},)" if len(pairs) == 1 else call("", pairs, "", indent=16)
    return call("", [_type_name(name), inner], "", indent=12)


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
