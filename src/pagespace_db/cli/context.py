"""What every sub-command gets from the root command."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pagespace_db.settings import Project


@dataclass
class CommandContext:
    """The options of the root command, and what follows from them."""

    start: Path

    @cached_property
    def project(self) -> Project:
        """The project at or above the folder the command was pointed at."""
        from pagespace_db.settings import load_project  # noqa: PLC0415  # not every command has a project

        return load_project(self.start)
