"""The generic plan of every query: what a connection settles on that has prepared it, whatever the values.

A scratch database is empty, so that its planner would read every table from end to end. It is told to avoid that, and
joins that do: what is then still read as a whole is what no index serves, which is true of a table of any size. On real
tables a plan may differ where there is a choice. Nothing is executed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from psycopg import Connection

from pagespace_codegen.catalog.model import QualifiedName
from pagespace_codegen.queries.report import DescribedQuery
from pagespace_codegen.queries.source.annotations import AnnotatedQuery
from pagespace_codegen.queries.variants import setting_text

# A join by hash or merge reads both of its sides; without them a table is read whole only if nothing leads into it.
_SETTINGS: Final[tuple[LiteralString, ...]] = (
    "SET LOCAL enable_seqscan = off",
    "SET LOCAL enable_hashjoin = off",
    "SET LOCAL enable_mergejoin = off",
    "SET LOCAL plan_cache_mode = force_generic_plan",
    "SET LOCAL max_parallel_workers_per_gather = 0",  # so that a plan is the same on every machine
)
_WITH_GENERIC_PLAN: Final = 160_000
_NAME: Final = "pagespace_explained"
_PASSES_ROWS_ON: Final = frozenset(
    {"Append", "Merge Append", "Nested Loop", "Result", "LockRows", "Subquery Scan", "ProjectSet"}
)
"""Nodes that ask for no more rows than they are asked for themselves."""

_PARTIAL: Final = """
SELECT c.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
WHERE i.indpred IS NOT NULL
"""
_PARENTS: Final = """
SELECT cn.nspname, c.relname, pn.nspname, p.relname FROM pg_catalog.pg_inherits i
JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
JOIN pg_catalog.pg_class p ON p.oid = i.inhparent JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
WHERE c.relkind IN ('r', 'p', 'f')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStatement:
    """The plan of a query, or of a variant of one.

    Attributes:
        query: The query.
        settings: What the variant has; empty without variants.
        lines: The plan, as EXPLAIN prints it.
        read_whole: The tables that it reads from end to end, sorted; of a partition also the tables it is one of.
    """

    query: AnnotatedQuery
    settings: str
    lines: tuple[str, ...]
    read_whole: tuple[QualifiedName, ...]


def plan_statements(connection: Connection[Any], described: Sequence[DescribedQuery]) -> tuple[PlannedStatement, ...]:
    """Return the plan of every statement that has one, in order. The connection has to be idle, in autocommit."""
    with connection.transaction(force_rollback=True):
        for setting in _SETTINGS:
            connection.execute(setting)
        partial = {name for (name,) in connection.execute(_PARTIAL)}
        parents: dict[QualifiedName, list[QualifiedName]] = {}
        for schema, name, parent_schema, parent in connection.execute(_PARENTS):
            parents.setdefault(QualifiedName(schema, name), []).append(QualifiedName(parent_schema, parent))
        return tuple(
            PlannedStatement(
                query=query,
                settings=settings,
                lines=_text_plan(connection, statement),
                read_whole=tuple(sorted(_with_parents(_read_whole(connection, statement, partial), parents), key=str)),
            )
            for query, settings, statement in _statements(described)
        )


def render_plans(plans: Sequence[PlannedStatement]) -> str:
    """Return the plans as text: a heading for each statement, and its plan below."""
    blocks: list[str] = []
    for plan in plans:
        heading = f"{plan.query.path.stem}.{plan.query.name}" + (f" ({plan.settings})" if plan.settings else "")
        blocks.append("".join(f"{line}\n" for line in (heading, *(f"  {line}" for line in plan.lines))))
    return "\n".join(blocks)


def _statements(described: Sequence[DescribedQuery]) -> Iterator[tuple[AnnotatedQuery, str, AnnotatedQuery]]:
    """Yield each query, what its variant has, and the variant as a query."""
    for entry in described:
        if entry.description.tree is None:
            continue  # a utility statement has no plan
        if not entry.variants:
            yield entry.query, "", entry.query
        for described_variant in entry.variants:
            variant = described_variant.variant
            yield entry.query, setting_text(entry.query, variant), variant.query


def _explain(connection: Connection[Any], statement: AnnotatedQuery, options: LiteralString) -> list[Any]:
    """Return the rows that EXPLAIN gives: lines of text, or one document."""
    if connection.info.server_version >= _WITH_GENERIC_PLAN:
        return _run(connection, f"EXPLAIN (GENERIC_PLAN, {options}) {statement.statement}")
    # The values are not looked at by the plan, but start-up may leave out partitions that NULL cannot be in.
    nulls = ", ".join(["NULL"] * len(statement.parameters))
    _run(connection, f"PREPARE {_NAME} AS {statement.statement}")
    rows = _run(connection, f"EXPLAIN ({options}) EXECUTE {_NAME}" + (f" ({nulls})" if nulls else ""))
    _run(connection, f"DEALLOCATE {_NAME}")
    return rows


def _run(connection: Connection[Any], command: str) -> list[Any]:
    """Run a command made of a statement that the server has prepared before, and that so is only one."""
    cursor = connection.execute(command.encode(), prepare=False)
    return [value for (value,) in cursor.fetchall()] if cursor.description else []


def _text_plan(connection: Connection[Any], statement: AnnotatedQuery) -> tuple[str, ...]:
    # PostgreSQL 18 marks a scan that was avoided in vain; that it is there says so already.
    lines = _explain(connection, statement, "COSTS OFF")
    return tuple(line for line in lines if line.strip() != "Disabled: true")


def _read_whole(connection: Connection[Any], statement: AnnotatedQuery, partial: set[str]) -> set[QualifiedName]:
    ((document,),) = _explain(connection, statement, "VERBOSE, COSTS OFF, FORMAT JSON")
    return set(_scans(document["Plan"], partial, is_limited=False))


def _scans(node: Mapping[str, Any], partial: set[str], *, is_limited: bool) -> Iterator[QualifiedName]:
    """Yield the tables that a node and those below it read from end to end.

    An index that is read without a condition is the table in another order, unless a LIMIT above ends that early, or
    the index holds only some rows by its own condition.
    """
    kind, children = node["Node Type"], node.get("Plans", ())
    match kind:
        case "Seq Scan":
            is_whole = not is_limited or "Filter" in node
        case "Bitmap Heap Scan":
            is_whole = any(_is_open(child, partial) for child in children)
        case "Index Scan" | "Index Only Scan":
            is_whole = not is_limited and _is_open(node, partial)
        case _:
            is_whole = False
    if is_whole:
        yield QualifiedName(node["Schema"], node["Relation Name"])
    limits_children = kind == "Limit" or (is_limited and kind in _PASSES_ROWS_ON)
    for child in children:
        yield from _scans(child, partial, is_limited=limits_children)


def _is_open(node: Mapping[str, Any], partial: set[str]) -> bool:
    """Return whether a node reads all of an index."""
    return "Index Name" in node and "Index Cond" not in node and node["Index Name"] not in partial


def _with_parents(
    names: set[QualifiedName], parents: Mapping[QualifiedName, Sequence[QualifiedName]]
) -> set[QualifiedName]:
    """Return tables with those that they are partitions or children of."""
    found: set[QualifiedName] = set()
    open_names = set(names)
    while open_names:
        name = open_names.pop()
        found.add(name)
        open_names |= set(parents.get(name, ())) - found
    return found
