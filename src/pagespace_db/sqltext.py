r"""A scanner of SQL text: tokens, statements and parameters, by PostgreSQL's lexical rules (manual, section 4.1).

It knows where strings, comments, names and statements begin and end, and nothing of what they mean: that is the
server's business. The rules are those of the server's scan.l with standard_conforming_strings on, and of psql for
`:name`, for `\` commands and for the bodies of SQL functions. Offsets count characters from 0; the server's error
positions count them from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from pagespace_db.errors import Finding, SourceError
from pagespace_db.location import Location


class TokenKind(StrEnum):
    """What a token is; the tokens of a text, joined, are the text."""

    SPACE = "space"
    COMMENT = "comment"
    """A line comment (without its line end), or a block comment with all that is nested in it."""
    IDENTIFIER = "identifier"
    """A name or a keyword without quotes."""
    QUOTED_IDENTIFIER = "quoted_identifier"
    STRING = "string"
    """`'..'`, `E'..'`, `U&'..'`, `B'..'`, `X'..'`, with its continuation on further lines."""
    DOLLAR_STRING = "dollar_string"
    NUMBER = "number"
    PARAMETER = "parameter"
    """`$1`."""
    NAMED_PARAMETER = "named_parameter"
    """`:name`."""
    PSQL_VARIABLE = "psql_variable"
    """`:'name'`, `:"name"` or `:{?name}`: psql would paste text here."""
    OPERATOR = "operator"
    PUNCTUATION = "punctuation"
    """One of `( ) [ ] , ; : .`"""
    META_COMMAND = "meta_command"
    """A backslash outside of quotes, to the end of its line: a command of psql."""
    UNTERMINATED = "unterminated"
    """A string, a quoted name or a comment that the text ends in."""
    OTHER = "other"
    """A character that no SQL contains here; the server refuses it."""


class Token(NamedTuple):
    """A token of a text: `text[start:end]`."""

    kind: TokenKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    r"""A statement of a longer text, without surrounding comments and without its semicolon.

    Attributes:
        text: The statement, from its first to its last token that is neither space nor comment.
        start: Where `text` starts in the whole text.
        end: Where the statement ends in the whole text: past its semicolon, if it has one.
        is_meta_command: Whether this is a line for psql (`\i file`), which no server understands.
    """

    text: str
    start: int
    end: int
    is_meta_command: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedParameter:
    """One occurrence of `:name`; `text[start:end]` includes the colon."""

    name: str
    start: int
    end: int


# Only single characters are repeated possessively: before Python 3.11.5 a possessive group may match wrongly
# (python/cpython#106052), and Debian 12 has 3.11.2.

# A string goes on after a line end (manual, section 4.1.2.1): blanks and line comments may stand between the two parts.
_CONTINUATION: Final = r"(?:[ \t\f\v]|--[^\n\r]*+)*[\n\r](?:[ \t\n\r\f\v]++|--[^\n\r]*+[\n\r])*"
# Letters are ASCII's and whatever is not ASCII. Written as what they are not: Python needs long to compile a set that
# has nearly all characters in it.
_NAME_START: Final = r"[^\x00-@\[-^`{-\x7f]"
_NAME: Final = _NAME_START + r"[^\x00-#%-/:-@\[-^`{-\x7f]*+"
_VARIABLE: Final = r"[^\x00-/:-@\[-^`{-\x7f]++"
_DIGITS: Final = r"[0-9](?:_?[0-9])*"


def _string(prefix: str, body: str) -> str:
    part = f"'(?:{body})*'(?!')"
    return f"{prefix}{part}(?:{_CONTINUATION}{part})*"


# The order matters twice: the first pattern that matches wins, and frequent tokens come first for speed.
_PATTERNS: Final[tuple[tuple[TokenKind, str], ...]] = (
    (TokenKind.SPACE, r"[ \t\n\r\f\v]++"),
    (TokenKind.IDENTIFIER, rf"(?![eEbBxX]'|[uU]&['\"]){_NAME}"),
    (TokenKind.PUNCTUATION, r"[(),;\[\]]|\.(?![.0-9])"),
    (
        TokenKind.STRING,
        "|".join(
            (
                _string("(?:[uU]&)?", r"[^']++|''"),
                _string("[eE]", r"[^'\\]++|''|\\."),
                _string("[bBxX]", r"[^']++"),
            )
        ),
    ),
    (
        TokenKind.NUMBER,
        "|".join(
            (
                r"0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+",
                rf"(?:{_DIGITS}(?:\.(?!\.)(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][-+]?{_DIGITS})?",
            )
        ),
    ),
    (TokenKind.COMMENT, r"--[^\n\r]*+|/\*(?:[^*/]++|\*(?!/)|/(?!\*))*\*/"),
    (TokenKind.COMMENT, r"/\*"),  # it nests others or does not end: `tokens` looks for its end
    # No operator has more than 63 characters; a bound keeps the search for its end from going quadratic.
    (TokenKind.OPERATOR, r"::|:=|\.\.|(?:(?!--|/\*)[-~!@#^&|`?+*/%<>=]){1,64}"),
    (TokenKind.QUOTED_IDENTIFIER, r'(?:[uU]&)?"(?:[^"]++|"")*"(?!")'),
    (TokenKind.UNTERMINATED, r"(?:(?:[uU]&|[eEbBxX])?'|(?:[uU]&)?\").*+"),
    (TokenKind.PSQL_VARIABLE, rf":'{_VARIABLE}'|:\"{_VARIABLE}\"|:\{{\?{_VARIABLE}\}}"),
    (TokenKind.NAMED_PARAMETER, rf":{_NAME_START}(?:{_VARIABLE})?"),
    (TokenKind.PARAMETER, r"\$[0-9]++"),
    (TokenKind.DOLLAR_STRING, rf"\$(?:{_NAME_START}(?:{_VARIABLE})?)?\$"),  # `tokens` looks for the same delimiter
    (TokenKind.META_COMMAND, r"\\[^\n\r]*+"),
    (TokenKind.PUNCTUATION, r":"),
    (TokenKind.OTHER, r"."),
)
_KINDS: Final = (TokenKind.OTHER, *(kind for kind, _ in _PATTERNS))  # by number of the group
_COMMENT_EDGE: Final = re.compile(r"/\*|\*/")

# An operator of several characters ends in + or - only if it holds one of these (manual, section 4.1.3).
_FREE_OPERATOR_CHARACTERS: Final = frozenset("~!@#^&|`?%")

_OPERANDS: Final = frozenset(
    {
        TokenKind.IDENTIFIER,
        TokenKind.QUOTED_IDENTIFIER,
        TokenKind.STRING,
        TokenKind.DOLLAR_STRING,
        TokenKind.NUMBER,
        TokenKind.PARAMETER,
        TokenKind.NAMED_PARAMETER,
        TokenKind.PSQL_VARIABLE,
    }
)
# Reserved words that an expression may follow: after them a colon cannot be the middle of a slice.
_BEFORE_EXPRESSION: Final = frozenset({
    "all", "and", "any", "between", "by", "case", "distinct", "else", "escape", "from", "having", "ilike", "in",
    "isnull", "like", "limit", "not", "offset", "on", "or", "select", "similar", "some", "then", "to", "using",
    "when", "where",
})  # fmt: skip


@cache
def _token_pattern() -> re.Pattern[str]:
    """Return the pattern of all tokens, a group for each kind; compiled late, for that takes longer than an import."""
    return re.compile("|".join(f"({pattern})" for _, pattern in _PATTERNS), re.DOTALL)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of `text` in order; joined, they are `text`.

    Total: what no SQL contains is a token too, and a text that ends inside of quotes ends in an UNTERMINATED token.
    A colon inside of square brackets is the middle of a slice (`a[1:n]`) when an operand stands before it.
    """
    brackets: list[str] = []
    previous = Token(TokenKind.SPACE, 0, 0)  # the last one that is neither space nor comment
    scan = _token_pattern().finditer
    space, identifier = TokenKind.SPACE, TokenKind.IDENTIFIER  # by far the most frequent ones, so they come first
    position, length = 0, len(text)
    while position < length:
        for match in scan(text, position):
            start, end = match.span()
            kind = _KINDS[match.lastindex or 0]
            position = end  # where to scan on when this token ends elsewhere than its pattern
            if kind is space:
                yield Token(kind, start, end)
                continue
            if kind is identifier:
                previous = Token(kind, start, end)
                yield previous
                continue
            if kind is TokenKind.PUNCTUATION:
                character = text[start]
                if character in "([":
                    brackets.append(character)
                elif character in ")]" and brackets:
                    brackets.pop()
            elif kind is TokenKind.OPERATOR:
                position = _operator_end(text, start, end)
            elif kind is TokenKind.COMMENT:
                if end - start == 2 and text[start] == "/":
                    position = _comment_end(text, end)
            elif kind is TokenKind.DOLLAR_STRING:
                twin = text.find(match.group(), end)
                position = twin + end - start if twin >= 0 else -1
            elif (
                (kind is TokenKind.NAMED_PARAMETER or kind is TokenKind.PSQL_VARIABLE)
                and brackets
                and brackets[-1] == "["
                and _ends_operand(text, previous)
            ):
                kind, position = TokenKind.PUNCTUATION, start + 1
            if position < 0:
                kind, position = TokenKind.UNTERMINATED, length
            token = Token(kind, start, position)
            if kind is not TokenKind.COMMENT:
                previous = token
            yield token
            if position != end:
                break


