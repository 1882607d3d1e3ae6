"""What is generated from a few schemas, to be read in review; the same on every server version.

After an intended change: `python -m tests.codegen.test_golden` writes the files anew, on the embedded server.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pagespace_codegen.pipeline import generate
from pagespace_db.settings import Project

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
NAMES = ("composites", "legacy", "shop", "views")


def generated(name: str, server_url: str | None) -> dict[str, str]:
    """Return the files for a schema of the corpus."""
    schema = HERE / "corpus" / f"{name}.sql"
    return generate(Project(root=HERE, schema=schema, queries=HERE / "queries", migrations=HERE, out=HERE), server_url)


def golden(name: str) -> dict[str, str]:
    return {path.name.removesuffix(".txt"): path.read_text(encoding="utf-8") for path in (GOLDEN / name).iterdir()}


@pytest.mark.parametrize("name", NAMES)
def test_the_output_is_the_one_that_was_reviewed(server_url: str, name: str) -> None:
    assert generated(name, server_url) == golden(name)


def write_golden_files() -> None:
    for name in NAMES:
        for path, text in generated(name, None).items():
            target = GOLDEN / name / f"{path}.txt"  # not .py: no tool is to take it for code of this project
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_golden_files()
