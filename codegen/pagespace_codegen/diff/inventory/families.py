"""The kinds of objects, in the order in which they are usually made, and when there is anything of a kind to be read.

To plan a query over the catalogs takes the server longer than to find nothing with it; most databases have few kinds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

_TABLES: Final = ("relation r", "relation p", "relation f")
_SPLIT_PUBLICATIONS: Final = 15_00_00

# Files of sql/, each with the words of present.sql of which one must be there; no words: always.
_FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "schemas": (),
    "extensions": (),
    "languages": ("language",),
    "access_methods": ("access method",),
    "collations": ("collation",),
    "conversions": ("conversion",),
    "enums": ("type e",),
    "domains": ("type d",),
    "composites": ("relation c",),
    "ranges": ("type r",),
    "sequences": ("relation S",),
    "functions": ("function f", "function p", "function w"),
    "aggregates": ("function a",),
    "operators": ("operator",),
    "operator_families": ("operator family",),
    "operator_classes": ("operator class",),
    "casts": ("cast",),
    "transforms": ("transform",),
    "text_search": ("text search",),
    "foreign_data": ("foreign data",),
    "tables": _TABLES,
    "attachments": ("parent",),
    "columns": _TABLES,
    "views": ("relation v", "relation m"),
    "defaults": ("default", "type d"),
    "constraints": ("constraint",),
    "indexes": ("relation i", "relation I"),
    "partition_indexes": ("relation p",),
    "sequence_owners": ("relation S",),
    "rules": ("rule",),
    "triggers": ("trigger",),
    "partition_triggers": ("trigger",),
    "policies": ("policy",),
    "statistics": ("statistics",),
    "event_triggers": ("event trigger",),
    "default_privileges": ("default privileges",),
    "publications": ("publication",),
    "publication_members_14": ("publication",),
    "publication_members": ("publication",),
    "publication_schemas": ("publication",),
}


def families(present: Collection[str], version: int) -> tuple[str, ...]:
    """Return the files of sql/ that find something, in order, given what present.sql has found."""
    foreign = (
        {"publication_members_14"} if version >= _SPLIT_PUBLICATIONS else {"publication_members", "publication_schemas"}
    )
    return tuple(
        family
        for family, words in _FAMILIES.items()
        if family not in foreign and (not words or any(word in present for word in words))
    )
