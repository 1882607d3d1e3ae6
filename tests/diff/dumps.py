"""A second opinion on whether two databases are equal: pg_dump's, with the order of things that have none taken out."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from typing import Final

from pagespace_db.connect import with_database
from pagespace_db.embedded import find_binaries
from pagespace_db.settings import process_environment
from pagespace_db.sqltext import split_statements

# What pg_dump says about the order of columns in storage is no part of a schema: columns are added at the end.
_TABLE: Final = re.compile(r"\A(CREATE (?:UNLOGGED |FOREIGN )?TABLE .*? \()\n(.*)\n(\).*)\Z", re.DOTALL)

_WITH: Final = re.compile(r"\bWITH \((\w[\w.]*='[^()]*)\)")
# Columns of statistics stand in the order of storage, too.
_STATISTICS: Final = re.compile(r"\A(CREATE STATISTICS .* ON )(\w+(?:, \w+)+)( FROM .*)\Z", re.DOTALL)
# The name that NOT NULL has in a partition is its table's when it was made as one, and cannot be changed then.
_NOT_NULL: Final = re.compile(r'CONSTRAINT (?:\w+_not_null|"[^"]+_not_null") NOT NULL')
# The role of a scratch database has another name in each.
_OWNER: Final = re.compile(r"pagespace_tmp_\w+")
# `IN` over varchar: pg_dump's text of it changes when it is given back to the server (see proof.Reference).
_IN_VARCHAR: Final = re.compile(r"\(ARRAY\[((?:'(?:[^']|'')*'::character varying(?:, )?)+)\]\)::text\[\]")


def dump(server_url: str, database: str) -> list[str]:
    """Return the statements of `pg_dump --schema-only`, sorted."""
    output = subprocess.run(
        [_pg_dump(), "--schema-only", "--no-owner", "--dbname", with_database(server_url, database)],
        check=True,
        capture_output=True,
        text=True,
        env=process_environment(),
    ).stdout
    return sorted(
        _normalised(statement.text) for statement in split_statements(output) if not statement.is_meta_command
    )


def _with_sorted(match: re.Match[str]) -> str:
    return f"WITH ({', '.join(sorted(match[1].split(', ')))})"


def _as_texts(match: re.Match[str]) -> str:
    texts = re.sub(r"('(?:[^']|'')*'::character varying)", r"(\1)::text", match[1])
    return f"ARRAY[{texts}]"


@cache
def _pg_dump() -> str:
    return str(find_binaries().bin_dir / "pg_dump")


def _normalised(statement: str) -> str:
    statement = _OWNER.sub("the_owner", _IN_VARCHAR.sub(_as_texts, statement))
    statement = _NOT_NULL.sub("NOT NULL", statement)
    statement = _STATISTICS.sub(lambda match: match[1] + ", ".join(sorted(match[2].split(", "))) + match[3], statement)
    statement = _WITH.sub(_with_sorted, statement)
    match = _TABLE.match(statement)
    if match is None:
        return statement
    lines = sorted(line.strip().rstrip(",") for line in match[2].split("\n"))
    return "\n".join([match[1], *lines, match[3]])
