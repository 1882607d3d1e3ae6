"""Comments in a migration that say: this is meant.

`-- lint: allow drops-column, rewrites-table` above a statement is for that statement, above the first statement of a
section for all of the file. `-- hazard: drops-column public.t.c`, which `generate` writes once it was allowed, is for
that object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pagespace_codegen.lint.rules import RULES
from pagespace_db.errors import Finding, nearest
from pagespace_db.migrate.file import MigrationFile
from pagespace_db.sqltext import TokenKind, tokens

_ALLOW: Final = re.compile(r"--\s*lint:\s*allow\s+([\w:-]+(?:\s*,\s*[\w:-]+)*)")
_HAZARD: Final = re.compile(r"--\s*hazard:\s*([a-z-]+)\s+(.+)")
_SQUAWK: Final = "squawk:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What the comments of a file allow.

    Attributes:
        in_file: Codes, for the whole file.
        at: Codes, by the offset of the statement.
        objects: Pairs of a code and an object.
    """

    in_file: frozenset[str] = frozenset()
    at: Mapping[int, frozenset[str]] = field(default_factory=dict[int, frozenset[str]])
    objects: frozenset[tuple[str, str]] = frozenset()

    def covers(self, code: str, statement_start: int | None = None, name: str = "") -> bool:
        """Tell whether a finding is allowed."""
        if code in self.in_file or (code, name) in self.objects:
            return True
        return statement_start is not None and code in self.at.get(statement_start, frozenset())


def read_allowed(file: MigrationFile) -> tuple[Allowed, tuple[Finding, ...]]:
    """Return what the comments of a file allow, and findings about codes that there are not."""
    in_file: set[str] = set()
    at: dict[int, frozenset[str]] = {}
    objects: set[tuple[str, str]] = set()
    findings: list[Finding] = []
    for section in (*file.parsed.up, *file.parsed.down):
        end = file.text.find("\n", _offset(file, section.location.line))
        for place, statement in enumerate(section.statements):
            codes: set[str] = set()
            for start, comment in _comments(file.text, max(end, 0), statement.start):
                if match := _HAZARD.match(comment):
                    objects.add((match[1], match[2].partition(": ")[0].strip()))
                elif match := _ALLOW.match(comment):
                    named = {code.strip() for code in match[1].split(",")}
                    codes |= named
                    findings += _unknown(file, start, comment, named)
            if place == 0:
                in_file |= codes
            else:
                at[statement.start] = frozenset(codes)
            end = statement.end
    return Allowed(in_file=frozenset(in_file), at=at, objects=frozenset(objects)), tuple(findings)


def _offset(file: MigrationFile, line: int) -> int:
    offset = 0
    for _ in range(line - 1):
        offset = file.text.index("\n", offset) + 1
    return offset


def _comments(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    between = text[start:end]
    for token in tokens(between):
        if token.kind is TokenKind.COMMENT:
            yield start + token.start, between[token.start : token.end]


def _unknown(file: MigrationFile, start: int, comment: str, codes: set[str]) -> Iterator[Finding]:
    for code in sorted(codes - {str(rule) for rule in RULES}):
        if code.startswith(_SQUAWK):
            continue
        guess = nearest(code, [str(rule) for rule in RULES])
        yield Finding(
            message=f"there is no rule `{code}`",
            location=file.locate(start, length=len(comment)),
            code="unknown-rule",
            help=f"did you mean `{guess}`?" if guess else "rules: " + ", ".join(RULES),
            severity="warning",
        )
