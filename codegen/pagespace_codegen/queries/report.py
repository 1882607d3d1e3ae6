"""Files of annotated queries -> a report: for each query its description or why there is none, and all findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from psycopg import Connection

from pagespace_codegen.queries.analysis import Description, Question
from pagespace_codegen.queries.findings.mistakes import check_query, check_whole
from pagespace_codegen.queries.findings.refusals import KnownNames, explain
from pagespace_codegen.queries.memory import Memory
from pagespace_codegen.queries.server import ServerError
from pagespace_codegen.queries.source.annotations import AnnotatedQuery, parse_query_file
from pagespace_codegen.queries.tree.references import References
from pagespace_codegen.queries.variants import DescribedVariant, merge_variants, setting_text
from pagespace_db.errors import ConfigError, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedQuery:
    """A query that the server accepts, and what is known of it; `variants` is empty when there is only one."""

    query: AnnotatedQuery
    description: Description
    variants: tuple[DescribedVariant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedQuery:
    """A query that the server refuses: its error, and the finding that explains it."""

    query: AnnotatedQuery
    error: ServerError
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is known of the queries of some files.

    Attributes:
        queries: Each query in order, described or refused.
        malformed: What is wrong with annotations: these queries are not among the others.
        findings: What is worth saying of the described queries: errors and warnings.
        references: What the catalog says of everything that the queries name.
    """

    queries: tuple[DescribedQuery | RefusedQuery, ...]
    malformed: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    references: References

    @property
    def described(self) -> tuple[DescribedQuery, ...]:
        """The queries that the server accepts."""
        return tuple(query for query in self.queries if isinstance(query, DescribedQuery))

    @property
    def refused(self) -> tuple[RefusedQuery, ...]:
        """The queries that the server refuses."""
        return tuple(query for query in self.queries if isinstance(query, RefusedQuery))

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Everything there is to say, in the order of the files."""
        found = (*self.malformed, *(refused.finding for refused in self.refused), *self.findings)
        return tuple(sorted(found, key=_place))


def query_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the .sql files among and below these paths, sorted within each.

    Errors: ConfigError for a path that does not exist.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise ConfigError(f"there is no query file {path}", help="name .sql files or folders of them")
        found += sql_files(path)
    return tuple(dict.fromkeys(found))


def sql_files(path: Path) -> tuple[Path, ...]:
    """Return the .sql files below a folder, sorted, or the file itself; none when there is no such folder."""
    return (path,) if path.is_file() else tuple(sorted(path.rglob("*.sql")))


def report(connection: Connection[Any], paths: Sequence[Path], memory: Memory | None = None) -> Report:
    """Describe the annotated queries of these files. Nothing is executed; the connection has to be idle.

    `memory` knows what was described before by way of the same connection.

    Errors: ConfigError for a file that cannot be read.
    """
    files = [parse_query_file(_read(path), path) for path in paths]
    queries = [query for file in files for query in file.queries]
    statements = [(query, statement) for query in queries for statement in _statements(query)]
    memory = memory or Memory(connection)
    described = memory.describe([_question(whole, statement) for whole, statement in statements])
    known = KnownNames(connection)
    answers = iter(described.answers)
    entries: list[DescribedQuery | RefusedQuery] = []
    findings: list[Finding] = []
    for query in queries:
        own = [(statement, next(answers)) for statement in _statements(query)]
        refused = _refused(query, own, known)
        if refused is not None:
            entries.append(refused)
            continue
        sound = [(s, answer) for s, answer in own if isinstance(answer, Description)]
        found = [finding for s, answer in sound for finding in check_query(s, answer, described.references)]
        variants = tuple(
            DescribedVariant(variant=variant, description=answer)
            for variant, (_, answer) in zip(query.variants, sound, strict=False)
        )
        description = sound[0][1]
        if variants:
            description, variants, differing = merge_variants(query, variants)
            found = [*_once(found), *differing]
        findings += (*found, *check_whole(query, description, described.references))
        entries.append(DescribedQuery(query=query, description=description, variants=variants))
    malformed = tuple(finding for file in files for finding in file.findings)
    return Report(
        queries=tuple(entries), malformed=malformed, findings=tuple(findings), references=described.references
    )


def type_oids(found: Report) -> set[int]:
    """Return the types of all parameters and columns."""
    descriptions = [entry.description for entry in found.described]
    parameters = {parameter.type_oid for description in descriptions for parameter in description.parameters}
    return parameters | {column.type_oid for description in descriptions for column in description.columns}


def _statements(query: AnnotatedQuery) -> list[AnnotatedQuery]:
    """Return the variants of a query, each as a query of its own; the query itself when it has none."""
    return [variant.query for variant in query.variants] or [query]


def _refused(
    query: AnnotatedQuery, own: Sequence[tuple[AnnotatedQuery, Description | ServerError]], known: KnownNames
) -> RefusedQuery | None:
    """Return the query as refused if the server refuses one of its statements."""
    for place, (statement, answer) in enumerate(own):
        if isinstance(answer, ServerError):
            finding = explain(statement, answer, known)
            if query.variants:
                settings = setting_text(query, query.variants[place])
                finding = replace(finding, message=f"{finding.message}; {settings}")
            return RefusedQuery(query=query, error=answer, finding=finding)
    return None


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Return what is found in several variants only once."""
    return list({(finding.code, finding.location): finding for finding in findings}.values())


def _question(whole: AnnotatedQuery, statement: AnnotatedQuery) -> Question:
    """Return what is asked of a statement of a query: a name is a parameter if any statement has it as one."""
    numbers = {name: number for number, name in enumerate(statement.parameters, 1)}
    return Question(
        sql=statement.statement,
        nullable=frozenset(numbers[name] for name in whole.nullable if name in numbers),
        not_null=frozenset(numbers[name] for name in whole.not_null if name in numbers),
        nullable_columns=frozenset(whole.nullable.keys() - set(whole.parameters)),
        not_null_columns=frozenset(whole.not_null.keys() - set(whole.parameters)),
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8: {error.reason} at byte {error.start}") from error
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error


def _place(finding: Finding) -> tuple[str, int, int]:
    location = finding.location
    return ("", 0, 0) if location is None else (str(location.path), location.line, location.column)
