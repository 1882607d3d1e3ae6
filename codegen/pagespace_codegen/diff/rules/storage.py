"""How the values of a column are stored, compressed and measured: the same for tables and materialized views."""

from __future__ import annotations

from collections.abc import Iterator

from pagespace_codegen.diff.inventory.model import Facts
from pagespace_codegen.diff.rules.options import as_mapping, generic_changes, storage_changes


def without_storage(facts: Facts) -> Facts:
    """Return the facts of a column that has just been made."""
    return facts.but(storage=None, compression=None, statistics=None, options=[], server_options=[])


def storage_alterations(old: Facts, new: Facts) -> Iterator[str]:
    """Yield what follows ALTER COLUMN to store, compress and measure a column in the new way."""
    if old["storage"] != new["storage"]:
        yield f"SET STORAGE {new.optional('storage') or new.text('default_storage')}"
    if old["compression"] != new["compression"]:
        yield f"SET COMPRESSION {new.optional('compression') or 'default'}"
    if old["statistics"] != new["statistics"]:
        target = new.number("statistics")
        yield f"SET STATISTICS {-1 if target is None else target}"
    yield from storage_changes(old.texts("options"), new.texts("options"))
    options = generic_changes(as_mapping(old.texts("server_options")), as_mapping(new.texts("server_options")))
    if options:
        yield options
