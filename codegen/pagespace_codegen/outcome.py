"""What a run of codegen did, or would do. Light to import, as a run that finds nothing to do must be fast."""

from __future__ import annotations

import time
from dataclasses import dataclass

from pagespace_codegen.fingerprint import find_fresh
from pagespace_codegen.python.write import Change, package_modules
from pagespace_db.errors import Finding
from pagespace_db.settings import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run of codegen did, or would do.

    Attributes:
        changes: The files that changed.
        unchanged: The number of modules that were right already.
        seconds: The time it took.
        warnings: What is worth saying of the queries.
    """

    changes: tuple[Change, ...]
    unchanged: int
    seconds: float
    warnings: tuple[Finding, ...] = ()


def fresh_outcome(project: Project) -> Outcome | None:
    """Return the outcome of a run that finds nothing to do, as the fingerprint tells; None when it does not."""
    started = time.perf_counter()
    fingerprint = find_fresh(project)
    if fingerprint is None:
        return None
    return Outcome(
        changes=(),
        unchanged=len(package_modules(project.out)),
        seconds=time.perf_counter() - started,
        warnings=fingerprint.warnings,
    )
