"""Replays a migration, statement by statement, and sees what each does to the tables that were there before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from psycopg import Connection

from pagespace_codegen.catalog.load import time_limit
from pagespace_codegen.diff.scratch.session import Session
from pagespace_codegen.diff.sides import TIME_LIMIT_S, run_section
from pagespace_db.errors import Finding, SourceError
from pagespace_db.migrate.file import MigrationFile
from pagespace_db.migrate.parse import Section
from pagespace_db.sqltext import Statement, leading_words

_RELATIONS: Final = """
SELECT c.oid::bigint, c.relkind, pg_catalog.quote_ident(n.nspname), pg_catalog.quote_ident(c.relname),
       coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)::bigint,
       coalesce(pg_catalog.pg_stat_get_xact_numscans(c.oid), 0),
       ARRAY(SELECT pg_catalog.pg_relation_filenode(i.indexrelid)::bigint
               FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
              WHERE i.indrelid = c.oid AND x.relkind = 'i')
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'm', 'f') AND c.relpersistence <> 't'
   AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
"""
_COLUMNS: Final = """
SELECT a.attrelid::bigint, a.attnum, pg_catalog.quote_ident(a.attname)
  FROM pg_catalog.pg_attribute a WHERE a.attrelid = ANY (%s) AND a.attnum > 0 AND NOT a.attisdropped
"""
_LOCKS: Final = """
SELECT relation::bigint, mode FROM pg_catalog.pg_locks
 WHERE pid = pg_catalog.pg_backend_pid() AND locktype = 'relation' AND granted AND relation = ANY (%s)
