r"""A reader of PostgreSQL's own query trees, as `pg_node_tree` prints them.

The text is the output of `nodeToString` (src/backend/nodes/outfuncs.c): `{KIND :field value ...}` for a node, `(...)`
for a list, with `i`, `o`, `b` or `x` in front of integers, `<>` for nothing, `"..."` for a string value,
`4 [ 1 0 0 0 ]` for a datum. Delimiters inside a word are escaped by a backslash.

Fields differ between the versions of the server, so they are only ever asked for by name, and one that is not there
reads as nothing. What a node means is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_LIST_PREFIXES: Final = frozenset("iobx")

# Nine tenths of a tree say nothing to us. They are cut away by C code before Python sees a token, which makes reading
# five times as fast: lists of names and of bits, positions and modifiers, and every field with its default value.
_NOISE_LISTS: Final = re.compile(
    r" :(?:colnames|aliascolnames|coltypes|coltypmods|colcollations|ctecolnames|ctecoltypes|ctecoltypmods"
    r"|ctecolcollations|joinleftcols|joinrightcols|selectedCols|insertedCols|updatedCols|extraUpdatedCols) \([^()]*\)"
)
_NOISE_NUMBERS: Final = re.compile(
    r" :(?:location|stmt_location|stmt_len|list_start|list_end|varnosyn|varattnosyn|vartypmod|varcollid"
    r"|opcollid|funccollid|consttypmod|constcollid|resulttypmod|resultcollid|aggno|aggtransno|perminfoindex"
    r"|requiredPerms|rellockmode) -?\d+"
    r"| :inputcollid (?:100|950)(?= :|\})"  # the default one and "C"; others may call equal what a key does not
)
_DEFAULTS: Final = re.compile(r" :\w+ (?:<>|false|0|\(b\))(?= :|\})")

# The columns of a join once more, a node for each. They grow with the square of the number of joins and are needed
# only for merged columns and aliased joins, so they are kept as text. No join can be nested in them.
_JOIN_COLUMNS_START: Final = " :joinaliasvars ("
_JOIN_COLUMNS_END: Final = ") :joinleftcols"

# PostgreSQL 14 has shorter names for some kinds.
_KINDS_OF_14: Final = {
    "ARRAY": "ARRAYEXPR",
    "CASE": "CASEEXPR",
    "COALESCE": "COALESCEEXPR",
    "COLLATE": "COLLATEEXPR",
    "MINMAX": "MINMAXEXPR",
    "ROW": "ROWEXPR",
    "ROWCOMPARE": "ROWCOMPAREEXPR",
}

# An escaped delimiter is moved out of the way while the text is split at the real ones.
_MOVED: Final = 0x10F000

Value: TypeAlias = "Node | tuple[Value, ...] | str | None"


class Node:
    """One node: its kind, such as `VAR`, and its fields by name."""

    __slots__ = ("_children", "_fields", "kind")

    def __init__(self, kind: str, fields: Mapping[str, Value]) -> None:
        self.kind = kind
        self._fields = fields
        self._children: tuple[Node, ...] | None = None

    def __repr__(self) -> str:
        return f"<{self.kind} {', '.join(self._fields)}>"

    def text(self, field: str) -> str | None:
        """Return the word in the field, or None."""
        value = self._fields.get(field)
        return value if isinstance(value, str) else None

    def number(self, field: str) -> int:
        """Return the integer in the field; 0 when there is none."""
        value = self._fields.get(field)
        return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else 0

    def flag(self, field: str) -> bool:
        """Return whether the field says true."""
        return self._fields.get(field) == "true"

    def node(self, field: str) -> Node | None:
        """Return the node in the field, or None."""
        value = self._fields.get(field)
        return value if isinstance(value, Node) else None

    def items(self, field: str) -> tuple[Value, ...]:
        """Return the items of the list in the field; an empty list when there is none."""
        value = self._fields.get(field)
        if isinstance(value, _Unread):
            return value.read()
        return value if isinstance(value, tuple) else ()

    def nodes(self, field: str) -> tuple[Node, ...]:
        """Return the nodes of the list in the field; what is not a node is left out."""
        return tuple(item for item in self.items(field) if isinstance(item, Node))

    def numbers(self, field: str) -> tuple[int, ...]:
        """Return the integers of the list in the field."""
        return tuple(int(item) for item in self.items(field) if isinstance(item, str))

    def children(self) -> tuple[Node, ...]:
        """Return every node that a field holds, itself or in lists; not the columns of a join, which repeat others."""
        if self._children is None:
            self._children = tuple(_nodes_in(tuple(self._fields.values())))
        return self._children

    def walk(self) -> Iterator[Node]:
        """Yield this node and every node below it, parents first."""
        stack: list[Node] = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children()))

    def shape(self) -> Value:
        """Return this node as nested tuples that compare equal when two nodes say the same."""
        return (self.kind, *((field, _shape(value)) for field, value in self._fields.items()))


class _Unread(str):
    """The inside of a list that is read when it is asked for."""

    __slots__ = ()

    def read(self) -> tuple[Value, ...]:
        return _read(self)


def parse_node_tree(text: str) -> tuple[Value, ...]:
    """Return the values that a `pg_node_tree` holds: one, unless the text is empty."""
    start = text.find(_JOIN_COLUMNS_START)
    if start < 0:
        return _read(text)
    pieces: list[str] = []
    unread: list[_Unread] = []
    position = 0
    while start >= 0:
        inside = start + len(_JOIN_COLUMNS_START)
        end = text.index(_JOIN_COLUMNS_END, inside)
        pieces += text[position:start], f" :joinaliasvars #{len(unread)}"
        unread.append(_Unread(text[inside:end]))
        position = end + 1
        start = text.find(_JOIN_COLUMNS_START, position)
    return _read("".join((*pieces, text[position:])), unread)


def parse_queries(text: str) -> tuple[Node, ...]:
    """Return the QUERY nodes of a rule action or of a function body, in order, however deep the lists are nested."""
    return tuple(node for node in _nodes_in(parse_node_tree(text)) if node.kind == "QUERY")


def _read(text: str, unread: Sequence[_Unread] = ()) -> tuple[Value, ...]:
    """Read a sequence of values; `unread` holds the lists that were set aside."""
    if "\\" in text:  # first of all: a name in a list of names may hold a parenthesis
        text = _ESCAPED.sub(lambda escape: chr(_MOVED + ord(escape[1])), text)
    text = _DEFAULTS.sub("", _NOISE_NUMBERS.sub("", _NOISE_LISTS.sub("", text)))
    for delimiter in "{}()":
        text = text.replace(delimiter, f" {delimiter} ")
    words = filter(None, text.split(" "))  # no other white space separates words
    items: list[Value] = []
    kind = ""
    fields: dict[str, Value] | None = None  # of the open node; None inside a list
    key: str | None = None  # the field that waits for its value
    stack: list[tuple[list[Value], str, dict[str, Value] | None, str | None]] = []
    for word in words:
        value: Value
        if word == "{":
            stack.append((items, kind, fields, key))
            kind, fields, key = next(words), {}, None
            continue
        if word == "(":
            stack.append((items, kind, fields, key))
            items, fields, key = [], None, None
            continue
        if word == "}":
            value = Node(_KINDS_OF_14.get(kind, kind), fields or {})
            items, kind, fields, key = stack.pop()
        elif word == ")":
            value = tuple(items[1:] if items and items[0] in _LIST_PREFIXES else items)
            items, kind, fields, key = stack.pop()
        elif fields is not None and key is None:
            if word == "[":  # the bytes of a datum follow its length
                fields["constvalue"] = " ".join(iter(lambda: next(words), "]"))
            else:
                key = word[1:]
            continue
        else:
            value = _decode(word)
        if fields is None:
            items.append(value)
        elif key is not None:
            fields[key] = unread[int(word[1:])] if key == "joinaliasvars" and word[0] == "#" else value
            key = None
    return tuple(items)


def _decode(word: str) -> str | None:
    if word == "<>":
        return None
    if word[0] == '"':
        word = word[1:-1]
    if word.isascii():
        return word
    return "".join(chr(ord(c) - _MOVED) if ord(c) >= _MOVED else c for c in word)


def _nodes_in(values: tuple[Value, ...]) -> list[Node]:
    """Return the nodes in a list and in the lists below it; it is on the path of every walk, hence its shape."""
    found: list[Node] = []
    for value in values:
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            found += _nodes_in(value)
    return found


def _shape(value: Value) -> Value:
    if isinstance(value, Node):
        return value.shape()
    if isinstance(value, tuple):
        return tuple(_shape(item) for item in value)
    return value
