"""Columns of the catalog -> columns of the package: type, nullability, and what an insert has to name."""

from __future__ import annotations

from dataclasses import dataclass

from pagespace_codegen.catalog.model import (
    VIEWS,
    Catalog,
    Column,
    ConstraintKind,
    DomainType,
    Identity,
    Relation,
    TypeRef,
)
from pagespace_codegen.python.package import ColumnPlan, WriteRule
from pagespace_codegen.python.pytypes import MAKES_TEXT, STR, TEXT_LIKE, PyType, TypeTable, UnknownType
from pagespace_codegen.python.resolution.codec_plans import CodecKind, CodecPlan, CodecPlanner, NotAList
from pagespace_codegen.python.resolution.overrides import ColumnKey, Overrides
from pagespace_codegen.python.resolution.owntypes import TypeFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultMisfit:
    """A column that the configuration names as it is, with a default that makes values of another type."""

    pattern: str
    function: str
    column: str
    type: str


class ColumnPlanner:
    """Plans the columns of one catalog; what is wrong with them gathers in its attributes.

    Attributes:
        failures: Columns of types that are not known.
        misfits: Defaults that make values of other types.
        not_lists: Columns that are arrays of documents, with types that are no lists.
        documents: The types of documents that columns are given.
    """

    def __init__(self, catalog: Catalog, overrides: Overrides, types: TypeTable, codecs: CodecPlanner) -> None:
        self.failures: list[TypeFailure] = []
        self.misfits: list[DefaultMisfit] = []
        self.not_lists: list[ColumnKey] = []
        self.documents: dict[ColumnKey, PyType] = {}
        self._overrides = overrides
        self._chosen = _carried_along_keys(catalog, overrides)
        self._types = types
        self._codecs = codecs
        self._domains = {domain.name: domain for domain in catalog.domains}
        # In a key of several columns the first ones often say where a row belongs, and the id is the row's own.
        self._references = {
            ColumnKey(constraint.relation, constraint.columns[0])
            for constraint in catalog.constraints
            if constraint.kind is ConstraintKind.FOREIGN_KEY and len(constraint.columns) == 1
        }

    def plan(self, relation: Relation, column: Column, py: str) -> ColumnPlan:
        """Return the plan of a column whose Python name is `py`."""
        key = ColumnKey(relation.name, column.name)
        domains = self._domains_under(column.type)
        is_written = column.generation is None and column.identity is not Identity.ALWAYS and relation.kind not in VIEWS
        is_filled = (
            column.default is not None
            or column.identity is Identity.BY_DEFAULT
            or any(domain.default is not None for domain in domains)
        )
        default = self._application_default(key, column) if is_written and not is_filled else None
        updater = self._overrides.on_update(key) if is_written else None
        takes_none = not column.is_not_null and not any(domain.is_not_null for domain in domains)
        if not is_written:
            rule = WriteRule.NEVER
        elif is_filled or takes_none or default is not None:
            rule = WriteRule.OPTIONAL
        else:
            rule = WriteRule.REQUIRED
        return ColumnPlan(
            db=column.name,
            py=py,
            pg_type=column.type.text_unmodified,
            type=self._type(key, column),
            is_nullable=not column.is_not_null,
            takes_none=takes_none,
            write_rule=rule,
            has_default=is_filled and is_written,
            default=default,
            on_update=None if updater is None else updater[1],
            codec=self._codec(key, column),
            comment=column.comment,
        )

    def _type(self, key: ColumnKey, column: Column) -> PyType:
        if key in self._chosen:
            return self._chosen[key]
        try:
            return self._types.resolve(column.type, column.dimensions)
        except UnknownType as unknown:
            self.failures.append(TypeFailure(key.owner, key.column, unknown.name))
            return STR  # never seen: the failure stops the package

    def _codec(self, key: ColumnKey, column: Column) -> CodecPlan | None:
        chosen = self._chosen.get(key)
        try:
            codec = self._codecs.of(column.type, column.dimensions, chosen)
        except NotAList:
            self.not_lists.append(key)
            return None
        if chosen is not None and codec is not None and codec.kind is not CodecKind.CLASS:
            self.documents[key] = codec.type
        return codec

    def _application_default(self, key: ColumnKey, column: Column) -> PyType | None:
        """Return what makes the column's value in the application.

        A pattern with a wildcard means new ids: it leaves out foreign keys, whose values are those of other rows.
        """
        found = self._overrides.default(key)
        if found is None:
            return None
        pattern, default = found
        is_exact = not any(mark in pattern for mark in "*?[")
        if not is_exact and key in self._references:
            return None
        if default.module in MAKES_TEXT and not self._is_text(column.type):
            if is_exact:
                function = f"`{default.module}:{default.name}`"
                where = f"{key.owner}.{key.column}"
                misfit = DefaultMisfit(pattern=pattern, function=function, column=where, type=column.type.text)
                self.misfits.append(misfit)
            return None
        return default

    def _is_text(self, type: TypeRef) -> bool:
        base = ([domain.base for domain in self._domains_under(type)] or [type])[-1]
        return base.name.name in TEXT_LIKE and not base.is_array

    def _domains_under(self, type: TypeRef) -> list[DomainType]:
        """Return the domains that a type is made of, the outermost first."""
        domains: list[DomainType] = []
        base = type
        while not base.is_array and base.name in self._domains:
            domains.append(self._domains[base.name])
            base = domains[-1].base
        return domains


def _carried_along_keys(catalog: Catalog, overrides: Overrides) -> dict[ColumnKey, PyType]:
    """Return the types that the configuration gives to columns, and so to those that refer to them by a foreign key.

    Otherwise a join would compare two types.
    """
    chosen = {key: given for key, given in overrides.types.items() if isinstance(key, ColumnKey)}
    references = [
        (ColumnKey(constraint.relation, column), ColumnKey(constraint.referenced, referenced))
        for constraint in catalog.constraints
        if constraint.kind is ConstraintKind.FOREIGN_KEY and constraint.referenced is not None
        for column, referenced in zip(constraint.columns, constraint.referenced_columns, strict=True)
    ]
    is_settled = False
    while not is_settled:
        new = {key: chosen[to] for key, to in reversed(references) if to in chosen and key not in chosen}
        chosen |= new
        is_settled = not new
    return chosen
