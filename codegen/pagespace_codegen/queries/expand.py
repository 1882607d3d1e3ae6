"""A described statement -> the SQL to run: `*` and whole rows become explicit columns.

A prepared statement with `*` fails once a column is added (SQLSTATE 0A000), and code that reads rows by place must
not depend on what was added since. A whole row would come as one value of a composite type, which only a connection
that knows this type can read; its columns need no such knowledge.

Only the select list of the statement itself is touched; what is there the tree says, where it is the words say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from psycopg.sql import Identifier

from pagespace_codegen.queries.analysis import Description
from pagespace_codegen.queries.enums import Command, EntryKind
from pagespace_codegen.queries.nodetree import Node
from pagespace_codegen.queries.references import References, Relation
from pagespace_db.sqltext import Token, TokenKind, tokens

_LIST_ENDS: Final = frozenset(
    {
        *("from", "where", "group", "having", "window", "union", "intersect", "except", "order", "limit", "offset"),
        *("fetch", "for"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultColumn:
    """A value of a row: column `place` of the description, which is column `start` of the result."""

    place: int
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """A row of a table inside of a row.

    Attributes:
        place: The column of the description.
        start: The first of its columns in the result.
        relation: The table or view; all of its columns follow in order.
        is_nullable: Whether an outer join may leave it out.
        presence: The column of the result that is NULL exactly when the row is absent, or, for a table without a
            column that is NOT NULL, one that is then true.
        presence_is_flag: Whether it is such a flag.
    """

    place: int
    start: int
    relation: Relation
    is_nullable: bool
    presence: int
    presence_is_flag: bool = False


ResultItem = ResultColumn | ResultRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """The SQL to run, and what its columns are."""

    sql: str
    items: tuple[ResultItem, ...]


class CannotExpand(ValueError):
    """It cannot be told which columns a `*` or a whole row stands for; the message says what to write instead."""


def expand(statement: str, description: Description, references: References) -> Expansion:
    """Return the statement with explicit columns.

    Errors: CannotExpand.
    """
    columns, tree = description.columns, description.tree
    has_rows = any(column.whole_row_of for column in columns)
    may_have_star = "*" in statement.replace("(*)", "")
    items = _select_items(statement, tree) if tree is not None and (has_rows or may_have_star) else ()
    has_star = any(item.is_star for item in items)
    if tree is None or not items or not (has_star or has_rows):
        plain = tuple(ResultColumn(place=place, start=place) for place in range(len(columns)))
        return Expansion(sql=statement, items=plain)
    return _Expander(statement, description, tree, references).expand(items)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SelectItem:
    """An item of a select list: where it stands, its first name, and whether it is `*` or `name.*`."""

    start: int
    end: int
    head: str
    is_star: bool


class _Expander:
    def __init__(self, statement: str, description: Description, tree: Node, references: References) -> None:
        self._statement = statement
        self._columns = description.columns
        self._references = references
        self._entries = tree.nodes("rtable")
        is_select = tree.number("commandType") == Command.SELECT
        listed = tree.nodes("targetList" if is_select else "returningList")
        self._exprs = [entry.node("expr") for entry in listed if not entry.flag("resjunk")]
        self._join_aliases = dict(_join_aliases(tree.node("jointree"), None))
        self._ctes = {cte.text("ctename"): cte.node("ctequery") for cte in tree.nodes("cteList")}

    def expand(self, items: Sequence[_SelectItem]) -> Expansion:
        pieces: list[str] = []
        found: list[ResultItem] = []
        position = place = start = 0
        for item, count in zip(items, self._counts(items), strict=True):
            pieces.append(self._statement[position : item.start])
            position = item.end
            whole_row = self._columns[place].whole_row_of if not item.is_star else 0
            relation = self._references.relation(whole_row)
            if relation is not None:
                row, text = self._row(item, place, start, relation)
                pieces.append(text)
                found.append(row)
                start += len(relation.columns) + row.presence_is_flag
            else:
                names = [self._star_column(item, place + offset) for offset in range(count)]
                pieces.append(", ".join(names) if item.is_star else self._statement[item.start : item.end])
                found += (ResultColumn(place=place + offset, start=start + offset) for offset in range(count))
                start += count
            place += count
        pieces.append(self._statement[position:])
        return Expansion(sql="".join(pieces), items=tuple(found))

    def _counts(self, items: Sequence[_SelectItem]) -> list[int]:
        """Return how many columns each item stands for."""
        counts = [self._count(item) for item in items]
        missing = [place for place, count in enumerate(counts) if count is None]
        rest = len(self._columns) - sum(count for count in counts if count is not None)
        if len(missing) > 1 or rest < 0 or (not missing and rest):
            raise CannotExpand("it cannot be told which columns each `*` stands for: list them")
        return [rest if count is None else count for count in counts]

    def _count(self, item: _SelectItem) -> int | None:
        if not item.is_star:
            return 1
        for entry in self._entries:
            name = entry.node("eref")
            if item.head and name is not None and name.text("aliasname") == _unquoted(item.head):
                return self._width(entry)
        return None

    def _width(self, entry: Node) -> int | None:
        if entry.number("rtekind") == EntryKind.RELATION:
            relation = self._references.relation(entry.number("relid"))
            return len(relation.columns) if relation is not None else None
        query = entry.node("subquery")
        if entry.number("rtekind") == EntryKind.CTE and not entry.number("ctelevelsup"):
            query = self._ctes.get(entry.text("ctename"))
        if query is None:
            return None
        is_select = query.number("commandType") == Command.SELECT
        listed = query.nodes("targetList" if is_select else "returningList")
        return sum(not target.flag("resjunk") for target in listed)

    def _star_column(self, item: _SelectItem, place: int) -> str:
        name = Identifier(self._columns[place].name).as_string()
        if item.head:
            prefix = self._statement[item.start : item.end].rstrip().removesuffix("*").rstrip()
            return f"{prefix}{name}"
        expr = self._exprs[place]
        number = expr.number("varno") if expr is not None and expr.kind == "VAR" else 0
        if number in self._join_aliases:
            return f"{Identifier(self._join_aliases[number]).as_string()}.{name}"
        entry = self._entries[number - 1] if 0 < number <= len(self._entries) else None
        alias = entry.node("eref") if entry is not None else None
        if entry is None or alias is None or entry.number("rtekind") in {EntryKind.JOIN, EntryKind.GROUP}:
            return name
        return f"{Identifier(alias.text('aliasname') or '').as_string()}.{name}"

    def _row(self, item: _SelectItem, place: int, start: int, relation: Relation) -> tuple[ResultRow, str]:
        prefix = self._statement[item.start : item.start + len(item.head)]
        numbers = sorted(relation.columns)
        names = [f"{prefix}.{Identifier(relation.columns[number].name).as_string()}" for number in numbers]
        never_null = [offset for offset, number in enumerate(numbers) if relation.columns[number].is_not_null]
        is_nullable = self._columns[place].verdict.is_nullable
        needs_flag = is_nullable and not never_null
        if needs_flag:
            names.append(f"({prefix}.*) IS NOT DISTINCT FROM NULL")
        row = ResultRow(
            place=place,
            start=start,
            relation=relation,
            is_nullable=is_nullable,
            presence=start + (len(numbers) if needs_flag else never_null[0] if never_null else 0),
            presence_is_flag=needs_flag,
        )
        return row, ", ".join(names)


def _join_aliases(item: Node | None, alias: str | None) -> Iterator[tuple[int, str]]:
    """Yield the entries that can be named only by the alias of a join around them, with that alias."""
    if item is None:
        return
    own = item.node("alias")
    alias = alias or (own.text("aliasname") if own is not None else None)
    if alias is not None and item.kind != "FROMEXPR":
        yield item.number("rtindex"), alias
    for part in (*item.nodes("fromlist"), item.node("larg"), item.node("rarg")):
        yield from _join_aliases(part, alias)


def _select_items(statement: str, tree: Node) -> tuple[_SelectItem, ...]:
    """Return the items of the statement's own select list or RETURNING; none for VALUES and set operations."""
    if tree.node("setOperations") is not None:
        return ()
    keyword = "select" if tree.number("commandType") == Command.SELECT else "returning"
    words = [token for token, depth in _with_depth(statement) if depth == 0]
    starts = [place for place, token in enumerate(words) if _word(statement, token) == keyword]
    if not starts:
        return ()
    begin = _after_distinct(statement, words, starts[0] + 1)
    end = next(
        (
            place
            for place in range(begin, len(words))
            if _word(statement, words[place]) in _LIST_ENDS and not _is_within_expression(statement, words, place)
        ),
        len(words),
    )
    return tuple(_items(statement, words[begin:end]))


