"""The only table of types: which Python type a value of each PostgreSQL type is read as, and written from.

What is said here is what psycopg loads, with the types of `pagespace_db.types` registered on the connection. A type
that is neither in the table, nor made of types that are, nor overridden in the configuration is a finding: it never
becomes `Any` or `str` silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pagespace_codegen.catalog.model import QualifiedName, TypeRef


@dataclass(frozen=True, slots=True)
class PyType:
    """A Python type as it will be written in an annotation.

    Attributes:
        module: Where its name is imported from; a leading dot means the generated package.
        name: Its name there.
        arguments: Its type arguments.
        is_optional: Whether `| None` follows.
    """

    module: str
    name: str
    arguments: tuple[PyType, ...] = ()
    is_optional: bool = False

    def optional(self) -> PyType:
        """Return this type or None."""
        return PyType(self.module, self.name, self.arguments, is_optional=True)


class UnknownType(LookupError):
    """No Python type is known for a PostgreSQL type."""

    def __init__(self, name: QualifiedName) -> None:
        super().__init__(str(name))
        self.name = name


ANY: Final = PyType("typing", "Any")
BOOL: Final = PyType("builtins", "bool")
BYTES: Final = PyType("builtins", "bytes")
FLOAT: Final = PyType("builtins", "float")
INT: Final = PyType("builtins", "int")
STR: Final = PyType("builtins", "str")
DATE: Final = PyType("datetime", "date")
DATETIME: Final = PyType("datetime", "datetime")
DECIMAL: Final = PyType("decimal", "Decimal")
CIDR: Final = PyType("pagespace_db.types", "Cidr")
INET: Final = PyType("pagespace_db.types", "Inet")

_BUILT_IN: Final[Mapping[str, PyType]] = {
    "bit": STR,
    "bool": BOOL,
    "box": STR,
    "bpchar": STR,
    "bytea": BYTES,
    "char": STR,
    "cid": STR,
    "cidr": CIDR,
    "circle": STR,
    "date": DATE,
    "float4": FLOAT,
    "float8": FLOAT,
    "gtsvector": STR,
    "inet": INET,
    "int2": INT,
    "int2vector": STR,
    "int4": INT,
    "int8": INT,
    "interval": PyType("datetime", "timedelta"),
    "json": ANY,
    "jsonb": ANY,
    "jsonpath": STR,
    "line": STR,
    "lseg": STR,
    "macaddr": STR,
    "macaddr8": STR,
    "money": STR,
    "name": STR,
    "numeric": DECIMAL,
    "oid": INT,
    "oidvector": STR,
    "path": STR,
    "pg_lsn": STR,
    "pg_snapshot": STR,
    "point": STR,
    "polygon": STR,
    "refcursor": STR,
    "regclass": STR,
    "regcollation": STR,
    "regconfig": STR,
    "regdictionary": STR,
    "regnamespace": STR,
    "regoper": STR,
    "regoperator": STR,
    "regproc": STR,
    "regprocedure": STR,
    "regrole": STR,
    "regtype": STR,
    "text": STR,
    "tid": STR,
    "time": PyType("datetime", "time"),
    "timestamp": DATETIME,
    "timestamptz": DATETIME,
    "timetz": PyType("datetime", "time"),
    "tsquery": STR,
    "tsvector": STR,
    "txid_snapshot": STR,
    "uuid": PyType("uuid", "UUID"),
    "varbit": STR,
    "varchar": STR,
    "xid": STR,
    "xid8": STR,
    "xml": STR,
}
_RANGES: Final[Mapping[str, PyType]] = {
    "date": DATE,
    "int4": INT,
    "int8": INT,
    "num": DECIMAL,
    "ts": DATETIME,
    "tstz": DATETIME,
}
VECTOR: Final = PyType("builtins", "list", (FLOAT,))
_EXTENSIONS: Final[Mapping[tuple[str, str], PyType]] = {
    ("citext", "citext"): STR,
    ("cube", "cube"): STR,
    ("hstore", "hstore"): PyType("builtins", "dict", (STR, STR.optional())),
    ("intarray", "query_int"): STR,
    ("isn", "ean13"): STR,
    ("isn", "isbn"): STR,
    ("isn", "isbn13"): STR,
    ("isn", "ismn"): STR,
    ("isn", "ismn13"): STR,
    ("isn", "issn"): STR,
    ("isn", "issn13"): STR,
    ("isn", "upc"): STR,
    ("lo", "lo"): INT,
    ("ltree", "lquery"): STR,
    ("ltree", "ltree"): STR,
    ("ltree", "ltxtquery"): STR,
    ("pg_trgm", "gtrgm"): STR,
    ("seg", "seg"): STR,
    ("vector", "halfvec"): VECTOR,
    ("vector", "sparsevec"): STR,
    ("vector", "vector"): VECTOR,
}

SPELLINGS: Final[Mapping[str, str]] = {
    **{name: name for name in _BUILT_IN},
    **{f"{name}range": f"{name}range" for name in _RANGES},
    **{f"{name}multirange": f"{name}multirange" for name in _RANGES},
    "bigint": "int8",
    "bit varying": "varbit",
    "boolean": "bool",
    "character": "bpchar",
    "character varying": "varchar",
    "decimal": "numeric",
    "double precision": "float8",
    "integer": "int4",
    "real": "float4",
    "smallint": "int2",
    "time with time zone": "timetz",
    "time without time zone": "time",
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
}
"""What the types of pg_catalog may be called in the configuration, and their names there."""

MAKES_TEXT: Final = frozenset({"pagespace_db.ids"})
"""Modules whose functions make text; what others make is for the type checkers to see in the generated code."""

TEXT_LIKE: Final = frozenset({"bpchar", "citext", "name", "text", "varchar"})
"""Names of the types of text, of pg_catalog and of citext."""


def range_of(subtype: PyType) -> PyType:
    """Return the type of a range over `subtype`."""
    return PyType("pagespace_db.types", "Range", (subtype,))


def multirange_of(subtype: PyType) -> PyType:
    """Return the type of a multirange over `subtype`."""
    return PyType("pagespace_db.types", "Multirange", (subtype,))


def list_of(element: PyType, dimensions: int = 1) -> PyType:
    """Return the type of an array; one that was declared with several dimensions is a list of lists."""
    for _ in range(max(1, dimensions)):
        element = PyType("builtins", "list", (element,))
    return element


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeTable:
    """The Python types of one catalog: built in, from extensions, and made by the user.

    Attributes:
        own: The types that the generated package defines, or that the configuration overrides.
        extensions: Which extension owns a type.
    """

    own: Mapping[QualifiedName, PyType]
    extensions: Mapping[QualifiedName, str]

    def resolve(self, type: TypeRef, dimensions: int = 0) -> PyType:
        """Return the Python type of `type`.

        Errors: UnknownType.
        """
        scalar = self.scalar(type.name)
        return list_of(scalar, dimensions) if type.is_array else scalar

    def scalar(self, name: QualifiedName) -> PyType:
        """Return the Python type of a type that is not an array.

        Errors: UnknownType.
        """
        if name in self.own:
            return self.own[name]
        found = natural_type(name, self.extensions.get(name))
        if found is None:
            raise UnknownType(name)
        return found


def natural_type(name: QualifiedName, extension: str | None) -> PyType | None:
    """Return what psycopg reads the values of a type as that no schema made, or None when that is not known."""
    if name.schema == "pg_catalog":
        return built_in(name.name)
    return _EXTENSIONS.get((extension or "", name.name))


def built_in(name: str) -> PyType | None:
    """Return the Python type of a type of pg_catalog, or None."""
    if name.endswith("multirange"):
        subtype = _RANGES.get(name.removesuffix("multirange"))
        return subtype and multirange_of(subtype)
    if name.endswith("range"):
        subtype = _RANGES.get(name.removesuffix("range"))
        return subtype and range_of(subtype)
    return _BUILT_IN.get(name)
