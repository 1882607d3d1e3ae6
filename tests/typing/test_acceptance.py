"""The typed surface, as four type checkers see it.

project/must_pass*.py must type-check in all four; in project/must_fail*.py each line marked `# E[...]` must be an error
in all four, and no other line. Marks with a checker's name (`E-mypy`, `T-ty`) are the known exceptions: what mypy lets
pass because it ignores LiteralString, and what ty and pyrefly refuse because they infer a display before its context.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent / "project"
FILES = tuple(sorted(path.name for path in PROJECT.glob("must_*.py")))
CHECKERS = ("mypy", "pyright", "ty", "pyrefly")


@dataclass(frozen=True, slots=True)
class Diagnostic:
    file: str
    line: int
    message: str


def bin_of(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def run_mypy() -> list[Diagnostic]:
    command = [bin_of("mypy"), "--strict", "--python-version", "3.11", "--no-error-summary", "--config-file", ""]
    return from_text(run([*command, *FILES]))


def run_pyright() -> list[Diagnostic]:
    done = run([bin_of("pyright"), "--outputjson", "--project", "pyrightconfig.json"])
    return [
        Diagnostic(Path(found["file"]).name, found["range"]["start"]["line"] + 1, found["message"])
        for found in json.loads(done)["generalDiagnostics"]
        if found["severity"] == "error"
    ]


def run_ty() -> list[Diagnostic]:
    command = [bin_of("ty"), "check", "--output-format", "concise", "--python", sys.prefix, "--python-version", "3.11"]
    return from_text(run([*command, *FILES]))


def run_pyrefly() -> list[Diagnostic]:
    command = [bin_of("pyrefly"), "check", "--output-format", "min-text", "--config", "pyrefly.toml"]
    return from_text(run([*command, *FILES]))


def run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return done.stdout


def from_text(text: str) -> list[Diagnostic]:
    found = re.finditer(r"(must_\w+\.py):(\d+)(?::[\d:-]+)?\W+(?!note)(.*)", text)
    return [Diagnostic(match[1], int(match[2]), match[3]) for match in found]


RUNNERS = {"mypy": run_mypy, "pyright": run_pyright, "ty": run_ty, "pyrefly": run_pyrefly}


def marked_lines(file: str, checker: str) -> tuple[set[int], set[int]]:
    """Return the lines that must be errors, and those that may be."""
    must, may = set[int](), set[int]()
    for number, line in enumerate((PROJECT / file).read_text().splitlines(), start=1):
        mark = re.search(r"# (E|T)(?:-(\w+))?\[", line)
        if mark is None:
            continue
        kind, exempt = mark.groups()
        if exempt == checker:
            may.add(number)
        elif kind == "E":
            must.add(number)
    return must, may


@pytest.mark.parametrize("checker", CHECKERS)
def test_each_line_is_judged_as_it_is_marked(checker: str) -> None:
    diagnostics = RUNNERS[checker]()
    for file in FILES:
        must, may = marked_lines(file, checker)
        actual = {found.line: found.message for found in diagnostics if found.file == file}
        unexpected = {line: message for line, message in actual.items() if line not in must | may}
        assert unexpected == {}, f"{checker} refuses lines of {file} that are right"
        assert must - actual.keys() == set(), f"{checker} lets lines of {file} pass that are wrong"


@pytest.mark.parametrize("project", [PROJECT, PROJECT.parents[1] / "relational" / "project"])
def test_the_generated_packages_of_tests_are_fresh(project: Path) -> None:
    done = subprocess.run(
        [bin_of("pagespace-db"), "--project", str(project), "codegen", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
