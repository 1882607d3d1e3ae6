"""What every sub-command gets from the root command."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pagespace_db.settings import Project, load_project


@dataclass
class CommandContext:
    """The options of the root command, and what follows from them."""

    start: Path

    @cached_property
    def project(self) -> Project:
        """The project at or above the folder the command was pointed at."""
        return load_project(self.start)
