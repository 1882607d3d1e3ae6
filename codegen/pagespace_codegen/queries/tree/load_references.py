"""Reading from the catalog what query trees refer to: relations with their constraints, functions, operators."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, LiteralString, TypeAlias

from psycopg import Connection

from pagespace_codegen.queries.tree.nodetree import Node, parse_node_tree, parse_queries
from pagespace_codegen.queries.tree.references import (
    Function,
    Operator,
    ReferencedColumn,
    References,
    Relation,
    UniqueKey,
)

_OID_FIELDS: Final = re.compile(r":(relid|funcid|opfuncid|aggfnoid|winfnoid|opno) (\d+)")

# A foreign table keeps no promise of its constraints, and from PostgreSQL 18 NOT NULL may be NOT VALID.
_COLUMNS: Final = """
WITH RECURSIVE tree(root, oid) AS (
  SELECT oid, oid FROM pg_catalog.unnest(%s::oid[]) AS root(oid)
  UNION
  SELECT tree.root, i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid
), not_null AS (
  SELECT tree.root, tree.oid, a.attname,
         a.attnotnull AND c.relkind <> 'f' AND NOT EXISTS (
           SELECT FROM pg_catalog.pg_constraint k
           WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND NOT k.convalidated AND k.conkey = ARRAY[a.attnum]
         ) AS is_not_null
  FROM tree
  JOIN pg_catalog.pg_class c ON c.oid = tree.oid
  JOIN pg_catalog.pg_attribute a ON a.attrelid = tree.oid AND a.attnum > 0 AND NOT a.attisdropped
)
SELECT a.attrelid, a.attnum, a.attname,
       bool_and(n.is_not_null), bool_and(n.is_not_null) FILTER (WHERE n.oid = n.root),
       a.attnotnull OR t.typnotnull,
       CASE WHEN a.attgenerated <> '' THEN (
         SELECT d.adbin::text FROM pg_catalog.pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum
       ) END
FROM not_null n
JOIN pg_catalog.pg_attribute a ON a.attrelid = n.root AND a.attname = n.attname AND a.attnum > 0
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
GROUP BY a.attrelid, a.attnum, a.attname, a.attnotnull, a.attgenerated, t.typnotnull
ORDER BY a.attrelid, a.attnum
"""

_RELATIONS: Final = """
SELECT c.oid, n.nspname, c.relname, c.relkind::text,
       EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type <> '1')
         OR EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND t.tgtype & 64 <> 0),
       EXISTS (
         WITH RECURSIVE tree(oid) AS (
           SELECT c.oid UNION SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid
         )
         SELECT FROM tree JOIN pg_catalog.pg_trigger t ON t.tgrelid = tree.oid WHERE t.tgtype & 7 = 7
       ),
       (SELECT r.ev_action::text FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type = '1')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = ANY (%s::oid[])
"""

# A constraint that a child does not have, or has not validated, says nothing about the parent's rows.
_CHECKS: Final = """
SELECT k.conrelid, k.conbin::text
FROM pg_catalog.pg_constraint k
WHERE k.conrelid = ANY (%s::oid[]) AND k.contype = 'c' AND k.convalidated
  AND NOT EXISTS (
    WITH RECURSIVE child(oid) AS (
      SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent = k.conrelid
      UNION
      SELECT i.inhrelid FROM child JOIN pg_catalog.pg_inherits i ON i.inhparent = child.oid
    )
    SELECT FROM child JOIN pg_catalog.pg_class c ON c.oid = child.oid
    LEFT JOIN pg_catalog.pg_constraint own ON own.conrelid = child.oid AND own.conname = k.conname
    WHERE c.relkind = 'f' OR own.convalidated IS NOT TRUE
  )
ORDER BY k.conrelid, k.conname
"""

# The unique index of a parent says nothing about its children, except for the partitions of a partitioned table.
_INDEXES: Final = """
SELECT i.indrelid, i.indnkeyatts, i.indkey::int2[],
       ARRAY(SELECT o.opcfamily FROM pg_catalog.unnest(i.indclass::oid[]) WITH ORDINALITY AS k(oid, place)
             JOIN pg_catalog.pg_opclass o ON o.oid = k.oid ORDER BY k.place),
       i.indisunique AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL, i.indcollation::oid[],
       c.relkind = 'p' OR NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid)
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
WHERE i.indrelid = ANY (%s::oid[]) AND i.indisvalid
ORDER BY i.indexrelid
"""

_FUNCTIONS: Final = """
SELECT p.oid, p.proname,
       CASE WHEN p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace AND p.oid < 16384 THEN p.proname || '(' || (
         SELECT coalesce(pg_catalog.string_agg(pg_catalog.format_type(a.type, NULL), ',' ORDER BY a.place), '')
         FROM pg_catalog.unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a(type, place)
       ) || ')' END,
       p.proisstrict, p.proretset, p.provolatile = 'v'
FROM pg_catalog.pg_proc p WHERE p.oid = ANY (%s::oid[])
"""

_OPERATORS: Final = """
SELECT o.oid, o.oprname, o.oid < 16384,
       ARRAY(SELECT f.amopfamily FROM pg_catalog.pg_amop f
             WHERE f.amopopr = o.oid AND f.amopmethod = 403 AND f.amopstrategy = 3 AND f.amoppurpose = 's')