def split_statements(text: str, path: Path = Path("<sql>")) -> tuple[Statement, ...]:
    """Return the statements of `text` in order, as psql would send them; empty ones are left out.

    A semicolon inside of parentheses (CREATE RULE) or of a BEGIN ATOMIC body does not end a statement.

    Errors: SourceError, located in `path`, when a string, a quoted name or a comment does not end.
    """
    statements: list[Statement] = []
    start = end = -1  # of the statement's tokens so far; start is -1 between two statements
    parentheses = 0
    is_create = False  # only CREATE FUNCTION and CREATE PROCEDURE have a body
    body = _AtomicBody()
    for kind, token_start, token_end in tokens(text):
        if kind is TokenKind.SPACE or kind is TokenKind.COMMENT:
            continue
        if kind is TokenKind.UNTERMINATED:
            raise SourceError([unterminated(text, token_start, path)])
        is_end = False
        if kind is TokenKind.IDENTIFIER:
            if start < 0:
                is_create = text[token_start:token_end].lower() == "create"
            elif is_create and not parentheses:
                body.feed(text[token_start:token_end].lower())
        elif kind is TokenKind.PUNCTUATION:
            character = text[token_start]
            is_end = character == ";" and parentheses == 0 and not body.depth
            if character == "(":
                parentheses += 1
            elif character == ")" and parentheses:
                parentheses -= 1
            body.previous = character
        is_meta_command = kind is TokenKind.META_COMMAND
        if is_end or is_meta_command:
            if start >= 0:
                statements.append(Statement(text=text[start:end], start=start, end=token_end if is_end else end))
            if is_meta_command:
                line = text[token_start:token_end].rstrip()
                statements.append(Statement(text=line, start=token_start, end=token_end, is_meta_command=True))
            start, parentheses, body = -1, 0, _AtomicBody()
            continue
        if start < 0:
            start = token_start
        end = token_end
    if start >= 0:
        statements.append(Statement(text=text[start:end], start=start, end=end))
    return tuple(statements)