"""

# Manual, 13.3.1: what these modes conflict with.
_STOP_WRITING: Final = frozenset({"ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"})
_STOPS_READING: Final = "AccessExclusiveLock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A table or materialized view as it was when it was looked at.

    Attributes:
        kind: As `pg_class.relkind` has it.
        filenode: Another number means another file: every row was written anew; 0 has none.
        scans: How often the transaction has read it as a whole.
        indexes: The numbers of its indexes' files.
        columns: Names by number.
    """

    kind: str
    schema: str
    name: str
    filenode: int
    scans: int
    indexes: frozenset[int]
    columns: Mapping[int, str]

    @property
    def full_name(self) -> str:
        """Schema and name, in quotes where SQL needs them."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one statement did to one relation that was there before the file.

    Attributes:
        relation: As it was before the statement.
        is_gone: It was dropped.
        new_name: What it is called now, when that is new.
        is_emptied: It was truncated.
        is_rewritten: Every row was written anew.
        is_read_under_lock: It was read as a whole while a lock was held that stops writing.
        gets_index: An index of it was built.
        stops_reading: The lock that is held stops reading too.
        dropped_columns: The names of columns that are gone.
        renamed_columns: Columns that have another name now: the old and the new one.
    """

    relation: Relation
    is_gone: bool = False
    new_name: str | None = None
    is_emptied: bool = False
    is_rewritten: bool = False
    is_read_under_lock: bool = False
    gets_index: bool = False
    stops_reading: bool = False
    dropped_columns: tuple[str, ...] = ()
    renamed_columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A statement and what it did to relations that were there before its file."""

    statement: Statement
    effects: tuple[Effect, ...] = field(default=())


class Watch:
    """Sees what statements do, one after the other, in the transaction in which they run."""

    def __init__(self, connection: Connection[Any], before: frozenset[int] | None = None) -> None:
        """Begin to watch the relations with the oids of `before`, or all that there are."""
        self._connection = connection
        self._last = _relations(connection)
        self._before = frozenset(self._last) if before is None else before

    def effects(self, statement: str) -> tuple[Effect, ...]:
        """Return what `statement`, which has just run, did."""
        now = _relations(self._connection)
        watched = sorted(self._before & self._last.keys())
        locks = _locks(self._connection, watched)
        found = tuple(_effects(watched, self._last, now, locks, empties=_empties(statement)))
        self._last = now
        return found


def observe_file(file: MigrationFile, session: Session) -> Iterator[Observation]:
    """Run the up sections of a file, and yield what each statement did.

    Errors: SourceError where the server refuses one.
    """
    before = frozenset(_relations(session.connection))
    for section in file.parsed.up:
        can_observe = section.is_transactional and not any(
            session.needs_owner(statement.text) for statement in section.statements
        )
        yield from (_observed if can_observe else _only_named)(file, section, session, before)


def _observed(file: MigrationFile, section: Section, session: Session, before: frozenset[int]) -> Iterator[Observation]:
    connection = session.connection
    with time_limit(connection, TIME_LIMIT_S), connection.transaction():
        watch = Watch(connection, before)
        for statement in section.statements:
            if not statement.is_meta_command:
                _run(file, statement, session)
                yield Observation(statement=statement, effects=watch.effects(statement.text))
    connection.execute("RESET ALL")


def _only_named(
    file: MigrationFile, section: Section, session: Session, before: frozenset[int]
) -> Iterator[Observation]:
    # What commits on its own holds no lock when it can be asked; what it is for is not to hold one for long.
    for statement in section.statements:
        old = _relations(session.connection)
        single = Section(
            direction=section.direction, location=section.location, is_transactional=False, statements=(statement,)
        )
        run_section(file, single, session)
        new = _relations(session.connection)
        yield Observation(statement=statement, effects=tuple(_effects(sorted(before & old.keys()), old, new, {})))


def _run(file: MigrationFile, statement: Statement, session: Session) -> None:
    try:
        session.run(statement.text)
    except psycopg.Error as error:
        location = file.locate(statement.start, length=len(statement.text))
        message = error.diag.message_primary or str(error)
        raise SourceError([Finding(message=message, location=location, code=error.sqlstate)]) from error


def _effects(
    watched: Sequence[int],
    old: Mapping[int, Relation],
    new: Mapping[int, Relation],
    locks: Mapping[int, frozenset[str]],
    *,
    empties: bool = False,
) -> Iterator[Effect]:
    for oid in watched:
        was, now = old[oid], new.get(oid)
        if now is None:
            yield Effect(relation=was, is_gone=True)
            continue
        modes = locks.get(oid, frozenset())
        effect = Effect(
            relation=was,
            new_name=now.full_name if now.full_name != was.full_name else None,
            is_emptied=empties and now.filenode != was.filenode,
            is_rewritten=not empties and now.filenode != was.filenode,
            is_read_under_lock=not empties and now.scans > was.scans and not modes.isdisjoint(_STOP_WRITING),
            gets_index=bool(now.indexes - was.indexes),
            stops_reading=_STOPS_READING in modes,
            dropped_columns=tuple(name for number, name in was.columns.items() if number not in now.columns),
            renamed_columns=tuple(
                (name, now.columns[number])
                for number, name in was.columns.items()
                if now.columns.get(number, name) != name
            ),
        )
        if effect != Effect(relation=was, gets_index=effect.gets_index, stops_reading=effect.stops_reading):
            yield effect


def _empties(statement: str) -> bool:
    return leading_words(statement, 1) == ("TRUNCATE",)


def _relations(connection: Connection[Any]) -> dict[int, Relation]:
    rows = connection.execute(_RELATIONS).fetchall()
    columns: dict[int, dict[int, str]] = {}
    for oid, number, name in connection.execute(_COLUMNS, ([row[0] for row in rows],)):
        columns.setdefault(oid, {})[number] = name
    return {
        oid: Relation(
            kind=str(kind),
            schema=schema,
            name=name,
            filenode=filenode,
            scans=scans,
            indexes=frozenset(indexes),
            columns=columns.get(oid, {}),
        )
        for oid, kind, schema, name, filenode, scans, indexes in rows
    }


def _locks(connection: Connection[Any], oids: Sequence[int]) -> dict[int, frozenset[str]]:
    held: dict[int, set[str]] = {}
    for oid, mode in connection.execute(_LOCKS, (list(oids),)):
        held.setdefault(oid, set()).add(mode)
    return {oid: frozenset(modes) for oid, modes in held.items()}