def _with_depth(statement: str) -> Iterator[tuple[Token, int]]:
    """Yield the tokens that are neither space nor comment, with the number of brackets around each."""
    depth = 0
    for token in tokens(statement):
        if token.kind in {TokenKind.SPACE, TokenKind.COMMENT}:
            continue
        character = statement[token.start] if token.kind is TokenKind.PUNCTUATION else ""
        if character and character in ")]":
            depth -= 1
        yield token, depth
        if character and character in "([":
            depth += 1


def _word(statement: str, token: Token) -> str:
    return statement[token.start : token.end].lower() if token.kind is TokenKind.IDENTIFIER else ""


def _after_distinct(statement: str, words: Sequence[Token], place: int) -> int:
    """Return where the list begins: after ALL, DISTINCT or DISTINCT ON (...), whose inside has been left out."""
    word = _word(statement, words[place]) if place < len(words) else ""
    if word == "all":
        return place + 1
    if word != "distinct":
        return place
    has_on = place + 1 < len(words) and _word(statement, words[place + 1]) == "on"
    return place + len(("distinct", "on", "(", ")")) if has_on else place + 1


def _is_within_expression(statement: str, words: Sequence[Token], place: int) -> bool:
    """Return whether a keyword is part of an expression: IS DISTINCT FROM, WITHIN GROUP, a name after AS."""
    before = _word(statement, words[place - 1]) if place else ""
    pair = (before, _word(statement, words[place]))
    return pair in {("distinct", "from"), ("within", "group")} or before == "as"


def _items(statement: str, words: Sequence[Token]) -> Iterator[_SelectItem]:
    part: list[Token] = []
    for token in (*words, None):
        if token is not None and statement[token.start : token.end] != ",":
            part.append(token)
            continue
        if part:
            yield _item(statement, part)
        part = []


def _item(statement: str, part: Sequence[Token]) -> _SelectItem:
    spelled = [statement[token.start : token.end] for token in part]
    is_star = spelled[-1] == "*" and (len(part) == 1 or spelled[-2] == ".")
    qualifier = part[0] if not is_star else part[-3] if len(part) > len(".*") else None
    has_head = qualifier is not None and qualifier.kind in {TokenKind.IDENTIFIER, TokenKind.QUOTED_IDENTIFIER}
    if is_star and len(part) > 1 and not has_head:
        raise CannotExpand("`(...).*` hides its columns: list the fields of the composite value")
    head = statement[qualifier.start : qualifier.end] if qualifier is not None and has_head else ""
    return _SelectItem(start=part[0].start, end=part[-1].end, head=head, is_star=is_star)


def _unquoted(word: str) -> str:
    return word[1:-1].replace('""', '"') if word.startswith('"') else word.lower()
