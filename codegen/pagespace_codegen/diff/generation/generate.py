"""schema.sql and the migrations folder -> the migration files that are missing, proved before they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pagespace_codegen.catalog.source import load_schema
from pagespace_codegen.diff.generation.consent import is_drop_allowed, require_consent, undecided
from pagespace_codegen.diff.generation.files import Part, online_parts, plain_parts, statement_text
from pagespace_codegen.diff.generation.probe import run_part
from pagespace_codegen.diff.hazards import Hazard, HazardKind
from pagespace_codegen.diff.inventory.model import Inventory
from pagespace_codegen.diff.plan import Plan, Step, make_plan
from pagespace_codegen.diff.proof import differences, unexplained
from pagespace_codegen.diff.renames.candidates import hints_of, possible_renames
from pagespace_codegen.diff.renames.perform import do_certain_renames, do_named_renames, do_rename
from pagespace_codegen.diff.renames.rename import Rename
from pagespace_codegen.diff.rereading import Reference, reconcile
from pagespace_codegen.diff.scratch.session import Session, scratch_session
from pagespace_codegen.diff.sides import (
    FolderSide,
    SchemaSide,
    extensions,
    folder_side,
    load_side,
    promised_versions,
    run_statements,
)
from pagespace_db.embedded import scratch_server
from pagespace_db.errors import ConfigError, DiffError
from pagespace_db.migrate.file import Folder, load_folder
from pagespace_db.migrate.parse import parse_migration
from pagespace_db.settings import Project

Ask = Callable[[Rename], bool]
Count = Callable[[Sequence[Hazard]], Mapping[Hazard, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the caller wants.

    Attributes:
        name: The name of the migration; None makes one up.
        renames: `OLD=NEW`.
        allowed: `HAZARD:OBJECT`.
        is_online: Whether tables that exist are in use.
        ask: Asks a human whether something was renamed; None when there is nobody to ask.
        count: Tells how much data hazards would lose in a database at hand; None when there is none.
    """

    name: str | None = None
    renames: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    is_online: bool = True
    ask: Ask | None = None
    count: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A migration file that is not written yet."""

    path: Path
    text: str
    hazards: tuple[Hazard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A part that was run, with the statements that take it back."""

    part: Part
    up: tuple[str, ...]
    down: tuple[str, ...]
    hazards: tuple[Hazard, ...]


def generate(project: Project, request: Request, server_url: str | None = None) -> tuple[NewFile, ...]:
    """Return the files that bring the migrations folder up to the schema; none when they agree. Nothing is written.

    Errors: SourceError, ConfigError; MigrationRefused for data that would be lost, or a rename that must be decided;
    DiffError for what cannot be proved.
    """
    schema = SchemaSide(statements=load_schema(project.schema, project.root))
    folder = _load_folder(project.migrations)
    replayed = FolderSide(statements=()) if folder is None else folder_side(folder, project.root)
    with ExitStack() as stack:
        server = server_url or stack.enter_context(scratch_server(extensions=extensions(schema) | extensions(replayed)))

        def make_session() -> AbstractContextManager[Session]:
            return scratch_session(server, compared_with=promised_versions(project))

        session = stack.enter_context(make_session())
        before = load_side(replayed, session)
        with make_session() as other:
            new = Reference(inventory=load_side(schema, other), make_session=make_session)
        work = _Work(session, before, new, request)
        made = work.run([*hints_of(schema.statements)])
    return _files(project, folder, request, made)


