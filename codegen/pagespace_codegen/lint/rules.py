"""What is said about what a migration does. Pure: observations and files in, findings out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pagespace_codegen.diff.hazards import REMEDIES, HazardKind
from pagespace_codegen.lint.observe import Effect, Observation
from pagespace_db.errors import Finding
from pagespace_db.migrate.file import MigrationFile
from pagespace_db.sqltext import Statement, TokenKind, leading_words, tokens

EMPTIES_TABLE: Final = "empties-table"
SEVERAL_STATEMENTS: Final = "several-statements"
NO_WAY_BACK: Final = "no-way-back"
SEARCH_PATH: Final = "search-path"

RULES: Final = (
    HazardKind.DROPS_TABLE,
    HazardKind.DROPS_COLUMN,
    HazardKind.REWRITES_TABLE,
    HazardKind.SCANS_TABLE,
    HazardKind.BLOCKS_WRITES,
    EMPTIES_TABLE,
    HazardKind.RENAMES_TABLE,
    HazardKind.RENAMES_COLUMN,
    SEVERAL_STATEMENTS,
    NO_WAY_BACK,
    SEARCH_PATH,
)
"""The codes of all findings; an allow comment names one."""

_LATER: Final = "drop it in a later migration than the release that stops using it, and say so: -- lint: allow {code}"
_MEANT: Final = "if that is meant: -- lint: allow {code}"
_TWO_NAMES: Final = (
    "running code still uses the old name: add the new one beside it (a column, a view), move the code, then drop the "
    "old one; if nothing runs meanwhile: -- lint: allow {code}"
)


def judge_observation(file: MigrationFile, observation: Observation) -> Iterator[tuple[Finding, str]]:
    """Yield what is to be said about one statement, each with the object that it is about."""
    for effect in observation.effects:
        for code, message, remedy, name in _said(effect):
            yield _finding(file, observation.statement, code, message, remedy), name


def danger_of(effect: Effect) -> HazardKind | None:
    """Return how a table in use suffers although it loses nothing, or None."""
    if effect.is_rewritten:
        return HazardKind.REWRITES_TABLE
    if effect.is_read_under_lock:
        return HazardKind.BLOCKS_WRITES if effect.gets_index else HazardKind.SCANS_TABLE
    return None


def judge_file(file: MigrationFile) -> Iterator[Finding]:
    """Yield what is to be said about a file without running it."""
    for section in (*file.parsed.up, *file.parsed.down):
        if not section.is_transactional and len(section.statements) > 1:
            yield _finding(
                file,
                section.statements[1],
                SEVERAL_STATEMENTS,
                "dbmate sends the statements of this section together, which is one transaction after all",
                "give each a file of its own, if dbmate is to run them as well",
                severity="warning",
            )
    if any(section.statements for section in file.parsed.up) and not any(
        section.statements for section in file.parsed.down
    ):
        yield Finding(
            message="there is no way back: the down section is empty",
            location=file.parsed.down[0].location,
            code=NO_WAY_BACK,
            help="write what undoes the up section, or allow it if nothing can: -- lint: allow no-way-back",
            severity="warning",
        )
    for statement in file.parsed.statements("up"):
        if _sets_search_path_for_good(statement):
            yield _finding(
                file,
                statement,
                SEARCH_PATH,
                "with dbmate, this search_path is that of all later files too",
                "delete the line, which pg_dump has written, and qualify names; or make the last argument true",
                severity="warning",
            )


def _said(effect: Effect) -> Iterator[tuple[str, str, str, str]]:
    relation = effect.relation.full_name
    what = "materialized view" if effect.relation.kind == "m" else "table"
    stopped = "reading and writing" if effect.stops_reading else "writing"
    if effect.is_gone:
        if effect.relation.kind != "m":
            code = HazardKind.DROPS_TABLE
            yield code, f"the rows of {what} {relation} are lost", _LATER.format(code=code), relation
        return
    if effect.is_emptied:
        yield EMPTIES_TABLE, f"the rows of {what} {relation} are lost", _MEANT.format(code=EMPTIES_TABLE), relation
    danger = danger_of(effect)
    if danger is HazardKind.REWRITES_TABLE:
        message = f"{what} {relation} is written anew, row by row, under a lock that stops {stopped}"
        yield danger, message, _rewrite_remedy(effect), relation
    elif danger is not None:
        message = f"{what} {relation} is read as a whole under a lock that stops {stopped}"
        yield danger, message, REMEDIES[danger], relation
    if effect.new_name is not None:
        message = f"{what} {relation} is called {effect.new_name} from now on"
        code = HazardKind.RENAMES_TABLE
        yield code, message, _TWO_NAMES.format(code=code), relation
    for old, new in effect.renamed_columns:
        message = f"column {old} of {relation} is called {new} from now on"
        code = HazardKind.RENAMES_COLUMN
        yield code, message, _TWO_NAMES.format(code=code), f"{relation}.{old}"
    for name in effect.dropped_columns:
        code = HazardKind.DROPS_COLUMN
        yield (
            code,
            f"the values of column {name} of {relation} are lost",
            _LATER.format(code=code),
            f"{relation}.{name}",
        )


def _rewrite_remedy(effect: Effect) -> str:
    if effect.relation.kind == "m":
        return "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index"
    return REMEDIES[HazardKind.REWRITES_TABLE]


def _sets_search_path_for_good(statement: Statement) -> bool:
    text = statement.text
    words = {text[token.start : token.end].lower() for token in tokens(text) if token.kind is not TokenKind.COMMENT}
    return leading_words(text, 1) == ("SELECT",) and {"set_config", "'search_path'", "false"} <= words


def _finding(
    file: MigrationFile, statement: Statement, code: str, message: str, remedy: str, *, severity: str = "error"
) -> Finding:
    return Finding(
        message=message,
        location=file.locate(statement.start, length=len(statement.text)),
        code=str(code),
        help=remedy,
        severity="warning" if severity == "warning" else "error",
    )
