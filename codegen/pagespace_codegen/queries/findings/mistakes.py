"""What is worth saying of a query that the server accepts: mistakes that it has no opinion on.

Each rule yields findings with a code; `-- allow: code` in the annotation of a query takes them back. A tree knows
what a query means but, from PostgreSQL 17, not where: places are looked up among the words of the text, and where that
is in doubt the finding points at the name of the query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from pagespace_codegen.queries.analysis import Description
from pagespace_codegen.queries.copies import copy_flaw
from pagespace_codegen.queries.findings.subject import Subject, finding
from pagespace_codegen.queries.findings.suspicions import SUSPICIONS
from pagespace_codegen.queries.nullability.level import Analysis
from pagespace_codegen.queries.source.annotations import AnnotatedQuery, Command
from pagespace_codegen.queries.tree.enums import EntryKind
from pagespace_codegen.queries.tree.nodetree import Node
from pagespace_codegen.queries.tree.references import References
from pagespace_db.errors import Finding, nearest

_SINGLE: Final = frozenset({Command.ONE, Command.OPT})
_MANY_SETS: Final = frozenset({Command.BATCH, Command.COPYFROM})
_WITH_ROWS: Final = frozenset({Command.ONE, Command.OPT, Command.MANY, Command.STREAM})


def check_query(query: AnnotatedQuery, description: Description, references: References) -> list[Finding]:
    """Return the findings of a query, or of a variant of one, without those that its author allows."""
    nullable = frozenset(n for n, parameter in enumerate(description.parameters, 1) if parameter.is_nullable)
    subject = Subject(query=query, description=description, analysis=Analysis(references, nullable))
    found = {(f.code, f.location): f for rule in _RULES for f in rule(subject)}
    return [f for f in found.values() if f.code not in query.allowed]


def check_whole(query: AnnotatedQuery, description: Description, references: References) -> list[Finding]:
    """Return what is wrong with a query as a whole, whatever its variants: with its names, and with its command."""
    subject = Subject(query=query, description=description, analysis=Analysis(references))
    found = [*_names(subject), *_many_sets(subject)]
    return [f for f in found if f.code not in query.allowed]


def _command(subject: Subject) -> Iterator[Finding]:
    """The command of the annotation against what the statement gives."""
    query, description = subject.query, subject.description
    place, command = query.name_location(), query.each or query.command
    if command in _WITH_ROWS and not description.columns:
        message = f":{command} of a statement that gives no rows"
        yield finding(subject, "no-rows", message, place, "add RETURNING, or use :exec or :execrows", severity="error")
    elif command in _SINGLE and not description.rows.at_most_one:
        help_ = "compare a unique key, add LIMIT 1, or use :many"
        yield finding(subject, "many-rows", f":{command} may find more than one row", place, help_)
    if command == Command.ONE and _returns_inserted(description.tree) and not description.rows.has_row:
        message = "ON CONFLICT may leave no row to return, which :one takes for an error"
        help_ = "use :opt, or DO UPDATE without a condition"
        yield finding(subject, "conflict-without-row", message, subject.words("on", "conflict"), help_)


def _returns_inserted(tree: Node | None) -> bool:
    """Return whether the rows are those of an INSERT with ON CONFLICT: its own, or all of a CTE that is one."""
    if tree is None:
        return False
    entries = [entry for entry in tree.nodes("rtable") if entry.number("rtekind") != EntryKind.GROUP]
    if len(entries) == 1 and entries[0].number("rtekind") == EntryKind.CTE:
        written = [c.node("ctequery") for c in tree.nodes("cteList") if c.text("ctename") == entries[0].text("ctename")]
        return any(query is not None and query.node("onConflict") is not None for query in written)
    return tree.node("onConflict") is not None


def _many_sets(subject: Subject) -> Iterator[Finding]:
    """What a statement that takes many sets of values has to be like."""
    query, description, place = subject.query, subject.description, subject.query.name_location()
    if query.command not in _MANY_SETS:
        return
    if query.switches:
        message, help_ = f":{query.command} cannot have optional parts", "make it several queries"
        yield finding(subject, "switch", message, place, help_, severity="error")
    elif not query.parameters:
        message, help_ = f":{query.command} of a statement without parameters", "use :exec, or add parameters"
        yield finding(subject, "no-parameters", message, place, help_, severity="error")
    elif query.command == Command.COPYFROM:
        flaw = copy_flaw(description, subject.references)
        if flaw is not None:
            help_ = "COPY takes INSERT INTO table (columns) VALUES (:a, :b, ...); for more use :batch"
            yield finding(subject, "copyfrom", f":copyfrom is not possible: {flaw}", place, help_, severity="error")


def _names(subject: Subject) -> Iterator[Finding]:
    """Columns that share a name, and overrides of names that are not there or that say nothing new."""
    query, description = subject.query, subject.description
    names = [column.name for column in description.columns]
    for name in sorted({name for name in names if names.count(name) > 1}):
        message, help_ = f"{names.count(name)} columns are named `{name}`", "give each its own name with AS"
        yield finding(
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
            yield finding(subject, "unknown-name", message, location, help_, severity="error")
    for name in sorted(query.types.keys() - known):
        guess = nearest(name, known)
        help_ = f"did you mean `{guess}`?" if guess else f"names: {', '.join(sorted(known))}"
        message = f"`-- type:` names a column or parameter `{name}`, which there is not"
        yield finding(subject, "unknown-name", message, query.name_location(), help_, severity="error")
    for column in description.columns:
        is_contradicted = column.name in query.nullable and not column.proved.is_nullable
        is_needless = column.name in query.not_null and not column.proved.is_nullable
        if is_contradicted or is_needless:
            overrides = query.nullable if is_contradicted else query.not_null
            location = query.location(overrides[column.name], length=len(column.name))
            message = f"`{column.name}` is never NULL: {column.proved.why}"
            yield finding(subject, "needless-override", message, location, "leave the override out")
    for name in sorted(query.nullable.keys() & query.not_null.keys()):
        location = query.location(query.not_null[name], length=len(name))
        message = f"`{name}` is declared both nullable and not null"
        yield finding(subject, "contradiction", message, location, "leave one of them out", severity="error")


_RULES: Final[tuple[Callable[[Subject], Iterator[Finding]], ...]] = (_command, *SUSPICIONS)
