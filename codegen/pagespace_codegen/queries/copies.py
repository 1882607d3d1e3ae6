"""`:copyfrom`: which INSERT can be a COPY, and what that writes.

COPY knows a table, columns and values of their types: no expression, no conflict, no RETURNING, no rule and no view
(manual, COPY, Notes). A statement that has more would silently do something else.
"""

from __future__ import annotations

from dataclasses import dataclass

from pagespace_codegen.queries.analysis import Description
from pagespace_codegen.queries.tree.enums import Command, ParameterKind
from pagespace_codegen.queries.tree.nodetree import Node
from pagespace_codegen.queries.tree.references import References, Relation

_OVERRIDING_USER_VALUE = 1
_IMPLICIT_CAST = 2  # COERCE_IMPLICIT_CAST, here one to the length of a type, which COPY does as well


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyTarget:
    """What a COPY writes: a table, and its columns in the order of the statement, each from a parameter."""

    relation: Relation
    columns: tuple[str, ...]
    parameters: tuple[int, ...]


def copy_target(description: Description, references: References) -> CopyTarget:
    """Return what a COPY in the place of a statement writes.

    Errors: ValueError, whose message says what a COPY could not do.
    """
    tree = description.tree
    if tree is None or tree.number("commandType") != Command.INSERT:
        raise ValueError("it is not an INSERT")
    for field, what in (("onConflict", "ON CONFLICT"), ("cteList", "WITH"), ("returningList", "RETURNING")):
        if tree.node(field) is not None or tree.items(field):
            raise ValueError(f"it has {what}")
    if tree.number("override") == _OVERRIDING_USER_VALUE:
        raise ValueError("it has OVERRIDING USER VALUE")
    relation = references.relation(tree.nodes("rtable")[tree.number("resultRelation") - 1].number("relid"))
    if relation is None or not relation.stores_rows:
        raise ValueError("it does not write a table")
    if relation.rewrites_writes:
        raise ValueError(f"a rule or a trigger of `{relation.name}` stands in for what is written")
    columns: list[str] = []
    parameters: list[int] = []
    for entry in tree.nodes("targetList"):
        expr = entry.node("expr")
        if expr is None or expr.kind == "SETTODEFAULT":
            continue
        column = relation.columns[entry.number("resno")].name
        number = _parameter(expr)
        if number is None:
            raise ValueError(f"`{column}` is not written from a parameter as it stands, or from one of another type")
        if number in parameters:
            raise ValueError(f"`{column}` is written from a parameter that another column is written from")
        columns.append(column)
        parameters.append(number)
    if len(parameters) < len(description.parameters):
        raise ValueError("it writes several rows, or has parameters that no column is written from")
    return CopyTarget(relation=relation, columns=tuple(columns), parameters=tuple(parameters))


def copy_flaw(description: Description, references: References) -> str | None:
    """Return why a statement cannot be a COPY, or None when it can."""
    try:
        copy_target(description, references)
    except ValueError as error:
        return str(error)
    return None


def _parameter(expr: Node) -> int | None:
    """Return the number of the parameter that an expression is, at most fitted to the length or domain of a column."""
    if expr.kind == "PARAM":
        return expr.number("paramid") if expr.number("paramkind") == ParameterKind.EXTERNAL else None
    if expr.kind == "COERCETODOMAIN":
        argument = expr.node("arg")
        return None if argument is None else _parameter(argument)
    if expr.kind == "FUNCEXPR" and expr.number("funcformat") == _IMPLICIT_CAST:
        value, *length = expr.nodes("args")
        if length and value.kind == "PARAM" and value.number("paramtype") == expr.number("funcresulttype"):
            return _parameter(value)
    return None
