"""Types that a connection must be told of, and names for the Python types of PostgreSQL's own.

PostgreSQL gives enums, domains, composites and ranges an oid of their own in each database. A generated package lists
those of its schema in a `TypeRegistry`; the client resolves the registries of all imported packages once for each
database (`RESOLVE_QUERY`), and registers what it found on every connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Any, Final, LiteralString, TypeAlias, TypeVar

from psycopg.abc import AdaptContext
from psycopg.pq import Format
from psycopg.types import TypeInfo
from psycopg.types.composite import CompositeInfo, register_composite
from psycopg.types.enum import EnumInfo, register_enum
from psycopg.types.hstore import register_hstore
from psycopg.types.multirange import Multirange, MultirangeInfo, register_multirange
from psycopg.types.range import Range, RangeInfo, register_range
from psycopg.types.string import TextBinaryLoader, TextLoader

from pagespace_db.codecs import Codec
from pagespace_db.codecs.composites import composite_converters

C = TypeVar("C")

__all__ = [
    "RESOLVE_QUERY",
    "Cidr",
    "Inet",
    "Multirange",
    "Range",
    "TypeName",
    "TypeRegistry",
    "install_types",
    "installed_types",
    "register_types",
]

Inet: TypeAlias = IPv4Address | IPv6Address | IPv4Interface | IPv6Interface
"""A value of `inet`: an address, or an interface when it carries a netmask."""

Cidr: TypeAlias = IPv4Network | IPv6Network
"""A value of `cidr`."""

TypeName: TypeAlias = tuple[str, str]
"""The schema and the name of a type, in the database's spelling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRegistry:
    """The types of a schema whose values need to be told how they are read.

    Attributes:
        texts: Read as str: enums, and types of extensions that psycopg does not know.
        enums: Enums that are read as members of a class.
        domains: Read as the type they are based on.
        composites: Read as the dataclass, whose fields have the order of the type's.
        codecs: What the configuration makes of fields of composites, by the names of the dataclass's.
        ranges: Read as Range, and their multiranges as Multirange.
        hstores: Read as dict.
    """

    texts: tuple[TypeName, ...] = ()
    enums: tuple[tuple[TypeName, type[StrEnum]], ...] = ()
    domains: tuple[TypeName, ...] = ()
    composites: tuple[tuple[TypeName, type[Any]], ...] = ()
    codecs: tuple[tuple[TypeName, tuple[tuple[str, Codec | None], ...]], ...] = ()
    ranges: tuple[TypeName, ...] = ()
    hstores: tuple[TypeName, ...] = ()

    def __or__(self, other: TypeRegistry) -> TypeRegistry:
        """Return the types of both."""
        return TypeRegistry(
            texts=_union(self.texts, other.texts),
            enums=_union(self.enums, other.enums),
            domains=_union(self.domains, other.domains),
            composites=_union(self.composites, other.composites),
            codecs=_union(self.codecs, other.codecs),
            ranges=_union(self.ranges, other.ranges),
            hstores=_union(self.hstores, other.hstores),
        )

    def parameters(self) -> tuple[list[str], list[str]]:
        """Return the parameters of RESOLVE_QUERY."""
        classes = (name for name, _ in (*self.enums, *self.composites))
        names = (*self.texts, *classes, *self.domains, *self.ranges, *self.hstores)
        return [schema for schema, _ in names], [name for _, name in names]


RESOLVE_QUERY: Final[LiteralString] = """
    SELECT n.nspname, t.typname, t.oid::int8, t.typarray::int8, t.typbasetype::int8,
           r.rngsubtype::int8, r.rngmultitypid::int8, m.typarray::int8, m.typname,
           ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                 WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
           ARRAY(SELECT a.atttypid::int8 FROM pg_catalog.pg_attribute a
                 WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
           ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)
    FROM unnest(%s::text[], %s::text[]) AS wanted (schema, name)
    JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema
    JOIN pg_catalog.pg_type t ON t.typnamespace = n.oid AND t.typname = wanted.name
    LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
    LEFT JOIN pg_catalog.pg_type m ON m.oid = r.rngmultitypid
"""
"""Looks the types of a registry up in a database; `register_types` takes its rows."""

_installed = TypeRegistry()


def install_types(registry: TypeRegistry) -> TypeRegistry:
    """Add the types of a generated package to those that every new connection is told of; return `registry`."""
    global _installed  # noqa: PLW0603  # packages are imported, and so installed, once for each process
    _installed |= registry
    return registry


def installed_types() -> TypeRegistry:
    """Return the types of all generated packages that were imported so far."""
    return _installed


