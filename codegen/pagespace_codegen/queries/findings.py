"""What is worth saying of a query that the server accepts: mistakes that it has no opinion on.

Each rule yields findings with a code; `-- allow: code` in the annotation of a query takes them back. A tree knows
what a query means but, from PostgreSQL 17, not where: places are looked up among the words of the text, and where that
is in doubt the finding points at the name of the query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pagespace_codegen.queries.analysis import Description
from pagespace_codegen.queries.annotations import AnnotatedQuery, Command
from pagespace_codegen.queries.copies import copy_flaw
from pagespace_codegen.queries.enums import Command as StatementKind
from pagespace_codegen.queries.enums import EntryKind, Sublink
from pagespace_codegen.queries.nodetree import Node
from pagespace_codegen.queries.nullability.expressions import expression_verdict
from pagespace_codegen.queries.nullability.level import Analysis, Level, levels
from pagespace_codegen.queries.references import References
from pagespace_db.errors import Finding, Severity, nearest
from pagespace_db.location import Location
from pagespace_db.sqltext import TokenKind, tokens

_IMPLICIT_CAST: Final = 2  # COERCE_IMPLICIT_CAST
_WIDTHS: Final = {21: "smallint", 23: "integer", 20: "bigint"}
_SINGLE: Final = frozenset({Command.ONE, Command.OPT})
_MANY_SETS: Final = frozenset({Command.BATCH, Command.COPYFROM})
_WITH_ROWS: Final = frozenset({Command.ONE, Command.OPT, Command.MANY, Command.STREAM})


class _Part:
    """A query of a statement with its level, and its nodes without those of the queries below it."""

    def __init__(self, query: Node, level: Level) -> None:
        self.query = query
        self.level = level
        self.nodes: list[Node] = []
        stack = list(query.children())
        while stack:
            node = stack.pop()
            if node.kind != "QUERY":
                self.nodes.append(node)
                stack.extend(node.children())


@dataclass(frozen=True, kw_only=True)
class _Subject:
    """A query with everything that is known of it."""

    query: AnnotatedQuery
    description: Description
    analysis: Analysis

    @property
    def references(self) -> References:
        return self.analysis.references

    @cached_property
    def parts(self) -> tuple[_Part, ...]:
        """The query and all queries below it."""
        tree = self.description.tree
        return tuple(_Part(query, level) for query, level in levels(tree, self.analysis)) if tree is not None else ()

    def words(self, *wanted: str, occurrence: int = 0, before: str = "") -> Location:
        """Return the place of these words in the query, or of its name when they are not there that often.

        `before` is a keyword: what comes after its first occurrence is not looked at.
        """
        found: list[tuple[int, int]] = []
        for token in tokens(self.query.source):
            if before and self.query.source[token.start : token.end].lower() == before:
                break
            if token.kind not in {TokenKind.SPACE, TokenKind.COMMENT}:
                found.append((token.start, token.end))
        spelled = [self.query.source[start:end].lower().strip('"') for start, end in found]
        places = [
            place for place in range(len(found)) if spelled[place : place + len(wanted)] == [w.lower() for w in wanted]
        ]
        if occurrence >= len(places):
            return self.query.name_location()
        first, last = found[places[occurrence]], found[places[occurrence] + len(wanted) - 1]
        return self.query.location(self.query.start + first[0], length=last[1] - first[0])


def check_query(query: AnnotatedQuery, description: Description, references: References) -> list[Finding]:
    """Return the findings of a query, or of a variant of one, without those that its author allows."""
    nullable = frozenset(n for n, parameter in enumerate(description.parameters, 1) if parameter.is_nullable)
    subject = _Subject(query=query, description=description, analysis=Analysis(references, nullable))
    found = [finding for rule in _RULES for finding in rule(subject)]
    return [finding for finding in found if finding.code not in query.allowed]


def check_whole(query: AnnotatedQuery, description: Description, references: References) -> list[Finding]:
    """Return what is wrong with a query as a whole, whatever its variants: with its names, and with its command."""
    subject = _Subject(query=query, description=description, analysis=Analysis(references))
    found = [*_names(subject), *_many_sets(subject)]
    return [finding for finding in found if finding.code not in query.allowed]


def _finding(
    subject: _Subject, code: str, message: str, location: Location, help_: str, *, severity: Severity = "warning"
) -> Finding:
    return Finding(
        message=f"query `{subject.query.name}`: {message}",
        location=location,
        code=code,
        help=help_,
        severity=severity,
    )


def _command(subject: _Subject) -> Iterator[Finding]:
    """The command of the annotation against what the statement gives."""
    query, description = subject.query, subject.description
    place, command = query.name_location(), query.each or query.command
    if command in _WITH_ROWS and not description.columns:
        message = f":{command} of a statement that gives no rows"
        yield _finding(subject, "no-rows", message, place, "add RETURNING, or use :exec or :execrows", severity="error")
    elif command in _SINGLE and not description.rows.at_most_one:
        help_ = "compare a unique key, add LIMIT 1, or use :many"
        yield _finding(subject, "many-rows", f":{command} may find more than one row", place, help_)
    tree = description.tree
    conflict = tree.node("onConflict") if tree is not None else None
    if command == Command.ONE and conflict is not None and not description.rows.has_row:
        message = "ON CONFLICT may leave no row to return, which :one takes for an error"
        help_ = "use :opt, or DO UPDATE without a condition"
        yield _finding(subject, "conflict-without-row", message, subject.words("on", "conflict"), help_)


def _many_sets(subject: _Subject) -> Iterator[Finding]:
    """What a statement that takes many sets of values has to be like."""
    query, description, place = subject.query, subject.description, subject.query.name_location()
    if query.command not in _MANY_SETS:
        return
    if query.switches:
        message, help_ = f":{query.command} cannot have optional parts", "make it several queries"
        yield _finding(subject, "switch", message, place, help_, severity="error")
    elif not query.parameters:
        message, help_ = f":{query.command} of a statement without parameters", "use :exec, or add parameters"
        yield _finding(subject, "no-parameters", message, place, help_, severity="error")
    elif query.command == Command.COPYFROM:
        flaw = copy_flaw(description, subject.references)
        if flaw is not None:
            help_ = "COPY takes INSERT INTO table (columns) VALUES (:a, :b, ...); for more use :batch"
            yield _finding(subject, "copyfrom", f":copyfrom is not possible: {flaw}", place, help_, severity="error")


def _names(subject: _Subject) -> Iterator[Finding]:
    """Columns that share a name, and overrides of names that are not there or that say nothing new."""
    query, description = subject.query, subject.description
    names = [column.name for column in description.columns]
    for name in sorted({name for name in names if names.count(name) > 1}):
        message, help_ = f"{names.count(name)} columns are named `{name}`", "give each its own name with AS"
        yield _finding(
            subject,
            "duplicate-column",
            message,
            subject.words(name, occurrence=1, before="from"),
            help_,
            severity="error",
        )
    known = {*names, *query.parameters}
    for name, offset in {**query.nullable, **query.not_null}.items():
        if name not in known:
            guess = nearest(name, known)
            help_ = f"did you mean `{guess}`?" if guess else f"names: {', '.join(sorted(known))}"
            location = query.location(offset, length=len(name))
            message = f"there is no column or parameter `{name}`"
            yield _finding(subject, "unknown-name", message, location, help_, severity="error")
    for column in description.columns:
        is_contradicted = column.name in query.nullable and not column.proved.is_nullable
        is_needless = column.name in query.not_null and not column.proved.is_nullable
        if is_contradicted or is_needless:
            overrides = query.nullable if is_contradicted else query.not_null
            location = query.location(overrides[column.name], length=len(column.name))
            message = f"`{column.name}` is never NULL: {column.proved.why}"
            yield _finding(subject, "needless-override", message, location, "leave the override out")
    for name in sorted(query.nullable.keys() & query.not_null.keys()):
        location = query.location(query.not_null[name], length=len(name))
        message = f"`{name}` is declared both nullable and not null"
        yield _finding(subject, "contradiction", message, location, "leave one of them out", severity="error")


def _not_in(subject: _Subject) -> Iterator[Finding]:
    """`a NOT IN (SELECT b ...)` is never true once b is NULL."""
    count = 0
    for part in subject.parts:
        for node in part.nodes:
            select = _not_in_subquery(node)
            if select is None:
                continue
            nullable = [verdict for verdict in part.level.subquery(select).columns if verdict.is_nullable]
            if nullable:
                message = f"NOT IN finds nothing as soon as the subquery gives a NULL: {nullable[0].why}"
                help_ = "use NOT EXISTS, or exclude NULL in the subquery"
                yield _finding(subject, "not-in-null", message, subject.words("not", "in", occurrence=count), help_)
            count += 1


def _not_in_subquery(node: Node) -> Node | None:
    if node.kind != "BOOLEXPR" or node.text("boolop") != "not":
        return None
    args = node.nodes("args")
    if args[0].kind != "SUBLINK":
        return None
    return args[0].node("subselect") if args[0].number("subLinkType") == Sublink.ANY else None


def _casts(subject: _Subject) -> Iterator[Finding]:
    """A comparison that casts an indexed column does not use its index."""
    for part in subject.parts:
        entries = part.query.nodes("rtable")
        for node in part.nodes:
            if node.kind != "OPEXPR" or len(node.nodes("args")) != len(("left", "right")):
                continue
            for argument in node.nodes("args"):
                column = _cast_column(argument, entries, subject.references)
                if column is not None:
                    message = f"the comparison casts `{column}`, so that no index on it is used"
                    help_ = f"cast the other side to the type of `{column}`"
                    place = subject.words(column.rpartition(".")[2])
                    yield _finding(subject, "cast-on-index", message, place, help_)


def _cast_column(expr: Node, entries: tuple[Node, ...], references: References) -> str | None:
    """Return the indexed column that an expression casts of its own accord, as `table.column`."""
    is_cast = expr.kind == "FUNCEXPR" and expr.number("funcformat") == _IMPLICIT_CAST
    args = expr.nodes("args") if is_cast else ()
    if not args or args[0].kind != "VAR" or args[0].number("varlevelsup"):
        return None
    entry, attribute = entries[args[0].number("varno") - 1], args[0].number("varattno")
    relation = references.relation(entry.number("relid"))
    if entry.number("rtekind") != EntryKind.RELATION or relation is None or attribute not in relation.indexed:
        return None
    return f"{relation.name}.{relation.columns[attribute].name}"


def _json_sets(subject: _Subject) -> Iterator[Finding]:
    """`jsonb_set` gives NULL, and so wipes a document, when one of its arguments is NULL."""
    for query, level in ((part.query, part.level) for part in subject.parts):
        entries = query.nodes("targetList")
        exprs = [expr for entry in entries if (expr := entry.node("expr")) is not None]
        for expr in exprs:
            function = subject.references.function(expr.number("funcid"))
            if function is None or function.signature is None or function.name not in {"jsonb_set", "jsonb_insert"}:
                continue
            document, *others = (expression_verdict(argument, level) for argument in expr.nodes("args"))
            culprit = next((verdict for verdict in others if verdict.is_nullable), None)
            if culprit is not None and (
                query.number("commandType") != StatementKind.SELECT or not document.is_nullable
            ):
                message = f"{function.name} gives NULL for the whole document: {culprit.why}"
                help_ = "wrap the new value in coalesce(..., 'null'), or use jsonb_set_lax"
                yield _finding(subject, "json-set-null", message, subject.words(function.name), help_)


def _narrow_parameters(subject: _Subject) -> Iterator[Finding]:
    """A parameter that took an integer type narrower than that of the column it is compared with."""
    for part in subject.parts:
        for node in part.nodes:
            args = node.nodes("args") if node.kind == "OPEXPR" else ()
            if len(args) != len(("left", "right")):
                continue
            for column, other in (args, args[::-1]):
                wide = _WIDTHS.get(column.number("vartype")) if column.kind == "VAR" else None
                for parameter in (inner for inner in other.walk() if inner.kind == "PARAM") if wide else ():
                    narrow = _WIDTHS.get(parameter.number("paramtype"))
                    if narrow is None or _is_as_wide(narrow, wide) or not parameter.number("paramid"):
                        continue
                    name = subject.query.parameters[parameter.number("paramid") - 1]
                    message = f"parameter `{name}` is {narrow}, but is compared with a column of type {wide}"
                    help_ = f"cast it: {subject.query.spelling(name)}::{wide}"
                    place = subject.query.parameter_location(name)
                    yield _finding(subject, "narrow-parameter", message, place, help_)


def _is_as_wide(type_: str, other: str | None) -> bool:
    order = tuple(_WIDTHS.values())
    return other is None or order.index(type_) >= order.index(other)


_RULES: Final[tuple[Callable[[_Subject], Iterator[Finding]], ...]] = (
    _command,
    _not_in,
    _casts,
    _json_sets,
    _narrow_parameters,
)
