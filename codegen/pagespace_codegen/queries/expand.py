"""A described statement -> the SQL to run: `*` and whole rows become explicit columns.

A prepared statement with `*` fails once a column is added (SQLSTATE 0A000), and code that reads rows by place must
not depend on what was added since. A whole row would come as one value of a composite type, which only a connection
that knows this type can read; its columns need no such knowledge.

Only the select list of the statement itself is touched, or those of the branches of its UNION; what is there the tree
says, where it is the words say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from psycopg.sql import Identifier

from pagespace_codegen.queries.analysis import DescribedColumn, Description
from pagespace_codegen.queries.tree.enums import Command, EntryKind
from pagespace_codegen.queries.tree.nodetree import Node
from pagespace_codegen.queries.tree.references import References, Relation
from pagespace_db.sqltext import Token, TokenKind, tokens

_SET_OPERATIONS: Final = frozenset({"union", "intersect", "except"})
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
    plain = tuple(ResultColumn(place=place, start=place) for place in range(len(columns)))
    branches = _branches(statement, tree) if tree is not None else ()
    if tree is None or not branches:
        return Expansion(sql=statement, items=plain)
    if tree.node("setOperations") is not None:
        ctes = _ctes(tree)
        edits = [edit for words, query in branches for edit in _star_edits(statement, words, query, ctes, references)]
        return Expansion(sql=_edited(statement, edits), items=plain)
    ((words, _),) = branches
    items = _select_items(statement, words, tree)
    has_star = any(item.is_star for item in items)
    if not items or not (has_star or any(column.whole_row_of for column in columns)):
        return Expansion(sql=statement, items=plain)
    return _Expander(statement, tree, references).expand(items, columns)


def _star_edits(
    statement: str, words: Sequence[Token], query: Node, ctes: Mapping[str | None, Node | None], references: References
) -> list[_Edit]:
    """Return what takes the place of the stars of one branch of a set operation."""
    items = _select_items(statement, words, query)
    if not any(item.is_star for item in items):
        return []
    return _Expander(statement, query, references, ctes).star_edits(items)


@dataclass(frozen=True, slots=True)
class _Edit:
    """A part of a statement, and the text that takes its place."""

    start: int
    end: int
    text: str


def _edited(statement: str, edits: Iterable[_Edit]) -> str:
    pieces: list[str] = []
    position = 0
    for edit in edits:
        pieces += statement[position : edit.start], edit.text
        position = edit.end
    return "".join([*pieces, statement[position:]])


@dataclass(frozen=True, slots=True, kw_only=True)
class _SelectItem:
    """An item of a select list: where it stands, its first name, and whether it is `*` or `name.*`.

    `is_table` tells that it is the word TABLE, which stands for `SELECT * FROM`.
    """

    start: int
    end: int
    head: str
    is_star: bool
    is_table: bool = False


class _Expander:
    def __init__(
        self,
        statement: str,
        tree: Node,
        references: References,
        outer_ctes: Mapping[str | None, Node | None] | None = None,
    ) -> None:
        self._statement = statement
        self._references = references
        self._entries = tree.nodes("rtable")
        is_select = tree.number("commandType") == Command.SELECT
        listed = tree.nodes("targetList" if is_select else "returningList")
        self._targets = [entry for entry in listed if not entry.flag("resjunk")]
        self._join_aliases = dict(_join_aliases(tree.node("jointree"), None))
        self._ctes = {**(outer_ctes or {}), **_ctes(tree)}

    def expand(self, items: Sequence[_SelectItem], columns: Sequence[DescribedColumn]) -> Expansion:
        edits: list[_Edit] = []
        found: list[ResultItem] = []
        place = start = 0
        for item, count in zip(items, self._counts(items), strict=True):
            whole_row = columns[place].whole_row_of if not item.is_star else 0
            relation = self._references.relation(whole_row)
            if relation is not None:
                row, text = self._row(item, place, start, relation, is_nullable=columns[place].verdict.is_nullable)
                edits.append(_Edit(item.start, item.end, text))
                found.append(row)
                start += len(relation.columns) + row.presence_is_flag
            else:
                if item.is_star:
                    edits.append(self._star_edit(item, place, count))
                found += (ResultColumn(place=place + offset, start=start + offset) for offset in range(count))
                start += count
            place += count
        return Expansion(sql=_edited(self._statement, edits), items=tuple(found))

    def star_edits(self, items: Sequence[_SelectItem]) -> list[_Edit]:
        """Return what takes the place of each `*`."""
        counts = self._counts(items)
        places = accumulate(counts, initial=0)
        return [
            self._star_edit(item, place, count)
            for item, place, count in zip(items, places, counts, strict=False)
            if item.is_star
        ]

    def _star_edit(self, item: _SelectItem, place: int, count: int) -> _Edit:
        names = ", ".join(self._star_column(item, place + offset) for offset in range(count))
        return _Edit(item.start, item.end, f"SELECT {names} FROM" if item.is_table else names)

    def _counts(self, items: Sequence[_SelectItem]) -> list[int]:
        """Return how many columns each item stands for."""
        counts = [self._count(item) for item in items]
        missing = [place for place, count in enumerate(counts) if count is None]
        rest = len(self._targets) - sum(count for count in counts if count is not None)
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
        if entry.number("rtekind") == EntryKind.CTE:
            query = self._ctes.get(entry.text("ctename"))
        if query is None:
            return None
        is_select = query.number("commandType") == Command.SELECT
        listed = query.nodes("targetList" if is_select else "returningList")
        return sum(not target.flag("resjunk") for target in listed)

    def _star_column(self, item: _SelectItem, place: int) -> str:
        name = Identifier(self._targets[place].text("resname") or "").as_string()
        if item.head:
            prefix = self._statement[item.start : item.end].rstrip().removesuffix("*").rstrip()
            return f"{prefix}{name}"
        expr = self._targets[place].node("expr")
        number = expr.number("varno") if expr is not None and expr.kind == "VAR" else 0
        if number in self._join_aliases:
            return f"{Identifier(self._join_aliases[number]).as_string()}.{name}"
        entry = self._entries[number - 1] if 0 < number <= len(self._entries) else None
        alias = entry.node("eref") if entry is not None else None
        if entry is None or alias is None or entry.number("rtekind") in {EntryKind.JOIN, EntryKind.GROUP}:
            return name
        return f"{Identifier(alias.text('aliasname') or '').as_string()}.{name}"

    def _row(
        self, item: _SelectItem, place: int, start: int, relation: Relation, *, is_nullable: bool
    ) -> tuple[ResultRow, str]:
        prefix = self._statement[item.start : item.start + len(item.head)]
        numbers = sorted(relation.columns)
        names = [f"{prefix}.{Identifier(relation.columns[number].name).as_string()}" for number in numbers]
        never_null = [offset for offset, number in enumerate(numbers) if relation.columns[number].is_not_null]
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


def _ctes(tree: Node) -> dict[str | None, Node | None]:
    return {cte.text("ctename"): cte.node("ctequery") for cte in tree.nodes("cteList")}


def _branches(statement: str, tree: Node) -> tuple[tuple[list[Token], Node], ...]:
    """Return the branches of a set operation, their words and their trees; of another statement all of it.

    None when the words do not show as many branches as the tree has.
    """
    words = [token for token in tokens(statement) if token.kind not in {TokenKind.SPACE, TokenKind.COMMENT}]
    if tree.number("commandType") != Command.SELECT:
        return ((words, tree),)
    texts, queries = list(_branch_words(statement, words)), list(_branch_queries(tree))
    return tuple(zip(texts, queries, strict=True)) if len(texts) == len(queries) else ()


def _branch_queries(query: Node) -> Iterator[Node]:
    """Yield the queries that a query combines, in the order of its text."""
    entries = query.nodes("rtable")
    stack = list(filter(None, [query.node("setOperations")]))
    if not stack:
        yield query
    while stack:
        node = stack.pop()
        if node.kind == "RANGETBLREF":
            branch = entries[node.number("rtindex") - 1].node("subquery")
            yield from () if branch is None else _branch_queries(branch)
        else:
            stack += filter(None, [node.node("rarg"), node.node("larg")])


def _branch_words(statement: str, words: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield the words of each branch: between UNION, INTERSECT and EXCEPT, and within brackets around it."""
    part: list[Token] = []
    previous = ""
    for token, depth in (*_with_depth(statement, words), (None, 0)):
        word = "" if token is None else _word(statement, token)
        is_operation = depth == 0 and word in _SET_OPERATIONS and previous != "as"
        if token is not None and not is_operation:
            if part or previous not in _SET_OPERATIONS or word not in {"all", "distinct"}:
                part.append(token)
        elif part:
            yield from _unwrapped(statement, part)
            part = []
        previous = word


