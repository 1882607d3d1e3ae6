"""Two sides -> a plan that was proved."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from pagespace_codegen.diff.inventory.model import Inventory
from pagespace_codegen.diff.ordering.nodes import Action
from pagespace_codegen.diff.plan import Plan, make_plan
from pagespace_codegen.diff.proof import check_proof
from pagespace_codegen.diff.renames.candidates import hints_of
from pagespace_codegen.diff.renames.perform import do_certain_renames, do_named_renames, rename_steps
from pagespace_codegen.diff.renames.rename import Rename
from pagespace_codegen.diff.rereading import MakeSession, Reference, reconcile
from pagespace_codegen.diff.scratch.session import Session, scratch_session
from pagespace_codegen.diff.sides import (
    DatabaseSide,
    Side,
    database_schemas,
    extensions,
    load_side,
    read_side,
    run_statements,
    server_versions,
    settle,
)
from pagespace_db.embedded import Server, scratch_server
from pagespace_db.migrate.state import DEFAULT_TABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedPlan:
    """A plan, with the databases it leads from and to.

    Attributes:
        renamed: The old database after what is renamed has got its name.
    """

    plan: Plan
    old: Inventory
    renamed: Inventory
    new: Inventory


def diff(
    old: str,
    new: str,
    root: Path,
    server_url: str | None = None,
    *,
    in_one_transaction: bool,
    renames: Sequence[str] = (),
) -> ProvedPlan:
    """Return the plan that turns `old` into `new`, proved in a scratch database.

    Each side is an .sql file, a folder of migrations or the URL of a database, which is only read. `renames` are
    `OLD=NEW`; comments in the new side's files name more of them.

    Errors: SourceError for files, ConfigError, DatabaseUnavailable; DiffError for what cannot be planned or proved.
    """
    sides = read_side(old, root), read_side(new, root)
    with ExitStack() as stack:
        server = server_url or stack.enter_context(
            scratch_server(extensions=extensions(sides[0]) | extensions(sides[1]))
        )
        return diff_sides(*sides, server, in_one_transaction=in_one_transaction, renames=renames)


def diff_sides(
    old: Side, new: Side, server: Server | str, *, in_one_transaction: bool, renames: Sequence[str] = ()
) -> ProvedPlan:
    """Return the plan from one side to the other, proved on `server`."""
    compared_with = server_versions((old, new))
    version_table = next((side.version_table for side in (old, new) if isinstance(side, DatabaseSide)), DEFAULT_TABLE)

    def make_session() -> AbstractContextManager[Session]:
        return scratch_session(server, compared_with=compared_with, version_table=version_table)

    hints = () if isinstance(new, DatabaseSide) else hints_of(new.statements)
    with make_session() as old_session, make_session() as new_session:
        before, loaded = _load_both(old, old_session, new, new_session)
        after = Reference(inventory=loaded, make_session=make_session)
        done: list[Rename] = []
        renamed = do_named_renames(old_session, before, after.inventory, done, hints=hints, flags=renames)
        renamed = do_certain_renames(old_session, renamed, after.inventory, done)
        plan = plan_and_prove(renamed, after, old_session, make_session, in_one_transaction=in_one_transaction)
        return ProvedPlan(
            plan=Plan(steps=(*rename_steps(done), *plan.steps)), old=before, renamed=renamed, new=after.inventory
        )


def _load_both(old: Side, old_session: Session, new: Side, new_session: Session) -> tuple[Inventory, Inventory]:
    """Return both sides, of which databases come after files: those say whose a schema with the runner's tables is."""
    if isinstance(old, DatabaseSide):
        beside = database_schemas(new) if isinstance(new, DatabaseSide) else None
        after = load_side(new, new_session, beside=database_schemas(old))
        return load_side(old, old_session, beside=after.schemas if beside is None else beside), after
    before = load_side(old, old_session)
    return before, load_side(new, new_session, beside=before.schemas)


def plan_and_prove(
    before: Inventory, after: Reference, session: Session, make_session: MakeSession, *, in_one_transaction: bool
) -> Plan:
    """Return a plan that was run in `session`, whose database holds `before`, and holds `after` now.

    What a statement makes of its own accord is only known when it has run, such as the names of partitions' indexes;
    so what is still different then is planned for once more.
    """

    def reconciled(state: Inventory) -> Inventory:
        return reconcile(Reference(inventory=state, make_session=make_session), after)

    plan = make_plan(before, reconciled(before), in_one_transaction=in_one_transaction)
    run_statements([statement.sql for statement in plan.statements], session, in_transaction=in_one_transaction)
    steps, state = plan.steps, before
    if steps:
        settled = settle(session, after.inventory, reconciled)
        steps, state = (*steps, *settled.steps), settled.state
    dropped = frozenset(step.key for step in steps if step.action is Action.DROP)
    check_proof(state, after, before=before, dropped=dropped)
    return Plan(steps=steps)
