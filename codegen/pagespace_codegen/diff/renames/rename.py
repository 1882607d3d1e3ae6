"""A rename, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from pagespace_codegen.diff.inventory.model import Key


@dataclass(frozen=True, slots=True)
class Rename:
    """An object that gets another name.

    Attributes:
        old: The object as it is called.
        new: The object as it will be called.
        statement: What renames it.
        inverse: What takes that back.
    """

    old: Key
    new: Key
    statement: str
    inverse: str

    @property
    def flag(self) -> str:
        """What to pass to the command's `--rename` to have it."""
        return f"{self.old.name.removeprefix('public.')}={self.new.name.removeprefix('public.')}"
