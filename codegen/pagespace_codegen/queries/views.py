"""The nullability of the columns of views and materialized views, from the query trees that the server stores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg import Connection

from pagespace_codegen.queries.nullability.level import Analysis
from pagespace_codegen.queries.nullability.verdict import Verdict
from pagespace_codegen.queries.tree.load_references import load_references


def view_columns(connection: Connection[Any], oids: Iterable[int]) -> Mapping[int, Mapping[int, Verdict]]:
    """Return a verdict for each column of each of these views and materialized views: by oid, then by attnum."""
    wanted = tuple(oids)
    references = load_references(connection, (), wanted)
    analysis = Analysis(references)
    relations = [references.relations[oid] for oid in wanted if oid in references.relations]
    return {
        relation.oid: dict(enumerate(analysis.view_output(relation), 1)) for relation in relations if relation.is_view
    }
