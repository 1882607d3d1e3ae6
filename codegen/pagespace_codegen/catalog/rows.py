"""Rows of the catalog queries -> values of the model. Parameters are named as the columns of sql/<family>.sql are."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from pagespace_codegen.catalog.model import (
    BaseType,
    Column,
    CompositeField,
    CompositeType,
    Constraint,
    ConstraintKind,
    DomainType,
    EnumType,
    Extension,
    Identity,
    Index,
    QualifiedName,
    RangeType,
    Relation,
    RelationKind,
    Schema,
    TypeRef,
)

_RELATION_KINDS: Final = {
    "r": RelationKind.TABLE,
    "p": RelationKind.PARTITIONED_TABLE,
    "f": RelationKind.FOREIGN_TABLE,
    "v": RelationKind.VIEW,
    "m": RelationKind.MATERIALIZED_VIEW,
}
_CONSTRAINT_KINDS: Final = {
    "c": ConstraintKind.CHECK,
    "f": ConstraintKind.FOREIGN_KEY,
    "p": ConstraintKind.PRIMARY_KEY,
    "u": ConstraintKind.UNIQUE,
    "x": ConstraintKind.EXCLUSION,
}
_IDENTITIES: Final = {"": None, "a": Identity.ALWAYS, "d": Identity.BY_DEFAULT}


def make_schema(*, name: str, comment: str | None) -> Schema:
    """Return a schema from a row of schemas.sql."""
    return Schema(name=name, comment=comment)


def make_extension(*, name: str, schema: str, version: str) -> Extension:
    """Return an extension from a row of extensions.sql."""
    return Extension(name=name, schema=schema, version=version)


def make_enum(*, schema: str, name: str, labels: list[str], comment: str | None, extension: str | None) -> EnumType:
    """Return an enum from a row of enums.sql."""
    return EnumType(name=QualifiedName(schema, name), labels=tuple(labels), comment=comment, extension=extension)


def _type(schema: str, name: str, is_array: bool, text: str, text_unmodified: str) -> TypeRef:
    return TypeRef(name=QualifiedName(schema, name), is_array=is_array, text=text, text_unmodified=text_unmodified)


def make_domain(
    *,
    schema: str,
    name: str,
    type_schema: str,
    type_name: str,
    is_array: bool,
    text: str,
    text_unmodified: str,
    dimensions: int,
    is_not_null: bool,
    default: str | None,
    checks: list[str],
    comment: str | None,
    extension: str | None,
) -> DomainType:
    """Return a domain from a row of domains.sql."""
    return DomainType(
        name=QualifiedName(schema, name),
        base=_type(type_schema, type_name, is_array, text, text_unmodified),
        dimensions=dimensions,
        is_not_null=is_not_null,
        default=default,
        checks=tuple(checks),
        comment=comment,
        extension=extension,
    )


def make_composite_field(
    *,
    schema: str,
    name: str,
    comment: str | None,
    extension: str | None,
    field: str | None,
    type_schema: str,
    type_name: str,
    is_array: bool,
    text: str,
    text_unmodified: str,
    dimensions: int,
    field_comment: str | None,
) -> tuple[CompositeType, CompositeField | None]:
    """Return a composite type without its fields, and one of its fields, from a row of composites.sql."""
    owner = CompositeType(name=QualifiedName(schema, name), fields=(), comment=comment, extension=extension)
    if field is None:
        return owner, None
    return owner, CompositeField(
        name=field,
        type=_type(type_schema, type_name, is_array, text, text_unmodified),
        dimensions=dimensions,
        comment=field_comment,
    )


def assemble_composites(rows: Iterable[tuple[CompositeType, CompositeField | None]]) -> tuple[CompositeType, ...]:
    """Return the composite types with their fields, from the rows of composites.sql."""
    return tuple(
        CompositeType(
            name=owner.name,
            fields=tuple(field for _, field in group if field is not None),
            comment=owner.comment,
            extension=owner.extension,
        )
        for owner, group in groupby(rows, key=lambda row: row[0])
    )


def make_range(
    *,
    schema: str,
    name: str,
    multirange_schema: str,
    multirange: str,
    type_schema: str,
    type_name: str,
    is_array: bool,
    text: str,
    comment: str | None,
    extension: str | None,
) -> RangeType:
    """Return a range from a row of ranges.sql."""
    return RangeType(
        name=QualifiedName(schema, name),
        multirange=QualifiedName(multirange_schema, multirange),
        subtype=_type(type_schema, type_name, is_array, text, text),
        comment=comment,
        extension=extension,
    )


def make_base_type(*, schema: str, name: str, comment: str | None, extension: str | None) -> BaseType:
    """Return a base type from a row of base_types.sql."""
    return BaseType(name=QualifiedName(schema, name), comment=comment, extension=extension)


def make_relation(
    *, schema: str, name: str, kind: str, comment: str | None, parent_schemas: list[str], parents: list[str]
) -> Relation:
    """Return a relation without its columns from a row of relations.sql."""
    return Relation(
        name=QualifiedName(schema, name),
        kind=_RELATION_KINDS[kind],
        columns=(),
        comment=comment,
        inherits=tuple(map(QualifiedName, parent_schemas, parents)),
    )


def make_column(
    *,
    schema: str,
    relation: str,
    name: str,
    type_schema: str,
    type_name: str,
    is_array: bool,
    text: str,
    text_unmodified: str,
    dimensions: int,
    is_not_null: bool,
    expression: str | None,
    identity: str,
    generated: str,
    comment: str | None,
) -> tuple[QualifiedName, Column]:
    """Return the name of a relation and one of its columns from a row of columns.sql."""
    return QualifiedName(schema, relation), Column(
        name=name,
        type=_type(type_schema, type_name, is_array, text, text_unmodified),
        dimensions=dimensions,
        is_not_null=is_not_null,
        default=None if generated else expression,
        generation=expression if generated else None,
        identity=_IDENTITIES[identity],
        comment=comment,
    )


def assemble_relations(
    relations: Iterable[Relation], columns: Iterable[tuple[QualifiedName, Column]]
) -> tuple[Relation, ...]:
    """Return `relations` with their columns."""
    of_relation: dict[QualifiedName, list[Column]] = {}
    for name, column in columns:
        of_relation.setdefault(name, []).append(column)
    return tuple(
        Relation(
            name=relation.name,
            kind=relation.kind,
            columns=tuple(of_relation.get(relation.name, ())),
            comment=relation.comment,
            inherits=relation.inherits,
        )
        for relation in relations
    )


def make_constraint(
    *,
    schema: str,
    relation: str,
    name: str,
    kind: str,
    columns: list[str],
    referenced_schema: str | None,
    referenced: str | None,
    referenced_columns: list[str],
    definition: str,
) -> Constraint:
    """Return a constraint from a row of constraints.sql."""
    return Constraint(
        name=name,
        relation=QualifiedName(schema, relation),
        kind=_CONSTRAINT_KINDS[kind],
        columns=tuple(columns),
        referenced=None
        if referenced_schema is None or referenced is None
        else QualifiedName(referenced_schema, referenced),
        referenced_columns=tuple(referenced_columns),
        definition=definition,
    )


def make_index(
    *,
    schema: str,
    name: str,
    relation_schema: str,
    relation: str,
    columns: list[str | None],
    is_unique: bool,
    is_partial: bool,
    constraint: str | None,
    keys: list[str],
    predicate: str | None,
    definition: str,
) -> Index:
    """Return an index from a row of indexes.sql."""
    return Index(
        name=QualifiedName(schema, name),
        relation=QualifiedName(relation_schema, relation),
        columns=tuple(columns),
        is_unique=is_unique,
        is_partial=is_partial,
        constraint=constraint,
        inference=f"({', '.join(keys)})" + (f" WHERE {predicate}" if predicate else ""),
        definition=definition,
    )
