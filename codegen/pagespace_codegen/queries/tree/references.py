"""What the catalog says of the relations, functions, operators and types that query trees name by their oids.

The values here are frozen and complete; reading them from a server is the business of `load_references`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pagespace_codegen.queries.tree.nodetree import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencedColumn:
    """A column of a table or view.

    Attributes:
        name: Its name.
        is_not_null: Whether a validated NOT NULL holds here and in all inheritance children.
        is_not_null_here: Whether it holds for the rows of the table itself (`FROM ONLY`).
        rejects_null: Whether writing NULL is an error, by NOT NULL or by the domain of the column.
        generated: The expression of a generated column.
    """

    name: str
    is_not_null: bool
    is_not_null_here: bool
    rejects_null: bool
    generated: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueKey:
    """The columns of a unique index that holds for all rows at all times.

    Attributes:
        columns: Their numbers.
        families: The operator family of each.
        collations: The collation of each, or 0.
        covers_children: Whether it holds for the rows of inheritance children too, if there are any.
    """

    columns: tuple[int, ...]
    families: tuple[int, ...]
    collations: tuple[int, ...]
    covers_children: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A table, view or materialized view.

    Attributes:
        oid: Its oid.
        schema: The name of its schema.
        name: Its name.
        kind: `pg_class.relkind`.
        columns: Its columns by number; dropped ones are missing.
        checks: The conditions of its validated CHECK constraints.
        unique_keys: Its unique keys.
        indexed: The columns that some index begins with.
        definition: The query of a view or materialized view.
        rewrites_writes: Whether rules or INSTEAD OF triggers stand between a write and the stored row.
        may_skip_inserts: Whether a trigger decides if a row is inserted.
    """

    oid: int
    schema: str
    name: str
    kind: str
    columns: Mapping[int, ReferencedColumn]
    checks: tuple[Node, ...] = ()
    unique_keys: tuple[UniqueKey, ...] = ()
    indexed: frozenset[int] = frozenset()
    definition: Node | None = None
    rewrites_writes: bool = False
    may_skip_inserts: bool = False

    @property
    def is_view(self) -> bool:
        """Whether the rows come from a query, now or at the last refresh."""
        return self.kind in {"v", "m"}

    @property
    def stores_rows(self) -> bool:
        """Whether this server keeps the rows, and so enforces the constraints; it does not for a foreign table."""
        return self.kind in {"r", "p"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function or aggregate.

    Attributes:
        name: Its name.
        signature: `name(type,type)` when it belongs to PostgreSQL itself, else None.
        is_strict: Whether it is not called, and gives NULL, when an argument is NULL.
        returns_set: Whether it returns a set of rows.
        is_volatile: Whether two calls with the same arguments may differ in one statement.
    """

    name: str
    signature: str | None
    is_strict: bool
    returns_set: bool
    is_volatile: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """An operator: its name, and the B-tree operator families in which it means equality."""

    name: str
    is_built_in: bool
    equality_families: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """Everything that a set of trees refers to, by oid."""

    relations: Mapping[int, Relation] = field(default_factory=dict[int, Relation])
    functions: Mapping[int, Function] = field(default_factory=dict[int, Function])
    operators: Mapping[int, Operator] = field(default_factory=dict[int, Operator])

    def function(self, oid: int) -> Function | None:
        """Return a function, or None when it is not known."""
        return self.functions.get(oid)

    def relation(self, oid: int) -> Relation | None:
        """Return a relation, or None when it is not known."""
        return self.relations.get(oid)

    def operator(self, oid: int) -> Operator | None:
        """Return an operator, or None when it is not known."""
        return self.operators.get(oid)
