"""Renames, done in the scratch database before anything is compared: after that they are no difference any more."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Inventory
from pagespace_codegen.diff.ordering.nodes import Action
from pagespace_codegen.diff.plan import Step
from pagespace_codegen.diff.renames.candidates import certain_renames, named_rename, parse_flag, unknown_name
from pagespace_codegen.diff.renames.rename import Rename
from pagespace_codegen.diff.rules.base import Statement
from pagespace_codegen.diff.scratch.session import Session
from pagespace_codegen.diff.sides import run_statements


def do_rename(session: Session, rename: Rename, done: list[Rename]) -> Inventory:
    """Rename an object, add that to `done`, and return what is in the database now."""
    run_statements((rename.statement,), session, in_transaction=True)
    done.append(rename)
    return session.inventory()


def do_named_renames(
    session: Session,
    state: Inventory,
    new: Inventory,
    done: list[Rename],
    *,
    hints: Sequence[tuple[str, str]],
    flags: Sequence[str],
) -> Inventory:
    """Rename what comments of the schema and `OLD=NEW` flags name; a comment may be about what was done long ago.

    Errors: ConfigError for a flag that names nothing.
    """
    wanted = [parse_flag(flag) for flag in flags]
    for pair in [*hints, *wanted]:
        rename = named_rename(state, new, pair)
        if rename is None and pair in wanted:
            raise unknown_name(state, new, pair)
        if rename is not None:
            state = do_rename(session, rename, done)
    return state


def do_certain_renames(session: Session, state: Inventory, new: Inventory, done: list[Rename]) -> Inventory:
    """Rename what holds no rows and differs in nothing but its name."""
    for rename in certain_renames(state, new):
        state = do_rename(session, rename, done)
    return state


def rename_steps(renames: Sequence[Rename]) -> tuple[Step, ...]:
    """Return renames as the beginning of a plan."""
    return tuple(
        Step(statement=Statement(sql=rename.statement), action=Action.ALTER, key=rename.old) for rename in renames
    )
