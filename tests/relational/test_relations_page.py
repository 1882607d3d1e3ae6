"""Every example of docs/relations.md runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import typing_schema

import pagespace_db
from pagespace_db import Database, api
from pagespace_db.builder.statement import Statement

PAGE = Path(__file__).parents[2] / "docs" / "relations.md"


def test_the_examples_of_the_page_run(db: Database) -> None:
    names: dict[str, Any] = {name: getattr(pagespace_db, name) for name in api.__all__ if name != "db"}
    names |= {name: getattr(typing_schema, name) for name in ("users", "drives", "pages", "User", "Drive", "Page")}
    names["db"] = db
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    for block in blocks:
        exec(block, names)  # noqa: S102  # our own documentation
    assert names["titles"] == ["plan", "ideas", "todo"]
    assert [user.id for user in names["found"]] == ["ann", "bob"]
    rows = {name: db.all(made) for name, made in names.items() if isinstance(made, Statement)}  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  # of any rows
    assert rows == {"counted": [("ann", 2), ("bob", 1), ("cat", 0)], "grandchildren": ["note"]}
