"""What `[tool.pagespace_db]` says about single objects: keys such as `users`, `users.email`, `auth.users`, `jsonb`.

A key that names nothing, or several things, is a finding at its line of pyproject.toml.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import permutations
from pathlib import Path
from typing import Final

from pagespace_codegen.catalog.model import Catalog, ConstraintKind, QualifiedName
from pagespace_codegen.python.naming import is_valid_override
from pagespace_codegen.python.pytypes import SPELLINGS, PyType
from pagespace_codegen.python.resolution.application import application_folders, find_module
from pagespace_codegen.python.resolution.type_references import FORM, modules_of, parse_type
from pagespace_db.errors import Finding, nearest
from pagespace_db.location import Location
from pagespace_db.settings import PYPROJECT, Project

_REFERENCE: Final = re.compile(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*):([^\W\d]\w*)")
HOME_SCHEMA: Final = "public"


@dataclass(frozen=True, slots=True)
class ObjectKey:
    """A relation or a type."""

    name: QualifiedName


@dataclass(frozen=True, slots=True)
class ColumnKey:
    """A column of a relation, or a field of a composite type."""

    owner: QualifiedName
    column: str


@dataclass(frozen=True, slots=True)
class RelationKey:
    """A relation that follows from a foreign key, by the name of its constraint.

    `direction` is "" for the one from the table that holds the key (which may be written "forward"), "reverse" for the
    one back to it, and
    "through.<other constraint>" for the one from the referenced table, through this one, to what the other references.
    """

    table: QualifiedName
    constraint: str
    direction: str = ""


Key = ObjectKey | ColumnKey | RelationKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """The configuration, by the object that it speaks of.

    Attributes:
        names: The Python name of a column, type or relation.
        table_names: The Python names of a table: of its table object and of its row class; either may be None.
        types: The Python type of a column or of a PostgreSQL type.
        defaults: Patterns of columns, each with what makes the value on insert.
        on_updates: The same for update.
        findings: What is wrong with the configuration.
    """

    names: Mapping[Key, str]
    table_names: Mapping[QualifiedName, tuple[str | None, str | None]]
    types: Mapping[Key, PyType]
    defaults: tuple[tuple[str, PyType], ...]
    on_updates: tuple[tuple[str, PyType], ...]
    findings: tuple[Finding, ...]

    def default(self, column: ColumnKey) -> tuple[str, PyType] | None:
        """Return the first pattern that `column` matches, and what makes its value on insert."""
        return _matching(self.defaults, column)

    def on_update(self, column: ColumnKey) -> tuple[str, PyType] | None:
        """Return the first pattern that `column` matches, and what makes its value on update."""
        return _matching(self.on_updates, column)


def load_overrides(project: Project, catalog: Catalog) -> Overrides:
    """Return the overrides of a project, checked against the catalog."""
    return _Reader(project, catalog).read()


def matches_table(pattern: str, name: QualifiedName) -> bool:
    """Whether a pattern such as `page*` or `auth.*` means the table; without a schema it means those of public."""
    plain = name.schema == HOME_SCHEMA and fnmatchcase(name.name, pattern)
    return plain or fnmatchcase(str(name), pattern)


def config_location(project: Project, table: str, key: str) -> Location:
    """Return the line of pyproject.toml where `key` of `[tool.pagespace_db.<table>]` stands, for a finding."""
    path = project.root / PYPROJECT
    text = path.read_text(encoding="utf-8")
    header = re.search(rf"^\[tool\.pagespace_db\.{table}\]", text, re.MULTILINE)
    start = header.end() if header else 0
    found = re.compile(rf"^[ \t]*[\"']?({re.escape(key)})[\"']?[ \t]*=", re.MULTILINE).search(text, start)
    offset = found.start(1) if found else header.start() if header else 0
    return Location.in_text(Path(PYPROJECT), text, offset, length=len(key) if found else 1)


def _matching(patterns: Iterable[tuple[str, PyType]], column: ColumnKey) -> tuple[str, PyType] | None:
    for pattern, reference in patterns:
        name = f"{column.owner.name}.{column.column}"
        if fnmatchcase(name, pattern) or fnmatchcase(f"{column.owner.schema}.{name}", pattern):
            return pattern, reference
    return None


class _Reader:
    def __init__(self, project: Project, catalog: Catalog) -> None:
        self._project = project
        self._findings: list[Finding] = []
        self._keys = _known_keys(catalog)
        self._relations = {relation.name for relation in catalog.relations}
        self._folders = application_folders(project)

    def read(self) -> Overrides:
        names: dict[Key, str] = {}
        table_names: dict[QualifiedName, tuple[str | None, str | None]] = {}
        for text, value in self._project.names.items():
            key = self._key("names", text)
            if isinstance(key, ObjectKey) and key.name in self._relations:
                parts = self._table_names(text, value)
                if parts is not None:
                    table_names[key.name] = parts
            elif key is not None and self._is_name("names", text, value):
                names[key] = value
        types = {
            key: chosen
            for text, value in self._project.types.items()
            if (key := self._key("types", text)) is not None
            if (chosen := self._type(text, value)) is not None
        }
        return Overrides(
            names=names,
            table_names=table_names,
            types=types,
            defaults=self._patterns("defaults", self._project.defaults),
            on_updates=self._patterns("on_update", self._project.on_update),
            findings=tuple(self._findings),
        )

    def _key(self, table: str, text: str) -> Key | None:
        found = [key for key in self._keys.get(text, ()) if self._may_be_named_in(table, key)]
        # A constraint may be called like a column: then its relation is `table.constraint.forward`.
        found = [key for key in found if isinstance(key, ColumnKey)] or found
        if len(found) == 1:
            return found[0]
        if found:
            meanings = sorted({_described(key) for key in found})
            self._find(table, text, f"`{text}` may mean {' or '.join(meanings)}", "write it with its schema")
            return None
        guess = nearest(text, self._keys)
        self._find(
            table,
            text,
            f"`{text}` is not a table, a column, a relation or a type of the schema",
            f"did you mean `{guess}`?" if guess else None,
        )
        return None

    def _may_be_named_in(self, table: str, key: Key) -> bool:
        """Whether `key` can be meant: `date` is a type in [types], but a table that is called so in [names]."""
        if not isinstance(key, ObjectKey):
            return table == "names" or isinstance(key, ColumnKey)
        return key.name.schema != "pg_catalog" if table == "names" else key.name not in self._relations

    def _table_names(self, text: str, value: str) -> tuple[str | None, str | None] | None:
        table, separator, row = value.partition(":")
        parts = [part for part in (table, row) if part] if separator else [value]
        if not all(self._is_name("names", text, part) for part in parts):
            return None
        if separator:
            return table or None, row or None
        return (None, value) if value[0].isupper() else (value, None)

    def _is_name(self, table: str, text: str, value: str) -> bool:
        if is_valid_override(value):
            return True
        self._find(
            table,
            text,
            f"`{value}` cannot be a name in the generated code",
            "it must be an identifier of Python, no keyword, and not begin with an underscore",
        )
        return False

    def _type(self, text: str, value: str) -> PyType | None:
        found = parse_type(value)
        if found is None:
            self._find("types", text, f"`{value}` is not of the form `package.module:Name`", FORM)
            return None
        return found if all(self._is_defined("types", text, *name) for name in modules_of(found)) else None

    def _is_defined(self, table: str, text: str, module_name: str, name: str) -> bool:
        """Tell whether a module has what is wanted of it, as far as that can be known."""
        module = find_module(module_name, self._folders)
        if module is None or not module.lacks(name):
            return True
        guess = nearest(name, module.names)
        self._find(
            table, text, f"`{module_name}` does not define `{name}`", f"did you mean `{guess}`?" if guess else None
        )
        return False

    def _reference(self, table: str, text: str, value: str) -> PyType | None:
        match = _REFERENCE.fullmatch(value)
        if match:
            return PyType(match[1], match[2]) if self._is_defined(table, text, match[1], match[2]) else None
        self._find(table, text, f"`{value}` is not of the form `package.module:Name`", None)
        return None

    def _patterns(self, table: str, patterns: Mapping[str, str]) -> tuple[tuple[str, PyType], ...]:
        return tuple(
            (text, reference)
            for text, value in patterns.items()
            if (reference := self._reference(table, text, value)) is not None
        )

    def _find(self, table: str, key: str, message: str, help: str | None) -> None:
        location = config_location(self._project, table, key)
        self._findings.append(Finding(message=message, location=location, code="configuration", help=help))


def _described(key: Key) -> str:
    match key:
        case ObjectKey(name):
            return str(name)
        case ColumnKey(owner, column):
            return f"the column `{column}` of {owner}"
        case RelationKey(owner, constraint):
            return f"the foreign key `{constraint}` of {owner}"


def _known_keys(catalog: Catalog) -> dict[str, list[Key]]:
    """Return every text that may stand for an object, with what it may mean."""
    keys: defaultdict[str, list[Key]] = defaultdict(list)

    def add(name: QualifiedName, key: Key, rest: str = "") -> None:
        keys[f"{name}{rest}"].append(key)
        if name.schema != HOME_SCHEMA and name.name in home:
            return  # without a schema it means the one in public
        keys[f"{name.name}{rest}"].append(key)

    home = {relation.name.name for relation in catalog.relations if relation.name.schema == HOME_SCHEMA}
    for relation in catalog.relations:
        add(relation.name, ObjectKey(relation.name))
        for column in relation.columns:
            add(relation.name, ColumnKey(relation.name, column.name), f".{column.name}")
    foreign_keys: defaultdict[QualifiedName, list[str]] = defaultdict(list)
    for constraint in catalog.constraints:
        if constraint.kind is ConstraintKind.FOREIGN_KEY:
            foreign_keys[constraint.relation].append(constraint.name)
    for table, constraints in foreign_keys.items():
        for name in constraints:
            add(table, RelationKey(table, name), f".{name}")
            add(table, RelationKey(table, name), f".{name}.forward")
            add(table, RelationKey(table, name, "reverse"), f".{name}.reverse")
        for near, far in permutations(constraints, 2):
            add(table, RelationKey(table, near, f"through.{far}"), f".{near}.through.{far}")
    for composite in catalog.composites:
        for field in composite.fields:
            add(composite.name, ColumnKey(composite.name, field.name), f".{field.name}")
    for user_type in catalog.user_types():
        add(user_type.name, ObjectKey(user_type.name))
    for spelling, name in SPELLINGS.items():
        keys[spelling].append(ObjectKey(QualifiedName("pg_catalog", name)))
    return dict(keys)