FROM pg_catalog.pg_operator o WHERE o.oid = ANY (%s::oid[])
"""


def load_references(connection: Connection[Any], trees: Iterable[str], relations: Iterable[int] = ()) -> References:
    """Return what the catalog says of everything that these trees name, and the views, checks and defaults below them.

    `trees` are texts of type pg_node_tree; `relations` are further relations of interest. One round trip for each
    level of views.
    """
    loader = _Loader(connection)
    wanted = _Oids(relations=set(relations))
    wanted.add_from(trees)
    seen = _Oids()
    while new := wanted.without(seen):
        seen.include(new)
        wanted.add_from(loader.load(new))
    return References(relations=loader.relations, functions=loader.functions, operators=loader.operators)


@dataclass(slots=True)
class _Oids:
    """The oids of objects, by their catalogs."""

    relations: set[int] = field(default_factory=set[int])
    functions: set[int] = field(default_factory=set[int])
    operators: set[int] = field(default_factory=set[int])

    def __bool__(self) -> bool:
        return bool(self.relations or self.functions or self.operators)

    def add_from(self, trees: Iterable[str]) -> None:
        for tree in trees:
            for name, oid in set(_OID_FIELDS.findall(tree)):
                {"relid": self.relations, "opno": self.operators}.get(name, self.functions).add(int(oid))

    def include(self, other: _Oids) -> None:
        self.relations |= other.relations
        self.functions |= other.functions
        self.operators |= other.operators

    def without(self, other: _Oids) -> _Oids:
        return _Oids(
            relations=self.relations - other.relations - {0},
            functions=self.functions - other.functions - {0},
            operators=self.operators - other.operators - {0},
        )


class _Loader:
    """Reads objects by their oids, and collects them."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self.relations: dict[int, Relation] = {}
        self.functions: dict[int, Function] = {}
        self.operators: dict[int, Operator] = {}

    def load(self, oids: _Oids) -> list[str]:
        """Read these objects in one round trip, and return the trees that come with them."""
        questions: dict[LiteralString, set[int]] = {
            _RELATIONS: oids.relations,
            _COLUMNS: oids.relations,
            _CHECKS: oids.relations,
            _INDEXES: oids.relations,
            _FUNCTIONS: oids.functions,
            _OPERATORS: oids.operators,
        }
        with self._connection.pipeline():
            cursors = [self._connection.execute(sql, [sorted(asked)]) for sql, asked in questions.items()]
        relations, columns, checks, indexes, functions, operators = (cursor.fetchall() for cursor in cursors)
        for oid, name, signature, is_strict, returns_set, is_volatile in functions:
            self.functions[oid] = Function(
                name=name,
                signature=signature,
                is_strict=is_strict,
                returns_set=returns_set,
                is_volatile=is_volatile,
            )
        for oid, name, is_built_in, families in operators:
            self.operators[oid] = Operator(
                name=name, is_built_in=is_built_in, equality_families=frozenset(map(int, families))
            )
        self._add_relations(relations, columns, checks, indexes)
        definitions = [row[-1] for row in relations]
        return [text for text in (*definitions, *(row[-1] for row in columns), *(row[-1] for row in checks)) if text]

    def _add_relations(self, relations: _Rows, columns: _Rows, checks: _Rows, indexes: _Rows) -> None:
        columns_of = defaultdict[int, dict[int, ReferencedColumn]](dict)
        for oid, number, name, is_not_null, is_not_null_here, rejects_null, generated in columns:
            columns_of[oid][number] = ReferencedColumn(
                name=name,
                is_not_null=is_not_null,
                is_not_null_here=is_not_null_here,
                rejects_null=rejects_null,
                generated=_expression(generated),
            )
        checks_of = defaultdict[int, list[Node]](list)
        for oid, text in checks:
            checks_of[oid].extend(filter(None, [_expression(text)]))
        keys_of = defaultdict[int, list[UniqueKey]](list)
        indexed_of = defaultdict[int, set[int]](set)
        for oid, count, numbers, families, is_key, collations, covers_children in indexes:
            indexed_of[oid].add(numbers[0])
            if is_key:
                key = UniqueKey(
                    columns=tuple(numbers[:count]),
                    families=tuple(map(int, families[:count])),
                    collations=tuple(map(int, collations[:count])),
                    covers_children=covers_children,
                )
                keys_of[oid].append(key)
        for oid, schema, name, kind, rewrites_writes, may_skip_inserts, definition in relations:
            queries = parse_queries(definition) if definition and kind in {"v", "m"} else ()
            self.relations[oid] = Relation(
                oid=oid,
                schema=schema,
                name=name,
                kind=kind,
                columns=columns_of[oid],
                checks=tuple(checks_of[oid]),
                unique_keys=tuple(keys_of[oid]),
                indexed=frozenset(indexed_of[oid]),
                definition=queries[0] if queries else None,
                rewrites_writes=rewrites_writes,
                may_skip_inserts=may_skip_inserts,
            )


_Rows: TypeAlias = list[tuple[Any, ...]]


def _expression(text: str | None) -> Node | None:
    value = parse_node_tree(text)[0] if text else None
    return value if isinstance(value, Node) else None
