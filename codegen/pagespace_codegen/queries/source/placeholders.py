"""A statement as its author writes it -> the statement that the server gets: `$n` for `:name`, and parts left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pagespace_db.sqltext import Statement, Token, TokenKind

_PARAMETERS: Final = frozenset({TokenKind.NAMED_PARAMETER, TokenKind.PARAMETER, TokenKind.PSQL_VARIABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """What stands in the statement for a part of the source: `$n` for a parameter, nothing for what is left out.

    Attributes:
        source_start: Where the part starts in the file.
        source_end: Where it ends there.
        statement_start: Where its replacement starts in the statement that the server gets.
        statement_end: Where that ends.
    """

    source_start: int
    source_end: int
    statement_start: int
    statement_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A part of the file to be left out of a statement, and the space or nothing that takes its place."""

    start: int
    end: int
    replacement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedStatement:
    """A statement with its parameters as `$n`.

    Attributes:
        statement: The statement for the server.
        names: The names of the parameters, `$1` first.
        placeholders: What was replaced in it.
        wrong: What is wrong with the parameters, and the token to blame; the rest is then of no use.
    """

    statement: str
    names: tuple[str, ...]
    placeholders: tuple[Placeholder, ...]
    wrong: tuple[str, Token] | None = None


def number_parameters(
    statement: Statement, scanned: Sequence[Token], types: Mapping[str, str], cuts: Sequence[Cut] = ()
) -> NumberedStatement:
    """Return a statement with `:name` as `$n`; `scanned` are its tokens, by their places in the file.

    A parameter with a declared type becomes a cast to it. `cuts` are in order, and do not overlap.
    """
    source, start = statement.text, statement.start
    end = start + len(source)
    names: list[str] = []
    replaced: list[tuple[int, int, str]] = [(cut.start, min(cut.end, end), cut.replacement) for cut in cuts]
    is_positional: bool | None = None
    for token in _outside(scanned, cuts):
        word = source[token.start - start : token.end - start]
        if token.kind is TokenKind.PSQL_VARIABLE:
            return _wrong(source, f"`{word}` is a variable of psql: write `:name` for a value", token)
        if is_positional is not None and is_positional is not (token.kind is TokenKind.PARAMETER):
            return _wrong(source, "a query has either named or positional parameters", token)
        is_positional = token.kind is TokenKind.PARAMETER
        name = f"p{int(word[1:])}" if is_positional else word[1:]
        if is_positional:
            names += (f"p{number}" for number in range(len(names) + 1, int(word[1:]) + 1))
        elif name not in names:
            names.append(name)
        placeholder = f"${names.index(name) + 1}"
        if name in types:
            placeholder = f"CAST({placeholder} AS {types[name]})"
        replaced.append((token.start, token.end, placeholder))
    pieces: list[str] = []
    placeholders: list[Placeholder] = []
    position, length = start, 0
    for part_start, part_end, replacement in sorted(replaced):
        before = source[position - start : part_start - start]
        length += len(before)
        placeholders.append(
            Placeholder(
                source_start=part_start,
                source_end=part_end,
                statement_start=length,
                statement_end=length + len(replacement),
            )
        )
        pieces += before, replacement
        length += len(replacement)
        position = part_end
    pieces.append(source[position - start :])
    return NumberedStatement(statement="".join(pieces), names=tuple(names), placeholders=tuple(placeholders))


def _outside(scanned: Sequence[Token], cuts: Sequence[Cut]) -> Iterator[Token]:
    """Yield the parameters that no cut takes away."""
    for token in scanned:
        if token.kind in _PARAMETERS and not any(cut.start <= token.start < cut.end for cut in cuts):
            yield token


def _wrong(source: str, message: str, token: Token) -> NumberedStatement:
    return NumberedStatement(statement=source, names=(), placeholders=(), wrong=(message, token))
