"""Enums, domains and composite types -> the view model of the module that defines them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pagespace_codegen.python.imports import ImportScope
from pagespace_codegen.python.package import CompositePlan, DomainPlan, EnumPlan, PackagePlan
from pagespace_codegen.python.pytypes import ANY, PyType
from pagespace_codegen.python.text import call, docstring, string_constant
from pagespace_codegen.python.views.models import BODY, ClassView, FileView, LineView


def types_view(plan: PackagePlan) -> FileView:
    """Return the view of the module of types."""
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
        doc=docstring(enum.comment or f"A value of the type {enum.db.name}.", BODY),
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
        doc=docstring(composite.comment or f"A value of the type {composite.db.name}.", BODY),
        lines=tuple(
            LineView(
                text=f"{field.py}: {scope.annotation(field.type if field.type == ANY else field.type.optional())}",
                doc=None if field.comment is None else docstring(field.comment, BODY),
            )
            for field in composite.fields
        ),
    )
