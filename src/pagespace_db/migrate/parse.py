"""The format of a migration file: `-- migrate:up` and `-- migrate:down` sections, as dbmate reads them. Pure.

What the statements of a file must not do is in `checks`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pagespace_db.errors import Finding, SourceError, nearest
from pagespace_db.location import Location
from pagespace_db.sqltext import Statement, TokenKind, split_statements, tokens

Direction = Literal["up", "down"]

_DIRECTIVE: Final = re.compile(r"^--[ \t]*migrate:(up|down)(?=[ \t]*$|[ \t]+\S)([^\n]*)$", re.MULTILINE)
_BEFORE_UP: Final = re.compile(r"(?:[ \t]*(?:--[^\n]*)?\n)*")
_BLANK: Final = frozenset({TokenKind.SPACE, TokenKind.COMMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One `-- migrate:up` or `-- migrate:down` block.

    Attributes:
        direction: Which of the two it is.
        location: The line of the directive.
        is_transactional: False for `transaction:false`: its statements are sent outside of a transaction.
        statements: In order; their offsets are those of the whole file.
    """

    direction: Direction
    location: Location
    is_transactional: bool
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedMigration:
    """What a migration file says.

    Attributes:
        up: The up sections, in the order in which they are applied.
        down: The down sections, in the order in which they are applied: last one first.
        checksum: SHA-256 of the tokens of the up sections: other blanks or comments do not change it.
        warnings: What is odd but does no harm.
    """

    up: tuple[Section, ...]
    down: tuple[Section, ...]
    checksum: str
    warnings: tuple[Finding, ...] = ()

    def sections(self, direction: Direction) -> tuple[Section, ...]:
        """Return the sections of one direction, in the order in which they are applied."""
        return self.up if direction == "up" else self.down

    def statements(self, direction: Direction) -> tuple[Statement, ...]:
        """Return the statements of one direction, in the order in which they are sent."""
        return tuple(statement for section in self.sections(direction) for statement in section.statements)


def parse_migration(text: str, path: Path, *, has_bom: bool = False) -> ParsedMigration:
    """Return the sections of a migration file's `text`.

    Errors: SourceError, located in `path`, with everything that is wrong with the directives, or with the first
    string, quoted name or comment that does not end.
    """
    directives = list(_DIRECTIVE.finditer(text))
    findings = _misplaced(text, path, directives)
    if findings:
        raise SourceError([*findings, *_inside_of_tokens(text, path, directives)])
    warnings: list[Finding] = []
    if has_bom:
        warnings.append(_byte_order_mark(path))
    sections: list[Section] = []
    edges = [*(match.start() for match in directives), len(text)]
    for match, end in zip(directives, edges[1:], strict=True):
        location = Location.in_text(path, text, match.start(), length=match.end() - match.start())
        is_transactional = _read_options(match, location, findings, warnings)
        direction: Direction = "up" if match[1] == "up" else "down"
        try:
            statements = _statements(text, match.end(), end, path)
        except SourceError as error:
            raise SourceError(_inside_of_tokens(text, path, directives) or error.findings) from None
        sections.append(
            Section(direction=direction, location=location, is_transactional=is_transactional, statements=statements)
        )
    if findings:
        raise SourceError(findings)
    up = tuple(section for section in sections if section.direction == "up")
    down = tuple(section for section in reversed(sections) if section.direction == "down")
    return ParsedMigration(
        up=up,
        down=down,
        checksum=joint_checksum(statement for section in up for statement in section.statements),
        warnings=tuple(warnings),
    )


def _statements(text: str, start: int, end: int, path: Path) -> tuple[Statement, ...]:
    """Return the statements of `text[start:end]`, with the offsets and the error locations of the whole text."""
    try:
        found = split_statements(text[start:end])
    except SourceError:
        # Only now pay for a text of the same length and the same lines, in which the error has its true place.
        return split_statements(re.sub(r"[^\n]", " ", text[:start]) + text[start:end], path)
    return tuple(
        Statement(
            text=statement.text,
            start=statement.start + start,
            end=statement.end + start,
            is_meta_command=statement.is_meta_command,
        )
        for statement in found
    )


