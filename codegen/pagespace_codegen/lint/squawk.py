"""squawk's findings, when squawk is installed (https://squawkhq.com, `pip install squawk-cli`)."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any, Final

from pagespace_db.errors import ConfigError, Finding
from pagespace_db.location import Location
from pagespace_db.migrate.file import MigrationFile

# The runner sets a lock_timeout and retries, and a file that fails is rolled back as a whole.
_ANSWERED: Final = ("require-lock-timeout", "require-statement-timeout", "prefer-robust-stmts")
_TIME_LIMIT_S: Final = 60


def find_squawk() -> str | None:
    """Return the path of the program, or None when it is not installed."""
    return shutil.which("squawk")


def ask_squawk(program: str, file: MigrationFile) -> Iterator[Finding]:
    """Yield what squawk says about the up sections of a file, as warnings; a .squawk.toml is respected.

    Errors: ConfigError when it does not answer as it should.
    """
    for section in file.parsed.up:
        if not section.statements:
            continue
        start, end = section.statements[0].start, section.statements[-1].end
        command = [program, "--reporter", "json", f"--exclude={','.join(_ANSWERED)}", "--stdin-filepath", file.name]
        if section.is_transactional:
            command.append("--assume-in-transaction")
        done = subprocess.run(
            command, input=file.text[start:end], capture_output=True, text=True, check=False, timeout=_TIME_LIMIT_S
        )
        try:
            said: list[dict[str, Any]] = json.loads(done.stdout)
        except json.JSONDecodeError:
            raise ConfigError(
                f"squawk did not answer with JSON: {(done.stderr or done.stdout).strip()[:200]}",
                help="bring it up to date (pip install -U squawk-cli), or take it out of PATH",
            ) from None
        first = Location.in_text(file.path, file.text, start)
        for item in said:
            yield _finding(file, item, first)


def _finding(file: MigrationFile, item: dict[str, Any], first: Location) -> Finding:
    line = first.line + int(item["line"])
    column = int(item["column"]) + (first.column if item["line"] == 0 else 1)
    lines = file.text.split("\n")
    return Finding(
        message=str(item["message"]),
        location=Location(
            path=file.path, line=line, column=column, source_line=lines[line - 1] if line <= len(lines) else ""
        ),
        code=f"squawk:{item['rule_name']}",
        help=item.get("help"),
        severity="warning",
    )
