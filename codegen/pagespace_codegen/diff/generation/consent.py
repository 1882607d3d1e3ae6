"""What is only done on a word of the user: to lose data, and to take a drop and an addition for a rename. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Mapping, Sequence

from pagespace_codegen.diff.hazards import DATA_LOSS, Hazard
from pagespace_codegen.diff.plan import Plan
from pagespace_codegen.diff.renames.rename import Rename
from pagespace_db.errors import MigrationRefused


def is_drop_allowed(rename: Rename, allowed: Collection[str]) -> bool:
    """Tell whether `allowed` (`HAZARD:OBJECT`) says that what looks like a rename is a loss."""
    return f"drops-{rename.old.kind}:{_short(rename.old.name)}" in map(_short_flag, allowed)


def undecided(renames: Sequence[Rename]) -> MigrationRefused:
    """Return the error for what looks like renames, when there is nobody to ask, with the options that decide."""
    lines = [
        f"  {_option('--rename', rename.flag)}\n"
        f"  {_option('--allow', f'drops-{rename.old.kind}:{_short(rename.old.name)}')}"
        for rename in renames
    ]
    names = ", ".join(f"{_short(rename.old.name)} -> {_short(rename.new.name)}" for rename in renames)
    return MigrationRefused(
        f"this can be a rename, or a loss of data and something new: {names}",
        help="pass one option of each pair:\n" + "\n".join(lines),
    )


def require_consent(
    plan: Plan, allowed: Collection[str], count: Callable[[Sequence[Hazard]], Mapping[Hazard, str]] | None = None
) -> None:
    """Refuse to lose data that nobody said may be lost; `count` tells how much that would be.

    Errors: MigrationRefused with the options that allow it.
    """
    named = set(map(_short_flag, allowed))
    refused = [
        hazard
        for hazard in plan.hazards
        if hazard.kind in DATA_LOSS and f"{hazard.kind}:{_short(hazard.object)}" not in named
    ]
    if refused:
        flags = " ".join(_option("--allow", f"{hazard.kind}:{_short(hazard.object)}") for hazard in refused)
        losses: Mapping[Hazard, str] = {} if count is None else count(refused)
        texts = [f"{hazard} ({losses[hazard]})" if hazard in losses else str(hazard) for hazard in refused]
        raise MigrationRefused("data would be lost: " + ", ".join(texts), help=f"if that is meant, pass {flags}")


def _option(option: str, value: str) -> str:
    """Return an option as a shell takes it: names may have quotes, blanks and dollars."""
    return f"{option} {shlex.quote(value)}"


def _short(name: str) -> str:
    return name.removeprefix("public.")


def _short_flag(flag: str) -> str:
    kind, _, name = flag.partition(":")
    return f"{kind}:{_short(name)}"