def register_types(registry: TypeRegistry, rows: Iterable[Sequence[Any]], context: AdaptContext) -> None:
    """Register the types of `registry` on a connection or an AdaptersMap, from the rows of RESOLVE_QUERY.

    Types that the database does not have are left out: a statement that names one fails on its own. When packages for
    several databases have a type of the same name, each database gets the class that fits it.
    """
    found = {(str(row[0]), str(row[1])): _Found(*row[2:]) for row in rows}
    for name in registry.texts:
        if name in found:
            _register_text(name, found[name], context)
    for name, enum_class in _fitting(registry.enums, found, _has_labels).items():
        if name not in registry.texts or _has_labels(enum_class, found[name]):
            _register_enum(name, found[name], enum_class, context)
    for name in registry.hstores:
        if name in found:
            register_hstore(TypeInfo(name[1], found[name].oid, found[name].array_oid), context)
    for name in registry.ranges:
        if name in found:
            _register_range(name, found[name], context)
    codecs = {name: dict(of_fields) for name, of_fields in registry.codecs}
    for name, row_class in _fitting(registry.composites, found, _has_fields).items():
        _register_composite(name, found[name], row_class, codecs.get(name, {}), context)
    domains = {found[name].oid: (name, found[name]) for name in registry.domains if name in found}
    bases = {oid: domain.base_oid for oid, (_, domain) in domains.items()}
    for name, domain in domains.values():
        _register_domain(name, domain, bases, context)


@dataclass(frozen=True, slots=True)
class _Found:
    """A type in a database; 0 and None stand for what a type of its kind does not have."""

    oid: int
    array_oid: int
    base_oid: int
    subtype_oid: int | None
    multirange_oid: int | None
    multirange_array_oid: int | None
    multirange_name: str | None
    field_names: list[str]
    field_types: list[int]
    labels: list[str]


def _fitting(
    classes: Iterable[tuple[TypeName, type[C]]],
    found: Mapping[TypeName, _Found],
    fits: Callable[[type[C], _Found], bool],
) -> dict[TypeName, type[C]]:
    """Return the class for each type that is there: the last one that fits, else the last one there is."""
    chosen: dict[TypeName, type[C]] = {}
    for name, made_class in classes:
        if name in found and (
            name not in chosen or fits(made_class, found[name]) or not fits(chosen[name], found[name])
        ):
            chosen[name] = made_class
    return chosen


def _has_labels(enum_class: type[StrEnum], type: _Found) -> bool:
    return {member.value for member in enum_class}.issuperset(type.labels)


def _has_fields(row_class: type[Any], type: _Found) -> bool:
    return len(fields(row_class)) == len(type.field_names)


def _register_text(name: TypeName, type: _Found, context: AdaptContext) -> None:
    TypeInfo(name[1], type.oid, type.array_oid).register(context)
    context.adapters.register_loader(type.oid, TextLoader)
    context.adapters.register_loader(type.oid, TextBinaryLoader)


def _register_enum(name: TypeName, type: _Found, enum_class: type[StrEnum], context: AdaptContext) -> None:
    members = list(enum_class)
    info = EnumInfo(name[1], type.oid, type.array_oid, [member.value for member in members])
    register_enum(info, context, enum_class, mapping={member: member.value for member in members})


def _register_range(name: TypeName, type: _Found, context: AdaptContext) -> None:
    subtype_oid = type.subtype_oid or 0
    register_range(RangeInfo(name[1], type.oid, type.array_oid, subtype_oid=subtype_oid), context)
    multirange = MultirangeInfo(
        type.multirange_name or "",
        type.multirange_oid or 0,
        type.multirange_array_oid or 0,
        range_oid=type.oid,
        subtype_oid=subtype_oid,
    )
    register_multirange(multirange, context)


def _register_composite(
    name: TypeName, type: _Found, row_class: type[Any], codecs: Mapping[str, Codec | None], context: AdaptContext
) -> None:
    info = CompositeInfo(name[1], type.oid, type.array_oid, field_names=type.field_names, field_types=type.field_types)
    named = {field: codec.named(f"{name[1]}.{field}") for field, codec in codecs.items() if codec is not None}
    make_object, make_sequence = composite_converters(row_class, type.field_types, named)
    register_composite(info, context, row_class, make_object=make_object, make_sequence=make_sequence)


def _register_domain(name: TypeName, type: _Found, bases: Mapping[int, int], context: AdaptContext) -> None:
    """Read a domain as its base; a result says the base type itself, but arrays and composites say the domain."""
    TypeInfo(name[1], type.oid, type.array_oid).register(context)
    base = type.base_oid
    while base in bases:
        base = bases[base]
    for wire_format in (Format.TEXT, Format.BINARY):
        loader = context.adapters.get_loader(base, wire_format)
        if loader is not None:
            context.adapters.register_loader(type.oid, loader)


def _union(ours: tuple[Any, ...], others: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*ours, *others)))
