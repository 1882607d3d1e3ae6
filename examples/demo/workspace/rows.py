"""The form in which the workspace is handed over: rows of tables, ready for COPY."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final, TypeAlias

Row: TypeAlias = tuple[object, ...]

_encoder: Final = json.JSONEncoder(separators=(",", ":"), sort_keys=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRows:
    """The rows of one table, each in the order of `columns`."""

    table: str
    columns: tuple[str, ...]
    rows: list[Row]


def table_rows(table: str, columns: str, rows: list[Row]) -> TableRows:
    """Return rows of `table` whose columns are named in one string, separated by spaces."""
    return TableRows(table=table, columns=tuple(columns.split()), rows=rows)


def to_json(value: object) -> str:
    """Return the JSON text of `value`, short and with sorted keys."""
    return _encoder.encode(value)
