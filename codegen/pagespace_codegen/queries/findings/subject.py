"""What the rules that find mistakes look at: a query, the queries in it, and where its words stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pagespace_codegen.queries.analysis import Description
from pagespace_codegen.queries.nullability.level import Analysis, Level, levels
from pagespace_codegen.queries.source.annotations import AnnotatedQuery
from pagespace_codegen.queries.tree.nodetree import Node
from pagespace_codegen.queries.tree.references import References
from pagespace_db.errors import Finding, Severity
from pagespace_db.location import Location
from pagespace_db.sqltext import TokenKind, tokens


class Part:
    """A query of a statement with its level, and its nodes without those of the queries below it."""

    def __init__(self, query: Node, level: Level) -> None:
        self.query = query
        self.level = level
        self.nodes: list[Node] = []
        stack = list(reversed(query.children()))
        while stack:
            node = stack.pop()
            if node.kind != "QUERY":
                self.nodes.append(node)
                stack.extend(reversed(node.children()))


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A query with everything that is known of it."""

    query: AnnotatedQuery
    description: Description
    analysis: Analysis

    @property
    def references(self) -> References:
        """What the catalog says of everything in the query."""
        return self.analysis.references

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The query and all queries below it."""
        tree = self.description.tree
        return tuple(Part(query, level) for query, level in levels(tree, self.analysis)) if tree is not None else ()

    def words(self, *wanted: str, occurrence: int = 0, before: str = "", after: str = "") -> Location:
        """Return the place of these words in the query, or of its name when they are not there that often.

        `before` and `after` are keywords: what comes after, or before, their first occurrence is not looked at.
        """
        source = self.query.source
        found = [
            (token.start, token.end)
            for token in tokens(source)
            if token.kind not in {TokenKind.SPACE, TokenKind.COMMENT}
        ]
        spelled = [source[start:end].lower().strip('"') for start, end in found]
        first = spelled.index(after) if after in spelled else 0
        last = spelled.index(before) if before in spelled else len(found)
        words = [word.lower() for word in wanted]
        places = [place for place in range(first, last) if spelled[place : place + len(words)] == words]
        if occurrence >= len(places):
            return self.query.name_location()
        start, end = found[places[occurrence]][0], found[places[occurrence] + len(words) - 1][1]
        return self.query.location(self.query.start + start, length=end - start)


def finding(
    subject: Subject, code: str, message: str, location: Location, help_: str, *, severity: Severity = "warning"
) -> Finding:
    """Return a finding of a query."""
    return Finding(
        message=f"query `{subject.query.name}`: {message}",
        location=location,
        code=code,
        help=help_,
        severity=severity,
    )
