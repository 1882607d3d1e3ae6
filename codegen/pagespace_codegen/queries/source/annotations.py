"""queries/*.sql -> annotated queries: names, commands, docstrings, overrides and named parameters. No server here.

    -- name: pages_of_drive :many
    -- Live pages of a drive, parents before children.
    SELECT p.id, p.title FROM pages p WHERE p.drive_id = :drive_id;

Directives stand in the comment between the name and the statement; the rest of that comment is the docstring.

    -- nullable: a, b        columns or parameters that may be NULL whatever the analysis says
    -- notnull: a            columns or parameters that are never NULL, on the author's word
    -- param: since date     a parameter with the type that the server cannot find out
    -- type: a module:Name   the Python type of a column or parameter
    -- row: Name             the name of the row class, to share it between queries
    -- allow: code           a finding that is known and accepted
"""

from __future__ import annotations

import keyword
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

from pagespace_codegen.queries.source.placeholders import Placeholder, number_parameters
from pagespace_codegen.queries.source.switches import Setting, Switch, WrongSwitch, check_switches, find_switches
from pagespace_db.errors import Finding, SourceError, nearest
from pagespace_db.location import Location
from pagespace_db.sqltext import Statement, Token, TokenKind, split_statements, tokens

_DIRECTIVE: Final = re.compile(r"--[ \t]*(name|nullable|notnull|param|type|row|allow)[ \t]*:[ \t]*(.*)", re.DOTALL)


class Command(StrEnum):
    """What a query gives, as the author of the annotation says; `:batch` may be followed by what each run gives."""

    ONE = "one"
    OPT = "opt"
    MANY = "many"
    STREAM = "stream"
    EXEC = "exec"
    EXECROWS = "execrows"
    COPYFROM = "copyfrom"
    BATCH = "batch"


