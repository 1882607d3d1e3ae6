"""What can be dangerous about a statement: data that is lost, a table that is rewritten, a lock that lasts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class HazardKind(StrEnum):
    """The kinds of hazard; their names are what `--allow` takes."""

    DROPS_TABLE = "drops-table"
    """All rows of a table are lost."""
    DROPS_COLUMN = "drops-column"
    """All values of a column are lost."""
    DROPS_SEQUENCE = "drops-sequence"
    """The position of a sequence is lost."""
    DROPS_EXTENSION = "drops-extension"
    """What an extension keeps is lost."""
    REMOVES_LABEL = "removes-label"
    """Rows with a label that is removed make the migration fail."""
    REWRITES_TABLE = "rewrites-table"
    """Every row is written anew, under a lock that stops reading and writing."""
    CONVERTS_VALUES = "converts-values"
    """Values are converted by a cast which may fail, or lose something."""
    SCANS_TABLE = "scans-table"
    """Every row is read under a lock that stops writing, and one bad row makes the migration fail."""
    BLOCKS_WRITES = "blocks-writes"
    """An index is built under a lock that stops writing."""
    RENAMES_TABLE = "renames-table"
    """Running code still uses the old name of a table."""
    RENAMES_COLUMN = "renames-column"
    """Running code still uses the old name of a column."""


DATA_LOSS = frozenset(
    {
        HazardKind.DROPS_TABLE,
        HazardKind.DROPS_COLUMN,
        HazardKind.DROPS_SEQUENCE,
        HazardKind.DROPS_EXTENSION,
        HazardKind.REMOVES_LABEL,
    }
)
"""What needs consent by name."""


REMEDIES: Final = {
    HazardKind.REWRITES_TABLE: (
        "expand and contract: add a column beside the old one, fill it in batches, move the code, then drop the old "
        "one; a volatile default is set after the column was added"
    ),
    HazardKind.SCANS_TABLE: (
        "add a constraint as NOT VALID and VALIDATE it in a later file; for SET NOT NULL validate a CHECK (column IS "
        "NOT NULL) first; read nothing else while the lock is held"
    ),
    HazardKind.BLOCKS_WRITES: (
        "CREATE INDEX CONCURRENTLY, in a file of its own with `-- migrate:up transaction:false`"
    ),
    HazardKind.CONVERTS_VALUES: "look at the values first; expand and contract if some of them need a decision",
}
"""How the same is reached on a table in use without the hazard."""


@dataclass(frozen=True, slots=True)
class Hazard:
    """A danger, and the object that is in it."""

    kind: HazardKind
    object: str
    detail: str = ""

    def __str__(self) -> str:
        """Return it in one line, whatever its object is called: it stands in comments of SQL."""
        text = f"{self.kind} {self.object}" + (f": {self.detail}" if self.detail else "")
        return text.replace("\n", "\\n").replace("\r", "\\r")
