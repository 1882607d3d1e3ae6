"""Which columns and results get a codec: those that the configuration gives a type which is not what psycopg reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pagespace_codegen.catalog.model import Catalog, DomainType, QualifiedName, TypeRef
from pagespace_codegen.python.imports import ImportScope
from pagespace_codegen.python.pytypes import STR, VECTOR, PyType, natural_type

_CODECS: Final = "pagespace_db.codecs"
_JSON: Final = {QualifiedName("pg_catalog", "json"), QualifiedName("pg_catalog", "jsonb")}
_DOCUMENT: Final = PyType("builtins", "object")


class CodecKind(StrEnum):
    """How values become objects: as documents of json or jsonb, by a call of the class, as vectors of pgvector."""

    JSON = "json"
    JSONB = "jsonb"
    CLASS = "class"
    VECTOR = "vector"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodecPlan:
    """A codec. `type` is that of an element when there are `dimensions` of arrays around it."""

    kind: CodecKind
    type: PyType
    dimensions: int

    def spelled(self, scope: ImportScope) -> str:
        """Return the expression that makes the codec."""
        match self.kind:
            case CodecKind.JSON:
                made = f"{scope.use(_CODECS, 'json_codec')}({scope.annotation(self.type)}, is_binary=False)"
            case CodecKind.JSONB:
                made = f"{scope.use(_CODECS, 'json_codec')}({scope.annotation(self.type)})"
            case CodecKind.CLASS:
                made = f"{scope.use(_CODECS, 'class_codec')}({scope.annotation(self.type)})"
            case CodecKind.VECTOR:
                made = f"{scope.use(_CODECS, 'vector_codec')}()"
        if not self.dimensions:
            return made
        dimensions = f", {self.dimensions}" if self.dimensions > 1 else ""
        return f"{scope.use(_CODECS, 'array_codec')}({made}{dimensions})"


class NotAList(ValueError):
    """An array of documents is given a type that does not say what its elements are."""


@dataclass(frozen=True, slots=True)
class _Base:
    """What a type is once its domains are taken off, and the first of its names that the configuration overrides."""

    name: QualifiedName
    dimensions: int
    overridden: PyType | None
    is_domain: bool


class CodecPlanner:
    """Plans the codecs of one catalog; `overrides` are the Python types that the configuration gives to types."""

    def __init__(self, catalog: Catalog, overrides: Mapping[QualifiedName, PyType]) -> None:
        self._domains: dict[QualifiedName, DomainType] = {domain.name: domain for domain in catalog.domains}
        self._extensions = {base.name: base.extension for base in catalog.base_types}
        # Composite types, rows and ranges are read as their own classes, which take no single value.
        self._made_of_parts = {
            *(composite.name for composite in catalog.composites),
            *(relation.name for relation in catalog.relations),
            *(name for made in catalog.ranges for name in (made.name, made.multirange)),
        }
        self._overrides = overrides

    def of_type(self, type: TypeRef, dimensions: int = 0) -> CodecPlan | None:
        """Return the codec of values of a type, as far as the configuration speaks of that type.

        A domain over documents has one in any case, as psycopg would not know how to write them, and so has an array of
        several dimensions, whose inner lists could be documents.
        """
        base = self._base(type, dimensions)
        if base.overridden is not None:
            return self._codec(base, base.overridden)
        if self._is_vector(base):
            return self._codec(base, VECTOR)
        needs_one = base.is_domain or base.dimensions > 1
        return self._codec(base, _DOCUMENT) if needs_one and base.name in _JSON else None

    def of(self, type: TypeRef, dimensions: int, chosen: PyType | None) -> CodecPlan | None:
        """Return the codec of a column or field, which the configuration may give a type of its own.

        Errors: NotAList.
        """
        return self.of_type(type, dimensions) if chosen is None else self.of_column(type, dimensions, chosen)

    def of_column(self, type: TypeRef, dimensions: int, python_type: PyType) -> CodecPlan | None:
        """Return the codec of a column that the configuration gives a type of its own.

        Errors: NotAList.
        """
        base = self._base(type, dimensions)
        element = python_type
        for _ in range(base.dimensions):
            if element.name != "list" or len(element.arguments) != 1:
                if base.name in _JSON:
                    raise NotAList
                return None
            element = element.arguments[0]
        return self._codec(base, element)

    def _codec(self, base: _Base, python_type: PyType) -> CodecPlan | None:
        if base.name in _JSON:
            return CodecPlan(kind=CodecKind(base.name.name), type=python_type, dimensions=base.dimensions)
        if self._is_vector(base) and python_type == VECTOR:
            return CodecPlan(kind=CodecKind.VECTOR, type=VECTOR, dimensions=base.dimensions)
        natural = natural_type(base.name, self._extensions.get(base.name)) or STR
        if base.name in self._made_of_parts or python_type == natural:
            return None
        return CodecPlan(kind=CodecKind.CLASS, type=python_type, dimensions=base.dimensions)

    def _is_vector(self, base: _Base) -> bool:
        return natural_type(base.name, self._extensions.get(base.name)) == VECTOR

    def _base(self, type: TypeRef, dimensions: int) -> _Base:
        name, found = type.name, self._overrides.get(type.name)
        depth = max(1, dimensions) if type.is_array else 0
        is_domain = name in self._domains
        while name in self._domains:
            domain = self._domains[name]
            depth += max(1, domain.dimensions) if domain.base.is_array else 0
            name = domain.base.name
            found = found or self._overrides.get(name)
        return _Base(name, depth, found, is_domain)
