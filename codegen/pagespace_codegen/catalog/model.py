"""The catalog of a database as frozen values: what PostgreSQL says that a schema means.

Nothing here does I/O or knows Python's names. Values hold names, never oids, so that the catalogs of two databases
compare with `==`; kinds are kept apart, each in a tuple that is sorted by name. Text that the server deparsed
(defaults, definitions) is comparable between databases of one server only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SYSTEM_SCHEMAS: Final = frozenset({"pg_catalog", "information_schema", "pg_toast"})


@dataclass(frozen=True, slots=True, order=True)
class QualifiedName:
    """The name of an object in its schema, in the database's spelling."""

    schema: str
    name: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRef:
    """A type where it is used: of a column, of a field of a composite, under a domain.

    Attributes:
        name: The type; of an array, the type of its elements.
        is_array: Whether it is an array of `name`. PostgreSQL's array types have any number of dimensions.
        text: The type as `format_type` prints it with `search_path = pg_catalog`, with its modifier: `varchar(80)`.
        text_unmodified: The same without its modifier, fit for a cast that neither truncates nor pads.
    """

    name: QualifiedName
    is_array: bool
    text: str
    text_unmodified: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A namespace."""

    name: str
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """An installed extension."""

    name: str
    schema: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumType:
    """An enum, with its labels in their order.

    `extension` is the extension that owns the type, here and in the other kinds of types, or None.
    """

    name: QualifiedName
    labels: tuple[str, ...]
    comment: str | None
    extension: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainType:
    """A domain: a base type (which may be a domain again) with constraints."""

    name: QualifiedName
    base: TypeRef
    dimensions: int
    is_not_null: bool
    default: str | None
    checks: tuple[str, ...]
    comment: str | None
    extension: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositeField:
    """A field of a composite type; it can always be NULL."""

    name: str
    type: TypeRef
    dimensions: int
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositeType:
    """A type made by `CREATE TYPE ... AS (...)`; the row types of relations are not repeated here."""

    name: QualifiedName
    fields: tuple[CompositeField, ...]
    comment: str | None
    extension: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeType:
    """A range type made by a user or an extension, with the multirange that comes with it."""

    name: QualifiedName
    multirange: QualifiedName
    subtype: TypeRef
    comment: str | None
    extension: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseType:
    """A scalar type written in C, which only an extension can bring."""

    name: QualifiedName
    comment: str | None
    extension: str | None


class RelationKind(StrEnum):
    """What a relation is."""

    TABLE = "table"
    PARTITIONED_TABLE = "partitioned table"
    FOREIGN_TABLE = "foreign table"
    VIEW = "view"
    MATERIALIZED_VIEW = "materialized view"


VIEWS: Final = frozenset({RelationKind.VIEW, RelationKind.MATERIALIZED_VIEW})
"""The kinds of relations that are defined by a query."""


class Identity(StrEnum):
    """How an identity column takes values that a statement gives."""

    ALWAYS = "always"
    BY_DEFAULT = "by default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a relation.

    Attributes:
        dimensions: How many dimensions the declaration wrote; PostgreSQL does not enforce it. 0 in views.
        is_not_null: `attnotnull`; in views False, until `describe_views` finds that it can never be NULL.
        default: The expression of the server's default, also when it comes with a serial; None when there is none.
        generation: The expression of a generated column.
    """

    name: str
    type: TypeRef
    dimensions: int
    is_not_null: bool
    default: str | None
    generation: str | None
    identity: Identity | None
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Something that can be selected from. Partitions are left out: they are read through their parent."""

    name: QualifiedName
    kind: RelationKind
    columns: tuple[Column, ...]
    comment: str | None
    inherits: tuple[QualifiedName, ...]


class ConstraintKind(StrEnum):
    """What a constraint of a table demands."""

    CHECK = "check"
    EXCLUSION = "exclusion"
    FOREIGN_KEY = "foreign key"
    PRIMARY_KEY = "primary key"
    UNIQUE = "unique"


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A constraint of a table. `referenced` and `referenced_columns` are those of a foreign key."""

    name: str
    relation: QualifiedName
    kind: ConstraintKind
    columns: tuple[str, ...]
    referenced: QualifiedName | None
    referenced_columns: tuple[str, ...]
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index.

    Attributes:
        columns: Its key columns in order; None in the place of an expression.
        is_partial: Whether it has a WHERE clause.
        constraint: The constraint that it stands behind, or None.
        inference: What follows ON CONFLICT to find a unique index: its keys in brackets, and its predicate.
    """

    name: QualifiedName
    relation: QualifiedName
    columns: tuple[str | None, ...]
    is_unique: bool
    is_partial: bool
    constraint: str | None
    inference: str
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Everything read from one database in one snapshot."""

    server_version: int
    schemas: tuple[Schema, ...]
    extensions: tuple[Extension, ...]
    enums: tuple[EnumType, ...]
    domains: tuple[DomainType, ...]
    composites: tuple[CompositeType, ...]
    ranges: tuple[RangeType, ...]
    base_types: tuple[BaseType, ...]
    relations: tuple[Relation, ...]
    constraints: tuple[Constraint, ...]
    indexes: tuple[Index, ...]

    def user_types(self) -> Iterator[EnumType | DomainType | CompositeType | RangeType | BaseType]:
        """Yield the types of every kind."""
        yield from self.enums
        yield from self.domains
        yield from self.composites
        yield from self.ranges
        yield from self.base_types