class _Work:
    """Plans, runs and proves in one scratch database that starts as the replayed folder."""

    def __init__(self, session: Session, before: Inventory, new: Reference, request: Request) -> None:
        self.session, self.before, self.new, self.request = session, before, new, request

    def run(self, hints: Sequence[tuple[str, str]]) -> tuple[_Made, ...]:
        """Return every part with its way back; the database has been new, old and new again in between."""
        renames, renamed = self._rename(hints)
        wanted = self._reconcile(renamed)
        plan = make_plan(renamed, wanted, in_one_transaction=not self.request.is_online)
        if not renames and not plan.steps:
            return ()
        require_consent(plan, self.request.allowed, self.request.count)
        parts = online_parts(plan, renamed, wanted) if self.request.is_online else plain_parts(plan)
        made = self._apply(renames, renamed, parts)
        state = self.session.inventory()
        rest = make_plan(state, self._reconcile(state), in_one_transaction=True)
        if rest.steps:  # names that the server chose, for one
            made += self._apply((), state, plain_parts(rest))
            state = self.session.inventory()
        self._expect(state, wanted, "after `up`")
        for item in reversed(made):
            run_statements(item.down, self.session, in_transaction=item.part.is_transactional)
        self._expect(self.session.inventory(), self.before, "after `down`")
        for item in made:
            run_statements(item.up, self.session, in_transaction=item.part.is_transactional)
        self._expect(self.session.inventory(), wanted, "after `up`, `down` and `up` again")
        return made

    def _reconcile(self, state: Inventory) -> Inventory:
        return reconcile(Reference(inventory=state, make_session=self.new.make_session), self.new)

    def _apply(self, renames: Sequence[Rename], renamed: Inventory, parts: Sequence[Part]) -> tuple[_Made, ...]:
        """Run the parts, and find the way back of each by comparing what was there before and after it."""
        made: list[_Made] = []
        state = renamed
        if renames and (not parts or not parts[0].is_transactional):
            parts = (Part(steps=()), *parts)
        for place, part in enumerate(parts):
            hazards = run_part(part, self.session)
            after = self.session.inventory()
            back = make_plan(after, state, in_one_transaction=True)
            down = tuple(
                statement_text(step, is_transactional=part.is_transactional) for step in _back_steps(back, part)
            )
            up = part.statements
            if place == 0:
                up = tuple(rename.statement for rename in renames) + up
                down += tuple(rename.inverse for rename in reversed(renames))
                hazards = (*_hazards_of_renames(renames), *hazards)
            made.append(_Made(part=part, up=up, down=down, hazards=hazards))
            state = after
        return tuple(made)

    def _expect(self, actual: Inventory, wanted: Inventory, when: str) -> None:
        residue = differences(actual, wanted)
        if residue:
            references = [self.new, Reference(inventory=self.before, make_session=self.new.make_session)]
            residue = unexplained(residue, actual, references)
        if residue:
            lines = "\n".join(map(str, residue))
            raise DiffError(
                f"the migration was not written: {when} this differs\n{lines}",
                help="this is a mistake of the diff: please report it, and write this change by hand",
            )

    # --- Renames and consent -----------------------------------------------------------------------------------------

    def _rename(self, hints: Sequence[tuple[str, str]]) -> tuple[list[Rename], Inventory]:
        """Rename in the database what was renamed, and return what was done and what is there now."""
        done: list[Rename] = []
        state = self.before
        state = do_named_renames(self.session, state, self.new.inventory, done, hints=hints, flags=self.request.renames)
        state = self._decide(state, done)
        return done, do_certain_renames(self.session, state, self.new.inventory, done)

    def _decide(self, state: Inventory, done: list[Rename]) -> Inventory:
        """Ask about what looks like a rename; a drop that was allowed is none."""
        open_questions: list[Rename] = []
        for rename in possible_renames(state, self.new.inventory):
            if is_drop_allowed(rename, self.request.allowed):
                continue
            if self.request.ask is None:
                open_questions.append(rename)
            elif self.request.ask(rename):
                state = do_rename(self.session, rename, done)
        if open_questions:
            raise undecided(open_questions)
        return state


_RENAMES: Final = {"table": HazardKind.RENAMES_TABLE, "column": HazardKind.RENAMES_COLUMN}


def _hazards_of_renames(renames: Sequence[Rename]) -> Iterator[Hazard]:
    """Yield that running code still uses the old names."""
    for rename in renames:
        if rename.old.kind in _RENAMES:
            yield Hazard(_RENAMES[rename.old.kind], rename.old.name)


