"""Every example of docs/builder.md runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pagespace_db
from pagespace_db import Transaction, api
from pagespace_db.builder.statement import Command, Statement
from tests.builder import tables

PAGE = Path(__file__).parents[2] / "docs" / "builder.md"


def test_the_examples_of_the_page_run(db: Transaction) -> None:
    names: dict[str, Any] = {name: getattr(pagespace_db, name) for name in api.__all__}
    names |= {name: getattr(tables, name) for name in ("users", "drives", "pages")}
    names["db"] = db
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    assert len(blocks) >= 6
    for block in blocks:
        before = set(names)
        exec(block, names)  # noqa: S102  # our own documentation
        made: list[Any] = [names[name] for name in set(names) - before if name != "copied"]  # which waits for a source
        for statement in made:
            if isinstance(statement, Statement):
                db.all(statement)  # pyright: ignore[reportUnknownArgumentType]  # of any rows
            elif isinstance(statement, Command):
                db.execute(statement)
