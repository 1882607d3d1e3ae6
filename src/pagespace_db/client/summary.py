"""What a statement does, in two words: its command and its table. For those who watch, never for those who run it."""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pagespace_db.builder.columns import Source
from pagespace_db.builder.expressions import Key
from pagespace_db.sqltext import leading_words

_COMMANDS: Final = {
    "delete": "DELETE",
    "insert": "INSERT",
    "insert_bulk": "INSERT",
    "insert_select": "INSERT",
    "select": "SELECT",
    "update": "UPDATE",
    "update_rows": "UPDATE",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """A command such as SELECT, and the table that it reads first or writes to; None for what is not known."""

    command: str | None
    table: str | None = None


@lru_cache(maxsize=4096)
def summary_of(key: Key, sql: bytes) -> Summary:
    """Return the summary of a compiled statement."""
    source: object = None
    node: object = key
    while isinstance(node, tuple) and len(node) > 1 and isinstance(node[0], str):
        tag = node[0]
        if tag in _COMMANDS:
            return Summary(_COMMANDS[tag], _name_of(node[1] if tag != "select" else source))
        if tag == "from":
            source = node[2]
        node = node[1]
    word = next(iter(leading_words(sql.decode(), 1)), None)
    # What follows WITH may be anything.
    return Summary(None if word is None or word.upper() == "WITH" else word.upper())


def table_name(schema: str, name: str) -> str:
    """Return the name of a table as a summary has it."""
    return name if schema == "public" else f"{schema}.{name}"


def _name_of(source: object) -> str | None:
    if not isinstance(source, Source):
        return None
    return table_name(source._schema, source._name)