def _back_steps(back: Plan, part: Part) -> tuple[Step, ...]:
    """Return the way back; an index that was built without blocking is dropped so, too."""
    if part.is_transactional:
        return back.steps
    return tuple(
        replace(
            step,
            statement=replace(
                step.statement, sql=step.statement.sql.replace("DROP INDEX ", "DROP INDEX CONCURRENTLY ", 1)
            ),
        )
        if step.statement.sql.startswith("DROP INDEX ")
        else replace(
            step,
            statement=replace(
                step.statement,
                sql=re.sub(r"\ACREATE (UNIQUE )?INDEX ", r"CREATE \1INDEX CONCURRENTLY ", step.statement.sql),
            ),
        )
        for step in back.steps
    )


# --- Files -----------------------------------------------------------------------------------------------------------

_WORD: Final = re.compile(r"[a-z0-9]+")


def new_file(project: Project, name: str, up: Sequence[str], down: Sequence[str]) -> NewFile:
    """Return a migration of one transaction, to come after those that are there.

    Errors: DiffError when the statements cannot be written into a migration file.
    """
    path = project.migrations / f"{_next_version(_load_folder(project.migrations))}_{name}.sql"
    text = _text(tuple(up), tuple(down), hazards=(), path=path, is_transactional=True)
    return NewFile(path=path, text=text, hazards=())


def _next_version(folder: Folder | None) -> int:
    version = int(f"{datetime.now(UTC):%Y%m%d%H%M%S}")
    return version if folder is None else max(version, int(folder.files[-1].version) + 1)


def _files(project: Project, folder: Folder | None, request: Request, made: Sequence[_Made]) -> tuple[NewFile, ...]:
    name = request.name or _made_up_name(made)
    if "/" in name or "\0" in name or not name.strip():
        raise ConfigError(f"`{name}` cannot be part of a file name", help="pagespace-db migrate generate add_users")
    version = _next_version(folder)
    files: list[NewFile] = []
    for place, item in enumerate(made):
        suffix = "" if len(made) == 1 else f"_{place + 1}"
        path = project.migrations / f"{version + place}_{name}{suffix}.sql"
        text = _text(item.up, item.down, hazards=item.hazards, path=path, is_transactional=item.part.is_transactional)
        files.append(NewFile(path=path, text=text, hazards=item.hazards))
    return tuple(files)


def _text(
    up: tuple[str, ...], down: tuple[str, ...], *, hazards: Sequence[Hazard], path: Path, is_transactional: bool
) -> str:
    """Return the text of a file, having made sure that it reads back as the statements that were proved."""
    option = "" if is_transactional else " transaction:false"
    lines = [f"-- migrate:up{option}", *(f"-- hazard: {hazard}" for hazard in hazards), ""]
    lines += [*(f"{statement};" for statement in up), "", f"-- migrate:down{option}", ""]
    lines += [f"{statement};" for statement in down]
    text = "\n".join(lines) + "\n"
    parsed = parse_migration(text, path)
    found = [
        tuple(statement.text for section in sections for statement in section.statements)
        for sections in (parsed.up, parsed.down)
    ]
    if found != [up, down]:
        raise DiffError(
            f"the statements of {path.name} cannot be written into a migration file",
            help="a line in one of them looks like `-- migrate:up` or `-- migrate:down`: change that text",
        )
    return text


def _made_up_name(made: Sequence[_Made]) -> str:
    """Return a name from the first thing that is done."""
    steps = [step for item in made for step in item.part.steps if not step.statement.sql.startswith("SET ")]
    words = _WORD.findall(f"{steps[0].action} {steps[0].key.name.removeprefix('public.')}".lower()) if steps else []
    return "_".join(words)[:50] or "rename"


def _load_folder(path: Path) -> Folder | None:
    if not path.is_dir() or not any(file.suffix == ".sql" for file in path.iterdir()):
        return None
    return load_folder([path])


def write_files(files: Collection[NewFile]) -> None:
    """Write new files; none of them when one is there already.

    Errors: ConfigError.
    """
    for file in files:
        if file.path.exists():
            raise ConfigError(f"file already exists: {file.path}", help="choose another name")
    for file in files:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        file.path.write_text(file.text, encoding="utf-8", newline="\n")