_PYTHON_TYPE: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^\W\d]\w*")
_COMMANDS: Final = ", ".join(f":{command}" for command in Command)
_EACH: Final = frozenset({Command.ONE, Command.OPT, Command.MANY, Command.EXEC, Command.EXECROWS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """A directive of an annotation: the words after its keyword, and where they are."""

    words: tuple[str, ...]
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedQuery:
    """A query of a file.

    Attributes:
        name: Its name.
        command: What it gives.
        each: What each run of a batch gives, where the author says so.
        doc: Its docstring; empty for none.
        path: The file, as it is shown.
        text: The whole file.
        start: Where the statement starts in the file.
        name_offset: Where the name stands in the file.
        source: The statement as it stands in the file.
        statement: The statement with its parameters as `$n`.
        parameters: The names of the parameters, `$1` first; `p1`, `p2`, ... when they are positional.
        placeholders: Where the parameters stand.
        nullable: The columns and parameters declared nullable.
        not_null: Those declared not null.
        types: The Python types of columns, by name.
        row: The name of the row class, or None.
        allowed: The codes of findings that are accepted.
        switches: What a caller decides; the statement above is the one with everything, and with default labels.
        variants: Every combination of what a caller decides, the statement above first; none without switches.
    """

    name: str
    command: Command
    doc: str
    path: Path
    text: str
    start: int
    name_offset: int
    source: str
    statement: str
    parameters: tuple[str, ...]
    placeholders: tuple[Placeholder, ...] = ()
    nullable: Mapping[str, int] = field(default_factory=dict[str, int])
    not_null: Mapping[str, int] = field(default_factory=dict[str, int])
    types: Mapping[str, str] = field(default_factory=dict[str, str])
    row: str | None = None
    allowed: frozenset[str] = frozenset()
    each: Command | None = None
    switches: tuple[Switch, ...] = ()
    variants: tuple[Variant, ...] = ()

    def location(self, offset: int, *, length: int = 1) -> Location:
        """Return the place of the character at `offset` (from 0) of the file."""
        return Location.in_text(self.path, self.text, offset, length=length)

    def name_location(self) -> Location:
        """Return the place of the query's name."""
        return self.location(self.name_offset, length=len(self.name))

    def source_offset(self, position: int) -> int:
        """Return where the character at `position` (from 0) of the statement stands in the file."""
        place = bisect_right(self.placeholders, position, key=lambda placeholder: placeholder.statement_start) - 1
        if place < 0:
            return self.start + position
        before = self.placeholders[place]
        if position < before.statement_end:
            return before.source_start
        return before.source_end + position - before.statement_end

    def spelling(self, name: str) -> str:
        """Return a parameter as its author writes it: `:name`, or `$1`."""
        is_positional = any(self.text[place.source_start] == "$" for place in self.placeholders)
        return f"${self.parameters.index(name) + 1}" if is_positional and name in self.parameters else f":{name}"

    def parameter_location(self, name: str) -> Location:
        """Return the place where a parameter is used first, or else that of the query's name."""
        spelling = self.spelling(name)
        for place in self.placeholders:
            if self.text[place.source_start : place.source_end] == spelling:
                return self.location(place.source_start, length=place.source_end - place.source_start)
        return self.name_location()


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A query under one setting of each of its switches; its parameters are those that are left."""

    settings: tuple[Setting, ...]
    query: AnnotatedQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryFile:
    """The queries of a file, and what is wrong with its annotations."""

    queries: tuple[AnnotatedQuery, ...]
    findings: tuple[Finding, ...]


@lru_cache(maxsize=256)
def parse_query_file(text: str, path: Path) -> QueryFile:
    """Return the annotated queries of a file in order; one whose annotation is wrong is left out, with a finding."""
    try:
        statements = split_statements(text, path)
    except SourceError as error:
        return QueryFile(queries=(), findings=error.findings)
    scanned = list(tokens(text))
    parser = _Parser(text, path, scanned)
    comments = [token for token in scanned if token.kind is TokenKind.COMMENT]
    position = 0
    for statement in statements:
        between = [comment for comment in comments if position <= comment.start < statement.start]
        parser.add(statement, between)
        position = statement.end
    parser.finish([comment for comment in comments if comment.start >= position])
    return QueryFile(queries=tuple(parser.queries), findings=tuple(parser.findings))


class _Annotation:
    """The directives and the docstring in front of a statement."""

    def __init__(self) -> None:
        self.name: Directive | None = None
        self.directives: dict[str, list[Directive]] = {}
        self.doc: list[str] = []


class _Parser:
    """Collects the queries and findings of one file."""

    def __init__(self, text: str, path: Path, scanned: Sequence[Token]) -> None:
        self._text = text
        self._path = path
        self._scanned = scanned
        self._seen: dict[str, Location] = {}
        self.queries: list[AnnotatedQuery] = []
        self.findings: list[Finding] = []

    def add(self, statement: Statement, comments: Sequence[Token]) -> None:
        """Add a statement with the comments in front of it."""
        annotation = self._annotation(comments)
        if statement.is_meta_command:
            self._find("psql-command", "a command of psql is not a query", statement.start, len(statement.text))
        elif annotation.name is None:
            help_ = "put `-- name: some_name :many` above it"
            self._find("no-name", "this statement has no name", statement.start, len(statement.text), help_)
        else:
            query = self._query(statement, annotation, annotation.name)
            if query is not None:
                self.queries.append(query)

    def finish(self, comments: Sequence[Token]) -> None:
        """Look at the comments after the last statement."""
        self._find_unfinished(self._annotation(comments).name)

    def _find_unfinished(self, name: Directive | None) -> None:
        if name is not None and name.words:
            message, help_ = f"query `{name.words[0]}` has no statement", "write one below it, or leave the name out"
            self._find("no-statement", message, name.offset, len(name.words[0]), help_)

    def _find(self, code: str, message: str, offset: int, length: int, help_: str | None = None) -> None:
        location = Location.in_text(self._path, self._text, offset, length=length)
        self.findings.append(Finding(message=message, location=location, code=code, help=help_))

    def _annotation(self, comments: Sequence[Token]) -> _Annotation:
        found = _Annotation()
        for comment in comments:
            line = self._text[comment.start : comment.end]
            match = _DIRECTIVE.fullmatch(line.rstrip())
            if match is None:
                found.doc.append(_comment_text(line))
                continue
            directive = Directive(
                words=tuple(match[2].replace(",", " ").split()), offset=comment.start + match.start(2)
            )
            if match[1] == "name":
                self._find_unfinished(found.name)
                found = _Annotation()
                found.name = directive
            else:
                found.directives.setdefault(match[1], []).append(directive)
        return found

    def _query(self, statement: Statement, annotation: _Annotation, name_directive: Directive) -> AnnotatedQuery | None:
        name_and_command = self._name_and_command(name_directive)
        if name_and_command is None:
            return None
        name, command, each = name_and_command
        types = self._parameter_types(annotation)
        scanned = self._tokens_of(statement)
        try:
            found = find_switches(self._text, scanned)
            settings = list(found.settings())
            numbered = [
                number_parameters(statement, scanned, types, found.cuts(self._text, scanned, setting))
                for setting in settings
            ]
            whole = number_parameters(statement, scanned, types)
            if whole.wrong is None:
                check_switches(found, whole.names, self._text, scanned)
        except WrongSwitch as error:
            self._find("switch", f"query `{name}`: {error}", error.offset, error.length, "see docs/queries.md")
            return None
        if whole.wrong is not None:
            message, token = whole.wrong
            self._find("parameters", f"query `{name}`: {message}", token.start, token.end - token.start)
            return None
        for unknown in types.keys() - set(whole.names):
            offset = next(d.offset for d in annotation.directives["param"] if d.words[:1] == (unknown,))
            guess = nearest(unknown, whole.names)
            help_ = f"did you mean `{guess}`?" if guess else "leave it out, or use it in the statement"
            self._find("unused-parameter", f"query `{name}` has no parameter `{unknown}`", offset, len(unknown), help_)
        query = AnnotatedQuery(
            name=name,
            command=command,
            each=each,
            doc="\n".join(annotation.doc).strip(),
            path=self._path,
            text=self._text,
            start=statement.start,
            name_offset=name_directive.offset,
            source=statement.text,
            statement=numbered[0].statement,
            parameters=whole.names,
            placeholders=numbered[0].placeholders,
            nullable=_offsets(self._text, annotation.directives.get("nullable", ())),
            not_null=_offsets(self._text, annotation.directives.get("notnull", ())),
            types=self._column_types(annotation),
            row=self._row(annotation),
            allowed=frozenset(word for d in annotation.directives.get("allow", ()) for word in d.words),
        )
        if not found.switches:
            return query
        variants = tuple(
            Variant(
                settings=setting,
                query=replace(query, statement=n.statement, parameters=n.names, placeholders=n.placeholders),
            )
            for setting, n in zip(settings, numbered, strict=True)
        )
        return replace(query, switches=found.switches, variants=variants)

    def _tokens_of(self, statement: Statement) -> list[Token]:
        """Return the tokens of a statement, and the comments after it: to the end of the line of its semicolon."""
        end = statement.start + len(statement.text)
        has_semicolon = statement.end > end
        position = bisect_left(self._scanned, statement.start, key=lambda token: token.start)
        found: list[Token] = []
        for token in self._scanned[position:]:
            is_blank = token.kind in {TokenKind.SPACE, TokenKind.COMMENT}
            if token.start >= statement.end:
                ends_line = not {"\n", "\r"}.isdisjoint(self._text[token.start : token.end])
                if not is_blank or (has_semicolon and ends_line):
                    break
            if is_blank or token.start < end:
                found.append(token)
        return found

    def _name_and_command(self, directive: Directive) -> tuple[str, Command, Command | None] | None:
        words = directive.words
        is_batch = words[1:2] == (f":{Command.BATCH}",)
        if not 1 < len(words) <= 2 + is_batch:
            help_ = f"write `-- name: some_name :command`; commands: {_COMMANDS}"
            self._find("annotation", "an annotation is a name and a command", directive.offset, 1, help_)
            return None
        name = words[0]
        if not name.isidentifier():
            help_ = "use letters, digits and underscores"
            self._find("annotation", f"`{name}` cannot be the name of a function", directive.offset, len(name), help_)
            return None
        offset = directive.offset + len(name)
        commands: list[Command] = []
        for word in words[1:]:
            command = word.removeprefix(":")
            offset = self._text.index(command, offset)
            if command not in set(Command) or (commands and command not in _EACH):
                guess = nearest(command, Command)
                help_ = (f"did you mean `:{guess}`? " if guess else "") + f"commands: {_COMMANDS}"
                what = "batch of" if commands else "command"
                self._find("annotation", f"there is no {what} `:{command}`", offset, len(command), help_)
                return None
            commands.append(Command(command))
        location = Location.in_text(self._path, self._text, directive.offset, length=len(name))
        if name in self._seen:
            message = f"query `{name}` is already defined at line {self._seen[name].line}"
            self._find("duplicate-name", message, directive.offset, len(name), "give one of them another name")
            return None
        self._seen[name] = location
        return name, commands[0], commands[1] if len(commands) > 1 else None

    def _column_types(self, annotation: _Annotation) -> dict[str, str]:
        types: dict[str, str] = {}
        for directive in annotation.directives.get("type", ()):
            match directive.words:
                case (column, type_) if _PYTHON_TYPE.fullmatch(type_):
                    types[column] = type_
                case _:
                    message, help_ = (
                        "`-- type:` takes a column and a Python type",
                        "write `-- type: column module:Name`",
                    )
                    self._find("annotation", message, directive.offset, 1, help_)
        return types

    def _row(self, annotation: _Annotation) -> str | None:
        row: str | None = None
        for directive in annotation.directives.get("row", ()):
            match directive.words:
                case (name,) if name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("_"):
                    row = name
                case _:
                    message, help_ = "`-- row:` takes the name of a class", "write `-- row: SomeName`"
                    self._find("annotation", message, directive.offset, 1, help_)
        return row

    def _parameter_types(self, annotation: _Annotation) -> dict[str, str]:
        types: dict[str, str] = {}
        for directive in annotation.directives.get("param", ()):
            if len(directive.words) < len(("name", "type")):
                self._find("annotation", "`-- param:` takes a name and a type", directive.offset, 1)
            else:
                types[directive.words[0]] = " ".join(directive.words[1:])
        return types


def _comment_text(comment: str) -> str:
    if comment.startswith("--"):
        return comment[2:].removeprefix(" ").rstrip()
    return "\n".join(line.strip().removeprefix("*").strip() for line in comment[2:-2].strip().splitlines())


def _offsets(text: str, directives: Sequence[Directive]) -> dict[str, int]:
    """Return the words of directives, each with its place in the file."""
    found: dict[str, int] = {}
    for directive in directives:
        position = directive.offset
        for word in directive.words:
            position = text.index(word, position)
            found[word] = position
            position += len(word)
    return found