def _unwrapped(statement: str, part: list[Token]) -> Iterator[list[Token]]:
    """Yield a branch, or those within the brackets that it begins with."""
    depths = [depth for _, depth in _with_depth(statement, part)]
    if _word(statement, part[0]) == "with":  # the query may stand in brackets behind the last of its CTEs
        spelled = [statement[token.start : token.end] for token in part]
        adjacent = [n for n in range(1, len(part)) if spelled[n - 1 : n + 1] == [")", "("] and not depths[n]]
        part, depths = (part[adjacent[0] :], depths[adjacent[0] :]) if adjacent else (part, depths)
    if statement[part[0].start] != "(":
        yield part
        return
    yield from _branch_words(statement, part[1 : depths.index(0, 1)])


def _select_items(statement: str, words: Sequence[Token], tree: Node) -> tuple[_SelectItem, ...]:
    """Return the items of the select list or RETURNING of a statement that has these words; none for VALUES."""
    keyword = "select" if tree.number("commandType") == Command.SELECT else "returning"
    outer = [token for token, depth in _with_depth(statement, words) if depth == 0]
    if keyword == "select" and outer and _word(statement, outer[0]) == "table":
        return (_SelectItem(start=outer[0].start, end=outer[0].end, head="", is_star=True, is_table=True),)
    starts = [place for place, token in enumerate(outer) if _word(statement, token) == keyword]
    if not starts:
        return ()
    begin = _after_distinct(statement, outer, starts[0] + 1)
    end = next(
        (
            place
            for place in range(begin, len(outer))
            if _word(statement, outer[place]) in _LIST_ENDS and not _is_within_expression(statement, outer, place)
        ),
        len(outer),
    )
    return tuple(_items(statement, outer[begin:end]))


def _with_depth(statement: str, words: Iterable[Token]) -> Iterator[tuple[Token, int]]:
    """Yield words, each with the number of brackets around it."""
    depth = 0
    for token in words:
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
