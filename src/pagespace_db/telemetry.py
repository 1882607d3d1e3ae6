"""Statements as spans of OpenTelemetry, through its API alone: `pip install 'pagespace-db[otel]'`.

    db = Database(hooks=[trace_statements()])

The attributes are those of OpenTelemetry's conventions for database clients. Values are never among them: the text of
a statement has numbered places for its values.
"""

from __future__ import annotations

import time
from typing import Final

from opentelemetry.trace import SpanKind, StatusCode, TracerProvider, get_tracer
from opentelemetry.util.types import AttributeValue

from pagespace_db.client.hooks import Hook, StatementEvent

SCHEMA_URL: Final = "https://opentelemetry.io/schemas/1.33.0"
"""The version of the conventions."""

_NANOSECONDS: Final = 1_000_000_000


def trace_statements(tracer_provider: TracerProvider | None = None) -> Hook:
    """Return the hook that makes a span of each statement, a child of the span that is current.

    Args:
        tracer_provider: Where spans go; the global provider when left out.
    """
    tracer = get_tracer("pagespace_db", tracer_provider=tracer_provider, schema_url=SCHEMA_URL)

    def record(event: StatementEvent) -> None:
        end_ns = time.time_ns()
        span = tracer.start_span(
            " ".join([part for part in (event.command, event.table) if part]) or event.database,
            kind=SpanKind.CLIENT,
            attributes=_attributes(event),
            start_time=end_ns - int(event.duration_s * _NANOSECONDS),
        )
        if event.error is not None:
            span.set_status(StatusCode.ERROR, event.error)
        span.end(end_ns)

    return record


def _attributes(event: StatementEvent) -> dict[str, AttributeValue]:
    """Return what is known, by the names of the conventions."""
    attributes: dict[str, AttributeValue | None] = {
        "db.system.name": "postgresql",
        "db.namespace": event.database,
        "db.query.text": event.sql,
        "db.operation.name": event.command,
        "db.collection.name": event.table,
        "db.operation.batch.size": event.batch_size,
        "db.response.returned_rows": event.row_count,
        "db.response.status_code": event.sqlstate,
        "error.type": event.sqlstate or event.error,
        "server.address": event.host,
        "server.port": event.port,
    }
    return {name: value for name, value in attributes.items() if value is not None}
