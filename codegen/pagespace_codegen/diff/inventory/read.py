"""Database -> inventory: one read-only snapshot, one SQL file for each kind of object.

The names and expressions are deparsed by the server under `search_path = pg_catalog`, so that each has its schema.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from psycopg import Connection, IsolationLevel

from pagespace_codegen.diff.inventory.families import families
from pagespace_codegen.diff.inventory.model import Address, Dependency, Facts, Inventory, Json, Key, Object
from pagespace_db.migrate.state import DEFAULT_TABLE

_SESSION: Final = """
SELECT set_config(name, value, true) FROM (VALUES
    ('search_path', 'pg_catalog'),
    ('quote_all_identifiers', 'off'),
    ('DateStyle', 'ISO, YMD'),
    ('IntervalStyle', 'postgres'),
    ('extra_float_digits', '1'),
    ('TimeZone', 'UTC'),
    ('xmloption', 'content'),
    ('jit', 'off')
) AS settings (name, value)
"""

# It is the ownership that needs the column: a sequence can be let go before the column does.
_OWNED: Final = ("sequence", "column")
# A domain itself needs types, never what is computed: pg_depend does not tell its default from it.
_BY_DEFAULT: Final = frozenset({("domain", "aggregate"), ("domain", "function"), ("domain", "sequence")})
_BODY_WORD: Final = re.compile(r'"((?:[^"]|"")+)"|([^\x00-@\[-^`{-\x7f][\w$]*)')


def read_inventory(connection: Connection[Any], *, version_table: str = DEFAULT_TABLE) -> Inventory:
    """Return the inventory of the database that `connection` is connected to, without the runner's own tables.

    The connection must be outside of a transaction, and is left outside of one. The runner's are `version_table`, which
    is `table` (of any schema) or `schema.table`, and the two tables beside it.
    """
    version = connection.info.server_version
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    try:
        with connection.transaction(), connection.pipeline():
            connection.execute(_SESSION)
            present = {str(row[0]) for row in connection.execute(_load_query("present")).fetchall()}
            cursors = [connection.execute(_load_query(family)) for family in families(present, version)]
            comments = connection.execute(_load_query("comments"))
            privileges = connection.execute(_load_query("privileges"))
            aliases = connection.execute(_load_query("aliases"))
            dependencies = connection.execute(_load_query("dependencies"))
            unsupported = connection.execute(_load_query("unsupported"))
            casts = connection.execute(_load_query("type_casts"))
            reading = _Reading(aliases.fetchall(), dependencies.fetchall(), version_table)
            for cursor in cursors:
                reading.add(sorted((_Row(*row) for row in cursor.fetchall()), key=lambda row: (row.oid, row.sub)))
            reading.add_comments(comments.fetchall())
            reading.add_privileges(privileges.fetchall())
            return reading.finish(version, unsupported.fetchall(), casts.fetchall())
    finally:
        connection.isolation_level = None
        connection.read_only = None


@cache
def _load_query(family: str) -> bytes:
    return (files("pagespace_codegen.diff.inventory") / "sql" / f"{family}.sql").read_bytes()


class _Row(NamedTuple):
    """A row of one of the SQL files."""

    class_oid: int
    oid: int
    sub: int
    kind: str
    name: str
    parent_kind: str | None
    parent: str | None
    target: str
    facts: Mapping[str, Json]


class _Reading:
    """Puts rows together: whose part something is, and which object a dependency means."""

    def __init__(
        self, aliases: Iterable[tuple[Any, ...]], dependencies: Iterable[tuple[Any, ...]], version_table: str
    ) -> None:
        self._version_schema, self._version_tables = _version_tables(version_table)
        self._version_schemas: set[Key] = set()
        edges = [(Address(*row[:3]), Address(*row[3:6]), str(row[6])) for row in dependencies]
        self._aliases = {Address(*row[:3]): Address(*row[3:6]) for row in aliases}
        self._edges = [(dependent, on) for dependent, on, kind in edges if kind != "e"]
        self._members = {dependent: on for dependent, on, kind in edges if kind == "e"}
        self._objects: dict[Key, Object] = {}
        self._keys: dict[Address, Key] = {}

    def add(self, rows: Iterable[_Row]) -> None:
        """Add objects, whose parents are there already; members of extensions and our own tables are left out."""
        for row in rows:
            parent = None if row.parent is None else Key(str(row.parent_kind), row.parent)
            address = Address(row.class_oid, row.oid, row.sub)
            is_orphan = parent is not None and parent not in self._objects
            if is_orphan or self._is_member(address):
                continue
            if self._is_version_table(row):
                self._version_schemas.add(Key("schema", str(row.facts["schema"])))
                continue
            self._insert(Key(row.kind, row.name), parent, row.target, row.facts, address)
            if row.class_oid:
                self._keys[address] = Key(row.kind, row.name)

    def _is_version_table(self, row: _Row) -> bool:
        if row.kind != "table" or _unquoted(row.facts["name"]) not in self._version_tables:
            return False
        return self._version_schema is None or _unquoted(row.facts["schema"]) == self._version_schema

    def add_comments(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add the comments on objects that are there."""
        for class_oid, oid, sub, text, part in rows:
            address = Address(class_oid, oid, sub)
            owner = None if self._is_member(address) else self._find(address)
            if owner is not None:
                target = part or self._objects[owner].target
                self._insert(Key("comment", target), owner, target, {"text": text}, address)

    def add_privileges(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add the privileges on objects that are there."""
        for class_oid, oid, sub, kind, on, columns, granted, by_default in rows:
            address = Address(class_oid, oid, sub)
            owner = None if self._is_member(address) else self._find(address)
            if owner is not None:
                facts = {"type": kind, "on": on, "columns": columns, "granted": granted, "by_default": by_default}
                self._insert(Key("privileges", on + columns), owner, on, facts, address)

    def finish(
        self, version: int, unsupported: Iterable[tuple[Any, ...]], casts: Iterable[tuple[Any, ...]]
    ) -> Inventory:
        """Return the inventory."""
        edges: set[Dependency] = set()
        for dependent, on in self._edges:
            pair = self._find(dependent), self._find(on)
            if pair[0] is None or pair[1] is None or pair[0] == pair[1] or (pair[0].kind, pair[1].kind) == _OWNED:
                continue
            edges.add(Dependency(self._part(pair[0], pair[1]), pair[1]))
        for item in self._objects.values():
            if item.parent is not None:
                edges.discard(Dependency(item.parent, item.key))
                edges.add(Dependency(item.key, item.parent))
            edges.update(_unrecorded(item))
            edges.update(self._place_of_comment(item))
        names = {what for what, class_oid, oid in unsupported if not self._is_member(Address(class_oid, oid, 0))}
        kept = frozenset(edge for edge in edges if edge.dependent in self._objects and edge.on in self._objects)
        used = {edge.on for edge in kept if self._objects[edge.dependent].parent != edge.on}
        return Inventory(
            server_version=version,
            objects=tuple(self._objects.values()),
            dependencies=kept,
            unsupported=tuple(sorted(names)),
            casts={(source, target): is_assigned for source, target, is_assigned in casts},
            runner_schemas=frozenset(self._version_schemas - used),
        )

    def _place_of_comment(self, item: Object) -> Iterable[Dependency]:
        """Yield the partition on whose part of an object of its table a comment is, and what makes it a partition."""
        table = Key("table", item.name.rpartition(" ON ")[2])
        if item.kind != "comment" or table not in self._objects or item.parent is None or item.parent == table:
            return
        if self._objects[item.parent].parent != table:
            yield Dependency(item.key, table)
            for attachment in self._objects.values():
                if attachment.kind == "attachment" and attachment.parent == table:
                    yield Dependency(item.key, attachment.key)

    def _insert(self, key: Key, parent: Key | None, target: str, facts: Mapping[str, Json], address: Address) -> None:
        self._objects[key] = Object(key=key, parent=parent, target=target, facts=Facts(facts), address=address)

    def _is_member(self, address: Address) -> bool:
        """Tell whether an extension brought something, or the thing that it is a part of."""
        return any(part in self._members for part in self._chain(address))

    def _find(self, address: Address) -> Key | None:
        """Return the object that an address means: itself, the whole that it is a part of, or an extension."""
        for part in self._chain(address):
            if part in self._keys:
                return self._keys[part]
            if part in self._members:
                return self._keys.get(self._members[part])
        return None

    def _part(self, dependent: Key, on: Key) -> Key:
        """Return the default of a domain in place of the domain, if it is what depends on something."""
        default = Key("default", dependent.name)
        return default if (dependent.kind, on.kind) in _BY_DEFAULT and default in self._objects else dependent

    def _chain(self, address: Address) -> Iterable[Address]:
        """Yield an address, and what it is a part of, from the inside out."""
        seen: set[Address] = set()
        while address not in seen:
            yield address
            seen.add(address)
            if address in self._aliases:
                address = self._aliases[address]
            elif address.sub and address.class_oid:
                address = address._replace(sub=0)


def _unrecorded(item: Object) -> Iterable[Dependency]:
    """Yield what pg_depend does not say of things that are no objects to it."""
    if item.kind == "attachment":
        yield Dependency(item.key, Key("table", item.facts.text("of")))
    elif item.kind == "sequence owner":
        yield Dependency(item.key, Key("column", item.facts.text("column")))
    elif item.kind in {"partition index", "partition trigger"}:
        kind, name = item.facts.texts("of")
        yield Dependency(item.key, Key(kind, name))


def _version_tables(table: str) -> tuple[str | None, frozenset[str]]:
    """Return the schema of the runner's tables, None when it is not given, and their names."""
    schema, _, name = table.rpartition(".")
    return schema or None, frozenset({name, f"{name}_journal", f"{name}_meta"})


def _unquoted(name: Json) -> str:
    text = str(name)
    return text[1:-1].replace('""', '"') if text.startswith('"') else text


def mentioned_names(item: Object) -> frozenset[str]:
    """Return the words of a function's body that is text to the server: what it might use, for ordering only."""
    body = item.facts.optional("body")
    if body is None:
        return frozenset()
    return frozenset(
        match[1].replace('""', '"') if match[1] else match[2].lower() for match in _BODY_WORD.finditer(body)
    )


def grouped_by_name(objects: Iterable[Object]) -> dict[str, list[Object]]:
    """Return objects that a body can name, by their name without schema and quotes."""
    found: dict[str, list[Object]] = defaultdict(list)
    for item in objects:
        if item.kind in {"table", "view", "materialized view", "sequence", "function", "enum", "domain", "composite"}:
            found[item.facts.text("name").strip('"').replace('""', '"')].append(item)
    return found
