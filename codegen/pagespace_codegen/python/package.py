"""The generated package as frozen values: every decision about names, types and relations is made, no text exists yet.

`db` is a name in the database's spelling, `py` the one in Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pagespace_codegen.catalog.model import QualifiedName
from pagespace_codegen.python.pytypes import PyType, TypeTable
from pagespace_codegen.python.resolution.codec_plans import CodecPlan, CodecPlanner


@dataclass(frozen=True, slots=True, kw_only=True)
class TableNames:
    """The names that a relation gives to its module."""

    table: str
    table_class: str
    row: str
    insert: str
    update: str

    def all(self, *, is_view: bool) -> tuple[str, ...]:
        """Return the names that are really defined."""
        written = () if is_view else (self.insert, self.update)
        return (self.table, self.table_class, self.row, *written)


class WriteRule(StrEnum):
    """Whether an insert names a column."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPlan:
    """A column of a table or view.

    Attributes:
        type: What it may be compared with; reading it may give None besides.
        pg_type: For a cast, without modifier.
        takes_none: Whether NULL may be written, which a domain can forbid for a column that reads as nullable.
        default: Makes the value in the application when an insert leaves it out.
        on_update: Makes the value in the application when an update leaves it out.
        codec: Makes objects of what psycopg reads; None for most.
    """

    db: str
    py: str
    pg_type: str
    type: PyType
    is_nullable: bool
    takes_none: bool
    write_rule: WriteRule
    has_default: bool
    default: PyType | None
    on_update: PyType | None
    codec: CodecPlan | None
    comment: str | None


class RelationKind(StrEnum):
    """How many rows a relation leads to; also the name of its class in the run time."""

    ONE = "One"
    OPT = "Opt"
    MANY = "Many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Junction:
    """The table between the two sides of a many-to-many relation, with its Python names of both foreign keys."""

    table: QualifiedName
    local: tuple[str, ...]
    remote: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationPlan:
    """A relation from one table to another. `local` and `remote` are the Python names of the columns that match."""

    py: str
    kind: RelationKind
    target: QualifiedName
    local: tuple[str, ...]
    remote: tuple[str, ...]
    through: Junction | None = None


class ConstraintClass(StrEnum):
    """What an upsert can do with a constraint; also the name of its class in the run time."""

    PLAIN = "Constraint"
    EXCLUSION = "ExclusionConstraint"
    UNIQUE = "UniqueConstraint"
    UNIQUE_INDEX = "UniqueIndex"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintPlan:
    """A constraint, or a unique index, of which `inference` is what follows ON CONFLICT."""

    db: str
    py: str
    kind: ConstraintClass
    inference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlan:
    """A table or view. `primary_key` holds Python names, in the order of the key.

    `constraints_name` is the attribute of the table object that holds the constraints.
    """

    db: QualifiedName
    names: TableNames
    is_view: bool
    columns: tuple[ColumnPlan, ...]
    primary_key: tuple[str, ...]
    relations: tuple[RelationPlan, ...]
    constraints: tuple[ConstraintPlan, ...]
    constraints_name: str
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumPlan:
    """An enum: a Literal of its labels, and a constant that lists them in order; or a StrEnum.

    `members` are the names of a StrEnum's members, in the order of the labels; none for a Literal.
    """

    db: QualifiedName
    py: str
    constant: str
    labels: tuple[str, ...]
    members: tuple[str, ...]
    comment: str | None

    def names(self) -> tuple[str, ...]:
        """Return the names that are defined in the package."""
        return (self.py,) if self.members else (self.py, self.constant)


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainPlan:
    """A domain: another name for the type it is based on."""

    db: QualifiedName
    py: str
    type: PyType
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPlan:
    """A field of a composite type, which may always be NULL."""

    db: str
    py: str
    type: PyType
    codec: CodecPlan | None
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositePlan:
    """A composite type: a dataclass."""

    db: QualifiedName
    py: str
    fields: tuple[FieldPlan, ...]
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryPlan:
    """The types that a connection must be told of, as `pagespace_db.types.TypeRegistry` has them."""

    texts: tuple[QualifiedName, ...]
    enums: tuple[tuple[QualifiedName, PyType], ...]
    domains: tuple[QualifiedName, ...]
    composites: tuple[tuple[QualifiedName, PyType], ...]
    codecs: tuple[tuple[QualifiedName, tuple[tuple[str, CodecPlan], ...]], ...]
    ranges: tuple[QualifiedName, ...]
    hstores: tuple[QualifiedName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModulePlan:
    """A module of tables."""

    name: str
    tables: tuple[TablePlan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagePlan:
    """The whole package.

    Attributes:
        types: The Python type of every type of the database, also of those that no column has.
        codecs: The codecs of them.
    """

    modules: tuple[ModulePlan, ...]
    enums: tuple[EnumPlan, ...]
    domains: tuple[DomainPlan, ...]
    composites: tuple[CompositePlan, ...]
    registry: RegistryPlan
    types: TypeTable
    codecs: CodecPlanner