def find_parameters(text: str) -> tuple[NamedParameter, ...]:
    """Return every occurrence of a `:name` parameter in `text`, in order."""
    return tuple(
        NamedParameter(name=text[token.start + 1 : token.end], start=token.start, end=token.end)
        for token in tokens(text)
        if token.kind is TokenKind.NAMED_PARAMETER
    )


def leading_words(statement: str, count: int) -> tuple[str, ...]:
    """Return at most `count` words that `statement` begins with, in upper case: `("CREATE", "INDEX", ...)`.

    The words end at the first token that is not a name or keyword without quotes.
    """
    words: list[str] = []
    for kind, start, end in tokens(statement):
        if kind is TokenKind.IDENTIFIER:
            words.append(statement[start:end].upper())
        elif kind not in {TokenKind.SPACE, TokenKind.COMMENT}:
            break
        if len(words) == count:
            break
    return tuple(words)


def unterminated(text: str, start: int, path: Path) -> Finding:
    """Return the finding for an UNTERMINATED token which starts at `start`."""
    head = text[start : start + 3]
    if head.startswith("/*"):
        what, remedy = "comment", "end it with */; comments nest, so that each /* needs its own"
    elif head.startswith("$"):
        delimiter = text[start : text.index("$", start + 1) + 1]
        what, remedy = f"dollar-quoted string {delimiter}", f"end it with {delimiter}"
    elif '"' in head and not head.startswith("'"):
        what, remedy = "quoted name", 'end it with "; a quote inside of it is written twice'
    else:
        what, remedy = "string", "end it with '; a quote inside of it is written twice"
    location = Location.in_text(path, text, start)
    return Finding(message=f"this {what} does not end", location=location, code="unterminated", help=remedy)


class _AtomicBody:
    """Follows the words of one statement, to know when it is inside of `BEGIN ATOMIC ... END`.

    CASE ends in END too, so both are counted; after AS or a dot they are mere names.
    """

    __slots__ = ("depth", "previous")

    def __init__(self) -> None:
        self.depth = 0
        self.previous = ""

    def feed(self, word: str) -> None:
        """Take the next word, in lower case, that stands outside of parentheses."""
        if word == "atomic":
            if self.previous == "begin" and not self.depth:
                self.depth = 1
        elif self.depth and self.previous not in {"as", "."}:
            if word == "case":
                self.depth += 1
            elif word == "end":
                self.depth -= 1
        self.previous = word


def _operator_end(text: str, start: int, end: int) -> int:
    """Return where the operator that fills `text[start:end]` really ends: `=-1` is `=` and then `-1`."""
    if text[end - 1] in "+-" and end - start > 1 and _FREE_OPERATOR_CHARACTERS.isdisjoint(text[start:end]):
        while end - start > 1 and text[end - 1] in "+-":
            end -= 1
    return end


def _comment_end(text: str, position: int) -> int:
    """Return where the block comment ends whose `/*` ends at `position`, or -1."""
    depth = 1
    for edge in _COMMENT_EDGE.finditer(text, position):
        depth += 1 if edge.group() == "/*" else -1
        if not depth:
            return edge.end()
    return -1


def _ends_operand(text: str, token: Token) -> bool:
    """Return whether an operand of an expression can end with `token`."""
    word = text[token.start : token.end]
    if token.kind is TokenKind.IDENTIFIER:
        return word.lower() not in _BEFORE_EXPRESSION
    return token.kind in _OPERANDS or word in {")", "]"}
