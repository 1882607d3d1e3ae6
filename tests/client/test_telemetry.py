"""Spans of OpenTelemetry: which there are, what they tell, and that they never tell a value."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from pagespace_db import (
    AsyncDatabase,
    Database,
    PoolSettings,
    UniqueViolation,
    count,
    cte,
    delete,
    eq,
    insert,
    raw,
    select,
    update,
)
from pagespace_db.client.hooks import Hook
from pagespace_db.telemetry import trace_statements
from tests.client.tables import notes, people

SECRET = "hush-hush"


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def provider(exporter: InMemorySpanExporter) -> TracerProvider:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return provider


@pytest.fixture
def hook(provider: TracerProvider) -> Hook:
    return trace_statements(provider)


@pytest.fixture
def database(people_database: str, observer: psycopg.Connection, hook: Hook) -> Iterator[Database]:
    with Database(people_database, pool=PoolSettings(max_size=1), hooks=[hook]) as database:
        yield database


def attributes(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


def test_a_span_tells_the_statement_and_the_server_and_no_value(
    database: Database, exporter: InMemorySpanExporter, observer: psycopg.Connection
) -> None:
    database.all(select(people.id).from_(people).where(eq(people.name, SECRET)))
    [span] = exporter.get_finished_spans()
    assert (span.name, span.kind, span.status.status_code) == ("SELECT people", SpanKind.CLIENT, StatusCode.UNSET)
    assert attributes(span) == {
        "db.system.name": "postgresql",
        "db.namespace": observer.info.dbname,
        "db.query.text": 'SELECT "people"."id" FROM "public"."people" WHERE "people"."name" = $1',
        "db.operation.name": "SELECT",
        "db.collection.name": "people",
        "db.response.returned_rows": 0,
        "server.address": observer.info.host,
        "server.port": observer.info.port,
    }
    assert (span.start_time or 0) < (span.end_time or 0)
    assert SECRET not in span.to_json()


def test_an_error_is_told_by_its_sqlstate(database: Database, exporter: InMemorySpanExporter) -> None:
    with pytest.raises(UniqueViolation):
        database.execute(insert(people).values({"id": 1, "name": SECRET}))
    [span] = exporter.get_finished_spans()
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "UniqueViolation")
    known = attributes(span)
    assert (known["error.type"], known["db.response.status_code"]) == ("23505", "23505")
    assert SECRET not in span.to_json()


def test_every_kind_of_statement_has_its_name(
    database: Database, exporter: InMemorySpanExporter, observer: psycopg.Connection
) -> None:
    grown = cte("grown", select(people).from_(people))
    database.execute(insert(people).values({"id": 3, "name": "cy"}).on_conflict_do_nothing())
    database.all(insert(people).rows([{"id": 4, "name": "di"}]).returning(people.id))
    database.execute(update(people).set({"age": 1}).where(eq(people.id, 3)))
    database.execute(delete(people).where(eq(people.id, 3)))
    database.all(select(count()).with_(grown).from_(grown))
    database.all(select(people.id).from_(people).join(notes, eq(notes.person_id, people.id)).limit(1))
    database.execute(raw("  /* a comment */ analyze people"))
    database.execute(raw("WITH x AS (SELECT 1) SELECT FROM x"))
    database.batch(select(people.id).from_(people), select(notes.id).from_(notes))
    database.batch([select(people.id).from_(people)] * 2)
    assert len(list(database.stream(select(people.id).from_(people), rows_per_fetch=1))) == 3
    database.copy_in(notes, [{"person_id": 1}])
    assert len(list(database.copy_out(notes))) == 1
    assert [(span.name, attributes(span).get("db.operation.batch.size")) for span in exporter.get_finished_spans()] == [
        ("INSERT people", None),
        ("INSERT people", None),
        ("UPDATE people", None),
        ("DELETE people", None),
        ("SELECT", None),
        ("SELECT people", None),
        ("ANALYZE", None),
        (observer.info.dbname, None),
        ("BATCH", 2),
        ("SELECT people", 2),
        ("SELECT people", None),
        ("COPY notes", None),
        ("COPY notes", None),
    ]
    rows = [attributes(span).get("db.response.returned_rows") for span in exporter.get_finished_spans()[10:13]]
    assert rows == [3, 1, 1]


async def test_a_span_is_the_child_of_the_one_around_it(
    people_database: str, hook: Hook, provider: TracerProvider, exporter: InMemorySpanExporter
) -> None:
    async with AsyncDatabase(people_database, hooks=[hook]) as database:
        with provider.get_tracer("tests").start_as_current_span("request") as request:
            async with database.transaction() as transaction:
                await transaction.all(select(people.id).from_(people))
                async for _ in transaction.stream(select(people.id).from_(people)):
                    break
    *statements, _ = exporter.get_finished_spans()
    assert [span.name for span in statements] == ["SELECT people", "SELECT people"]
    assert {span.parent.span_id for span in statements if span.parent} == {request.get_span_context().span_id}
