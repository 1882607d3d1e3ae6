"""What a module of annotated queries is made of: decided names, types and row classes; no text of Python yet."""

from __future__ import annotations

from dataclasses import dataclass

from pagespace_codegen.python.pytypes import PyType
from pagespace_codegen.python.resolution.codec_plans import CodecPlan
from pagespace_codegen.queries.source.annotations import Command
from pagespace_codegen.queries.source.switches import Setting
from pagespace_db.errors import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterPlan:
    """A parameter of a generated function.

    Attributes:
        py: Its name.
        type: The type of its values.
        pg_type: Its PostgreSQL type, with the schema unless that is PostgreSQL's own.
        codec: How its values are written, unless psycopg knows.
        is_optional: Whether it may be left out, and a part of the statement with it.
    """

    py: str
    type: PyType
    pg_type: str
    codec: CodecPlan | None = None
    is_optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPlan:
    """What a caller decides: by giving some parameters, by a flag, or by a choice.

    Attributes:
        parameters: The parameters that are given together; none for a flag or a choice.
        py: The name of the flag or the choice.
        labels: What there is to choose, the default first.
    """

    parameters: tuple[ParameterPlan, ...] = ()
    py: str = ""
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantPlan:
    """A statement for one setting of each switch; `picks` are the parameters that it has, by their places."""

    settings: tuple[Setting, ...]
    sql: str
    picks: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOfRow:
    """A field of a row: a value, or the row of a table made of several values.

    Attributes:
        start: The first of its values.
        end: Past the last of its values; one more may follow that tells whether the row is there.
        row: The class of an inner row; None for a value.
        presence: The value that tells whether an inner row that may be absent is there; None when it always is.
        presence_is_flag: Whether that value is true when it is absent; else it is None then.
    """

    py: str
    type: PyType
    start: int
    end: int
    row: PyType | None = None
    presence: int | None = None
    presence_is_flag: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCodec:
    """The codec of a value of a result row: its place, its name for errors, and the codec."""

    place: int
    label: str
    codec: CodecPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlan:
    """A row class of the module."""

    py: str
    fields: tuple[FieldOfRow, ...]
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPlan:
    """What a COPY writes: the schema and name of a table, and its columns with the parameters for them."""

    relation: tuple[str, str]
    columns: tuple[str, ...]
    parameters: tuple[ParameterPlan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPlan:
    """A generated function.

    Attributes:
        command: What it does; of a batch, what each run of it does.
        values_class: The TypedDict of a set of parameters, of which the function takes many; None if it takes one.
        copy: What is written by a COPY in the place of the statement.
        result: The type of one row; None for a command that gives none.
        fields: What a row is made of; a single one that is not a class of its own is the row itself.
        row_class: The class of a row when that is an object of all its fields; None for a single value or inner row.
        switches: What a caller decides.
        variants: A statement for each decision; `sql` is the first of them. None without switches.
        codecs: What is decoded before a row is made.
    """

    py: str
    command: Command
    sql: str
    parameters: tuple[ParameterPlan, ...]
    result: PyType | None
    fields: tuple[FieldOfRow, ...]
    row_class: PyType | None
    codecs: tuple[ValueCodec, ...]
    doc: str
    source: str
    values_class: str | None = None
    copy: CopyPlan | None = None
    switches: tuple[SwitchPlan, ...] = ()
    variants: tuple[VariantPlan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryModulePlan:
    """The functions of one file of queries."""

    name: str
    source: str
    rows: tuple[RowPlan, ...]
    queries: tuple[QueryPlan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPlans:
    """The modules of all files, and what stands in the way of some."""

    modules: tuple[QueryModulePlan, ...]
    findings: tuple[Finding, ...]
