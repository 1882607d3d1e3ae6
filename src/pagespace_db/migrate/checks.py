"""What a migration must not contain: transaction control, commands of psql, COPY through the client. Pure.

Everything is found before the first statement is sent, and nothing here judges what SQL means: a statement is known by
its leading words alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from pagespace_db.errors import Finding, SourceError
from pagespace_db.migrate.file import MigrationFile
from pagespace_db.migrate.parse import Direction
from pagespace_db.sqltext import Statement, TokenKind, leading_words, tokens

_TRANSACTION_CONTROL: Final = frozenset({
    ("BEGIN",),
    ("START", "TRANSACTION"),
    ("COMMIT",),
    ("END",),
    ("ROLLBACK",),
    ("ABORT",),
    ("PREPARE", "TRANSACTION"),
})  # fmt: skip
# Within a transaction these are harmless: they cannot end it.
_SAVEPOINT: Final = frozenset({("ROLLBACK", "TO"), ("ROLLBACK", "WORK", "TO"), ("ROLLBACK", "TRANSACTION", "TO")})


def check_file(file: MigrationFile, direction: Direction) -> tuple[Finding, ...]:
    """Return what is wrong with the sections of one direction, in the order of the file.

    Errors: SourceError when the file cannot be parsed; if that may be so because of rows for COPY, it says that.
    """
    try:
        sections = file.parsed.sections(direction)
    except SourceError as error:
        copy = _find_copy(file)
        raise SourceError(error.findings if copy is None else [copy, *error.findings]) from None
    statements = [statement for section in sections for statement in section.statements]
    statements.sort(key=lambda statement: statement.start)
    return tuple(finding for statement in statements for finding in _check_statement(file, statement))


def _check_statement(file: MigrationFile, statement: Statement) -> Iterator[Finding]:
    words = leading_words(statement.text, 3)
    if statement.is_meta_command:
        command = statement.text.split()[0]
        yield Finding(
            message=f"`{command}` is a command of psql, which the server does not understand",
            location=file.locate(statement.start, length=len(command)),
            code="psql-command",
            help="delete the line; pg_dump wrote it for psql"
            if command in {"\\restrict", "\\unrestrict"}
            else "write SQL in its place",
        )
    elif {words[:1], words[:2]} & _TRANSACTION_CONTROL and not {words[:2], words} & _SAVEPOINT:
        yield Finding(
            message=f"`{words[0]}` would end or nest the transaction that the migration runs in",
            location=file.locate(statement.start, length=len(words[0])),
            code="transaction-control",
            help="remove it; all of a file is one transaction, unless its directive says `transaction:false`",
        )
    elif words[:1] == ("COPY",) and _copies_through_client(statement.text):
        yield _copy_finding(file, statement.start)


def _find_copy(file: MigrationFile) -> Finding | None:
    """Return the first COPY through the client in a file that cannot be parsed: what follows it are rows, not SQL."""
    start: int | None = None
    for token in tokens(file.text):
        if start is None and token.kind not in {TokenKind.SPACE, TokenKind.COMMENT}:
            start = token.start
        if start is not None and file.text[token.start : token.end] == ";":
            statement = file.text[start : token.start]
            if leading_words(statement, 1) == ("COPY",) and _copies_through_client(statement):
                return _copy_finding(file, start)
            start = None
    return None


def _copy_finding(file: MigrationFile, offset: int) -> Finding:
    return Finding(
        message="COPY FROM STDIN or TO STDOUT needs a client to send or take the rows",
        location=file.locate(offset, length=len("COPY")),
        code="copy",
        help="write INSERT statements (`pg_dump --inserts` makes them)",
    )


def _copies_through_client(statement: str) -> bool:
    words = [statement[t.start : t.end].upper() for t in tokens(statement) if t.kind is TokenKind.IDENTIFIER]
    return any(pair in {("FROM", "STDIN"), ("TO", "STDOUT")} for pair in itertools.pairwise(words))
