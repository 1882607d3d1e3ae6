"""A primary with a standby, restarts and failover, while clients write: nothing acknowledged is lost or done twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from psycopg import errors

from pagespace_db import (
    CommitUnknown,
    Database,
    DatabaseUnavailable,
    PoolSettings,
    ReplicaBehind,
    StatementError,
    count,
    eq,
    insert,
    select,
    sql,
)
from tests.client.servers import OwnServer, own_server, replay, standby_of
from tests.client.tables import SCHEMA, people

IS_STANDBY = select(sql[bool]("pg_is_in_recovery()"))


@pytest.fixture
def primary() -> Iterator[OwnServer]:
    with own_server() as server:
        with psycopg.connect(server.url) as connection:
            connection.execute(SCHEMA)
        yield server


@pytest.fixture
def standby(primary: OwnServer) -> Iterator[OwnServer]:
    with standby_of(primary) as server:
        yield server


def url_of(*servers: OwnServer) -> str:
    ports = ",".join(str(server.port) for server in servers)
    return f"postgresql://postgres@/postgres?host={','.join(['127.0.0.1'] * len(servers))}&port={ports}"


class Writer(threading.Thread):
    """Writes rows until it is told to stop, and keeps the ids of those that were acknowledged."""

    def __init__(self, database: Database, first_id: int) -> None:
        super().__init__(daemon=True)
        self._database, self._id = database, first_id
        self.acknowledged: list[int] = []
        self.is_to_stop = False

    def run(self) -> None:
        while not self.is_to_stop:
            self._id += 1
            with suppress(psycopg.OperationalError, DatabaseUnavailable, CommitUnknown):
                with self._database.transaction() as transaction:
                    transaction.execute(insert(people).values({"id": self._id, "name": f"p{self._id}"}))
                self.acknowledged.append(self._id)

    def wait_for_more(self) -> None:
        """Return when another row is written."""
        known = len(self.acknowledged)
        while len(self.acknowledged) <= known:
            assert self.is_alive()
            self.join(0.01)


def test_standbys_are_read_and_can_be_waited_for(primary: OwnServer, standby: OwnServer) -> None:
    settings = PoolSettings(replica_timeout_s=0.1)
    person = select(people.name).from_(people).where(eq(people.id, 1))
    with Database(url_of(standby, primary), pool=settings) as database, database.replicas() as replicas:
        assert (database.one(IS_STANDBY), replicas.one(IS_STANDBY)) == (False, True)
        with pytest.raises(errors.ReadOnlySqlTransaction):
            replicas.execute(insert(people).values({"id": 1, "name": "ada"}))
        replay(standby, paused=True)
        database.execute(insert(people).values({"id": 1, "name": "ada"}))
        position = database.position()
        assert replicas.one_or_none(person) is None
        with pytest.raises(ReplicaBehind, match=position), replicas.transaction(after=position):
            pytest.fail("the standby has not read it")
        replay(standby, paused=False)
        with replicas.transaction(isolation="repeatable read", after=position) as transaction:
            assert transaction.one(person) == "ada"
            with pytest.raises(StatementError, match="savepoint"), transaction.transaction(after=position):
                pytest.fail("the snapshot is taken")
        with database.transaction(after=database.position()) as transaction:
            assert transaction.one(person) == "ada"


def test_a_restart_loses_and_doubles_nothing_that_was_acknowledged(primary: OwnServer) -> None:
    with Database(primary.url, pool=PoolSettings(max_size=4, acquire_timeout_s=20)) as database:
        writers = [Writer(database, number * 1_000_000) for number in range(3)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.wait_for_more()
        primary.stop("immediate")  # a crash
        primary.start()
        for writer in writers:
            writer.wait_for_more()
            writer.is_to_stop = True
        for writer in writers:
            writer.join()
        written = set(database.all(select(people.id).from_(people)))
        assert {number for writer in writers for number in writer.acknowledged} <= written


def test_after_a_failover_writes_go_to_the_standby_of_before(primary: OwnServer, standby: OwnServer) -> None:
    with Database(url_of(primary, standby), pool=PoolSettings(max_size=2, acquire_timeout_s=20)) as database:
        writer = Writer(database, 0)
        writer.start()
        writer.wait_for_more()
        primary.stop()  # which waits until the standby has everything
        standby.promote()
        writer.wait_for_more()
        writer.is_to_stop = True
        writer.join()
        assert database.one(select(count()).from_(people)) >= len(writer.acknowledged)
        assert set(writer.acknowledged) <= set(database.all(select(people.id).from_(people)))
