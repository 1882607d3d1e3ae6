"""A live database against the migrations that were applied to it: what somebody changed by hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pagespace_codegen.diff.compute import diff_sides
from pagespace_codegen.diff.generation.consent import is_drop_allowed, require_consent, undecided
from pagespace_codegen.diff.generation.generate import new_file, write_files
from pagespace_codegen.diff.plan import Plan
from pagespace_codegen.diff.renames.candidates import inverse_flags, possible_renames
from pagespace_codegen.diff.renames.rename import Rename
from pagespace_codegen.diff.sides import DatabaseSide, extensions, folder_side
from pagespace_db.embedded import scratch_server
from pagespace_db.migrate.file import load_folder
from pagespace_db.migrate.look import Target, read_status
from pagespace_db.migrate.plan import Standing
from pagespace_db.settings import Project

_APPLIED: Final = frozenset({Standing.APPLIED, Standing.EDITED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How a database differs from its migrations.

    Attributes:
        repair: What makes the database what the migrations say.
        adopt: What makes the migrations say what the database is.
        questions: What looks like a rename, and was planned as a drop and an addition.
    """

    repair: Plan
    adopt: Plan
    questions: tuple[Rename, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is none."""
        return not (self.repair.steps or self.adopt.steps)


def find_drift(
    project: Project, target: Target, server_url: str | None = None, *, renames: Sequence[str] = ()
) -> Drift:
    """Return how a database differs from the applied migrations of the project; it is only read.

    `renames` are `OLD=NEW`: what the migrations call OLD is NEW in the database.

    Errors: SourceError, ConfigError, DatabaseUnavailable, DiffError.
    """
    folder = load_folder([project.migrations])
    status = read_status(target, folder)
    applied = tuple(m.file for m in status.migrations if m.file is not None and m.standing in _APPLIED)
    migrations = folder_side(folder, project.root, files=applied)
    database = DatabaseSide(url=target.url, version_table=target.table)
    with ExitStack() as stack:
        server = server_url or stack.enter_context(
            scratch_server(extensions=extensions(migrations) | extensions(database))
        )
        adopt = diff_sides(migrations, database, server, in_one_transaction=True, renames=renames)
        repair = diff_sides(database, migrations, server, in_one_transaction=True, renames=inverse_flags(renames))
    return Drift(repair=repair.plan, adopt=adopt.plan, questions=possible_renames(adopt.renamed, adopt.new))


def decide(drift: Drift, *, allowed: Collection[str], ask: Callable[[Rename], bool] | None) -> tuple[str, ...]:
    """Return what was renamed, as flags, of what looks like it: `ask` is a human, None when there is none.

    Errors: MigrationRefused when there is nobody to ask.
    """
    questions = [rename for rename in drift.questions if not is_drop_allowed(rename, allowed)]
    if questions and ask is None:
        raise undecided(questions)
    return tuple(rename.flag for rename in questions if ask is not None and ask(rename))


def write_adoption(project: Project, drift: Drift, *, allowed: Collection[str] = ()) -> Path:
    """Write the migration whose up section makes the migrations say what the database is, and return its path.

    Errors: MigrationRefused when databases that run it would lose data that is not `allowed`; ConfigError when it
    cannot be written, DiffError when it cannot be written as a migration.
    """
    require_consent(drift.adopt, allowed)
    file = new_file(
        project, "adopt_drift", [statement.sql for statement in drift.adopt.statements],
        [statement.sql for statement in drift.repair.statements],
    )  # fmt: skip
    write_files([file])
    return file.path
