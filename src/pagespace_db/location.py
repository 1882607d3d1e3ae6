"""Places in files that a user wrote: where they are, and how they are shown.

Nothing here reads a file or knows SQL. Lines and columns count from 1, in characters.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_TAB_WIDTH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A span of one line of a file, with the text of that line for the caret."""

    path: Path
    line: int
    column: int
    source_line: str = ""
    length: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    @classmethod
    def in_text(cls, path: Path, text: str, offset: int, *, length: int = 1) -> Location:
        """Return the location of the character at `offset` (from 0) of `text`, the content of `path`."""
        offset = max(0, min(offset, len(text)))
        start = text.rfind("\n", 0, offset) + 1
        end = text.find("\n", offset)
        source_line = text[start : end if end >= 0 else len(text)].rstrip("\r")
        return cls(
            path=path,
            line=text.count("\n", 0, offset) + 1,
            column=offset - start + 1,
            source_line=source_line,
            length=max(1, min(length, len(source_line) - (offset - start))),
        )


def render_excerpt(location: Location) -> str:
    """Return the line of `location` with its number, and a caret line beneath it."""
    gutter = f"{location.line:>5} | "
    head = location.source_line[: location.column - 1].expandtabs(_TAB_WIDTH)
    line = location.source_line.expandtabs(_TAB_WIDTH)
    margin = " " * (len(gutter) - 2) + "| "
    return f"{gutter}{line}\n{margin}{' ' * len(head)}{'^' * location.length}"