def joint_checksum(statements: Iterable[Statement]) -> str:
    """Return the SHA-256 of the tokens of `statements`."""
    digest = hashlib.sha256()
    for statement in statements:
        digest.update(statement_checksum(statement.text).encode())
    return digest.hexdigest()


def statement_checksum(statement: str) -> str:
    """Return the SHA-256 of a statement's tokens: other blanks or comments do not change it."""
    words = (statement[token.start : token.end] for token in tokens(statement) if token.kind not in _BLANK)
    return hashlib.sha256("\0".join(words).encode()).hexdigest()


def _byte_order_mark(path: Path) -> Finding:
    return Finding(
        message="the file begins with a byte order mark, which dbmate does not understand",
        location=Location(path=path, line=1, column=1),
        code="byte-order-mark",
        severity="warning",
        help="save it as UTF-8 without BOM",
    )


def _misplaced(text: str, path: Path, directives: Sequence[re.Match[str]]) -> list[Finding]:
    """Find missing directives, directives in a wrong order, and statements before the first one."""

    def finding(message: str, offset: int, remedy: str) -> Finding:
        return Finding(message=message, location=Location.in_text(path, text, offset), code="directive", help=remedy)

    names = [match[1] for match in directives]
    if "up" not in names:
        return [finding("the file has no `-- migrate:up` line", 0, "begin it with a line `-- migrate:up`, at column 1")]
    if "down" not in names:
        return [
            finding(
                "the file has no `-- migrate:down` line",
                len(text.rstrip("\n")),
                "end it with a line `-- migrate:down` and what undoes the migration; it may be empty",
            )
        ]
    findings: list[Finding] = []
    before_first = _BEFORE_UP.match(text)
    if before_first is None or before_first.end() < directives[0].start():
        offset = before_first.end() if before_first else 0
        findings.append(
            finding("a statement stands before the first `-- migrate:up`", offset, "move it below that line")
        )
    expected = "up"
    for match in directives:
        if match[1] != expected:
            if expected == "up":
                message, remedy = "this `-- migrate:down` has no `-- migrate:up` before it", "put `up` before `down`"
            else:
                message, remedy = "this `-- migrate:up` follows another one", "put a `-- migrate:down` between them"
            findings.append(finding(message, match.start(), remedy))
        expected = "down" if match[1] == "up" else "up"
    return findings


def _inside_of_tokens(text: str, path: Path, directives: Sequence[re.Match[str]]) -> list[Finding]:
    """Find strings and block comments that go on over a directive: dbmate would take it for real and cut them there."""
    inside = {match.start(): match for match in directives}
    findings: list[Finding] = []
    for token in tokens(text):
        match = next((inside[start] for start in inside if token.start < start < token.end), None)
        if match is not None:
            what = "comment" if text.startswith("/*", token.start) else "string"
            line = Location.in_text(path, text, match.start()).line
            findings.append(
                Finding(
                    message=f"this {what} goes on over the directive `{match[0]}` in line {line}",
                    location=Location.in_text(path, text, token.start),
                    code="directive",
                    help=f"end it before that line; if the {what} is to contain the line, indent the line",
                )
            )
    return findings


def _read_options(match: re.Match[str], location: Location, findings: list[Finding], warnings: list[Finding]) -> bool:
    """Return whether the section is transactional; words without a colon are the user's own."""
    is_transactional = True
    for option in match[2].split():
        key, colon, value = option.partition(":")
        if key == "transaction" and colon:
            if value not in {"true", "false"}:
                findings.append(
                    Finding(
                        message=f"`{option}` is neither `transaction:true` nor `transaction:false`",
                        location=location,
                        code="directive-option",
                        help="write `transaction:false`, or leave it out",
                    )
                )
            is_transactional = value != "false"
        elif colon:
            guess = "did you mean `transaction:false`?" if nearest(key, ["transaction"]) else "remove it"
            warnings.append(
                Finding(
                    message=f"the option `{option}` is not known, and ignored",
                    location=location,
                    code="directive-option",
                    severity="warning",
                    help=guess,
                )
            )
    return is_transactional
