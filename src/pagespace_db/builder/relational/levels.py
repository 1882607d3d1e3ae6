"""The levels of a relational read: the statement of each, and how its rows find their parents."""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import attrgetter, itemgetter
from typing import Any, Final, TypeAlias

from pagespace_db.builder.columns import ColumnBase, Source
from pagespace_db.builder.compile import compile_shape
from pagespace_db.builder.expressions import Key, Loaded, Node, Values_
from pagespace_db.builder.params import cast_param
from pagespace_db.builder.relational.relations import Refinement, Relation, all_equal
from pagespace_db.builder.rows import columns_of
from pagespace_db.builder.shapes import selected
from pagespace_db.builder.sources import without_values
from pagespace_db.builder.statement import Request

AnyColumn: TypeAlias = ColumnBase[Any, Any]
_KEYS: Final = "parent_keys"
_ROWS: Final = "rows_of_parent"
_BIGINT: Final = cast_param("bigint")


@dataclass(slots=True, kw_only=True)
class _Parents:
    """How the rows of a level are found and told apart by parent.

    Attributes:
        back: The columns that hold the parent's key.
        joined: The junction and its join condition, or None.
    """

    back: list[AnyColumn]
    joined: tuple[Source[Any], Key] | None = None

    @property
    def is_exact(self) -> bool:
        """Keys that are equal to the server are equal to Python: not so those of citext, or of a domain over it."""
        return not any(column._param.is_named or column._pg_type.startswith("character(") for column in self.back)


@dataclass(slots=True)
class Level:
    """The rows of one table that one statement reads: those of the root, or of a relation.

    Where the object itself holds the key columns, the rows are the objects; else they are tuples of the object and
    the key columns that were read beside it.

    Attributes:
        source: The table or view.
        refinement: Which rows, in which order, as what.
        link: How they belong to the rows of the level above; None for the root.
        keys: The distinct keys of those rows.
        rows: What the statement returned.
        children: What is loaded for each row, once `descend` has been called.
    """

    source: Source[Any]
    refinement: Refinement
    link: _Parents | None = None
    keys: Sequence[Any] = ()
    rows: list[Any] = field(default_factory=list[Any])
    children: list[tuple[Relation[Any, Any], Level]] = field(default_factory=list[tuple["Relation[Any, Any]", "Level"]])

    def relations(self) -> list[Relation[Any, Any]]:
        """Return what is loaded for each row: the included relations, then those of the shape."""
        shape = self.refinement.shape
        members = [] if shape is None else [m for m in shape._members.values() if isinstance(m, Relation)]
        return [*self.refinement.includes, *members]

    def key_columns(self) -> list[AnyColumn]:
        """Return the columns that tell rows apart: the parent's key, and each column that a relation starts at."""
        back = [] if self.link is None else self.link.back
        starts = dict.fromkeys(name for relation in self.relations() for name in relation._link.local)
        return [*back, *[self.source._column(name) for name in starts]]

    def beside(self) -> list[AnyColumn]:
        """Return the key columns if they must be read beside the object; none when it holds them all itself."""
        columns = self.key_columns()
        held = _attributes_held(self.source, self.refinement.shape)
        is_exact = self.link is None or self.link.is_exact
        return [] if is_exact and all(column in held for column in columns) else columns

    # ---- the statement

    def request(self) -> Request:
        """Return the compiled statement of the level, with its values."""
        item, values = (self.source, ()) if self.refinement.shape is None else selected(self.refinement.shape)
        items: list[Key] = [item, *self.beside()]
        if self.link is None:
            key, values = self._refined(("from", ("select", *items), self.source), values)
        elif (self.refinement.limit, self.refinement.offset) != (None, None):
            key, values = self._of_each_parent(self.link, items, values)
        else:
            key, values = self._of_all_parents(self.link, items, values)
        return compile_shape(key), values

    def _of_all_parents(self, link: _Parents, items: list[Key], values: Values_) -> tuple[Key, Values_]:
        """Read the rows of all parents at once, by the array of their keys."""
        places, arrays = self._key_arrays(link)
        if link.is_exact:
            is_wanted: Key = ("in_arrays", tuple(link.back), places)
            key: Key = ("where", self._linked(link, items), is_wanted)
        else:
            is_wanted = all_equal(link.back, _parent_key(link))
            key = ("join", self._linked(link, _tagged(link, items)), ("unnest", _KEYS, places), is_wanted)
        return self._refined(key, values + arrays)

    def _of_each_parent(self, link: _Parents, items: list[Key], values: Values_) -> tuple[Key, Values_]:
        """Read the rows of each parent by themselves, so that limit and offset count for each."""
        places, arrays = self._key_arrays(link)
        order_by = self.refinement.order_by
        # What the rows are ordered by need not be selected, and is needed outside again.
        inner: Key = self._linked(link, [*items, *[_ordered(term) for term in order_by]])
        inner = ("where", inner, all_equal(link.back, _parent_key(link)))
        inner_values = values + tuple([value for term in order_by for value in term._values])
        inner, inner_values = self._refined(inner, inner_values)
        starts = [0, *accumulate(len(columns_of(item)) for item in items)]
        outer = [("subrow", _ROWS, start, without_values(item)) for start, item in zip(starts, items, strict=False)]
        key: Key = ("select", *_tagged(link, outer))
        key = ("from", key, ("unnest", _KEYS, places), ("lateral_subquery", _ROWS, inner))
        if order_by:
            ranks: list[Key] = [("subcolumn", _ROWS, starts[-1] + index, True) for index in range(len(order_by))]
            key = ("order_by", key, *[_reordered(term, rank) for term, rank in zip(order_by, ranks, strict=True)])
        return key, arrays + inner_values

    def _linked(self, link: _Parents, items: Sequence[Key]) -> Key:
        key: Key = ("from", ("select", *items), self.source)
        return key if link.joined is None else ("join", key, *link.joined)

    def _refined(self, key: Key, values: Values_) -> tuple[Key, Values_]:
        refinement = self.refinement
        for tag, nodes in (("where", refinement.where), ("order_by", refinement.order_by)):
            if nodes:
                key = (tag, key, *[node._key for node in nodes])
                values += tuple([value for node in nodes for value in node._values])
        for tag, number in (("limit", refinement.limit), ("offset", refinement.offset)):
            if number is not None:
                key = (tag, key, _BIGINT)
                values += (number,)
        return key, values

    def _key_arrays(self, link: _Parents) -> tuple[tuple[Key, ...], Values_]:
        places = tuple([column._param.array() for column in link.back])
        arrays = [self.keys] if len(places) == 1 else list(zip(*self.keys, strict=True))
        return places, tuple([place.lift(array) for place, array in zip(places, arrays, strict=True)])

    # ---- the rows

    def descend(self) -> list[Level]:
        """Return the level of each relation that has anything to read, with the keys that these rows refer to."""
        for relation in self.relations():
            child = _child(relation)
            key_of = self._key_getter([self.source._column(name) for name in relation._link.local])
            keys = dict.fromkeys(map(key_of, self.rows))
            child.keys = [key for key in keys if key is not None and not (isinstance(key, tuple) and None in key)]
            self.children.append((relation, child))
        return [child for _, child in self.children if child.keys]

    def objects(self) -> list[Any]:
        """Return the object of each row, with everything that its relations loaded."""
        made = [row[0] for row in self.rows] if self.beside() else self.rows
        included = len(self.refinement.includes)
        loaded = [self._loaded(relation, child) for relation, child in self.children]
        for name, values in zip(self._relation_names(), loaded[included:], strict=True):
            for each, value in zip(made, values, strict=True):
                each.__dict__[name] = value
        return list(zip(made, *loaded[:included], strict=True)) if included else made

    def _relation_names(self) -> list[str]:
        if self.refinement.shape is None or not self.children:
            return []
        return [name for name, m in self.refinement.shape._members.items() if isinstance(m, Relation)]

    def _loaded(self, relation: Relation[Any, Any], child: Level) -> list[Any]:
        """Return what a relation loaded for each row of this level, in order."""
        wanted = map(self._key_getter([self.source._column(name) for name in relation._link.local]), self.rows)
        objects = child.objects()
        keys = map(child._key_getter([] if child.link is None else child.link.back), child.rows)
        if relation._cardinality != "many":
            found = dict(zip(keys, objects, strict=True))
            return [found.get(key) for key in wanted]
        groups: defaultdict[Any, list[Any]] = defaultdict(list)
        for key, each in zip(keys, objects, strict=True):
            groups[key].append(each)
        if len(child.keys) == len(self.rows):
            return [groups[key] for key in wanted]
        # Several rows share a key; each gets a list of its own, so that changing one changes no other.
        return [groups[key].copy() for key in wanted]

    def _key_getter(self, columns: Sequence[AnyColumn]) -> Callable[[Any], Any]:
        """Return a function from a row to its values of `columns`: a scalar for one column, else a tuple."""
        if not self.rows:
            return lambda row: row
        beside = self.beside()
        if beside:
            return itemgetter(*[1 + beside.index(column) for column in columns])
        held = _attributes_held(self.source, self.refinement.shape)
        return attrgetter(*[held[column] for column in columns])


def _attributes_held(source: Source[Any], shape: type[Loaded] | None) -> dict[AnyColumn, str]:
    """Return the columns that an object holds as they are, with the names of its attributes."""
    if shape is None:
        return {column: column._attribute for column in source._columns}
    members = shape._members
    base = () if shape._base_row is None else source._columns
    held = {column: column._attribute for column in base if column._attribute not in members}
    return held | {member: name for name, member in members.items() if isinstance(member, ColumnBase)}


def _child(relation: Relation[Any, Any]) -> Level:
    """Return the level that loads `relation`, without its keys yet."""
    link = relation._link
    target = link.target()
    remote = [target._column(name) for name in link.remote]
    if link.through is None:
        return Level(target, relation._refinement, _Parents(back=remote))
    get_junction, to_parent, to_child = link.through
    junction = get_junction()
    condition = all_equal([junction._column(name) for name in to_child], remote)
    back = [junction._column(name) for name in to_parent]
    return Level(target, relation._refinement, _Parents(back=back, joined=(junction, condition)))


def _parent_key(link: _Parents) -> list[Key]:
    """Return the columns of the array of the parents' keys."""
    return [("subcolumn", _KEYS, index, False) for index in range(len(link.back))]


def _tagged(link: _Parents, items: Sequence[Key]) -> list[Key]:
    """Return the items of a level with the parent's own key in place of what refers to it, where that is read."""
    return [items[0], *_parent_key(link), *items[1 + len(link.back) :]] if len(items) > 1 else list(items)


def _ordered(term: Node) -> Key:
    """Return the expression of a term of ORDER BY."""
    match term._key:
        case ("order", key, _, _):
            return key
        case key:
            return key


def _reordered(term: Node, key: Key) -> Key:
    """Return the key of a term of ORDER BY with another expression."""
    match term._key:
        case ("order", _, *how):
            return ("order", key, *how)
        case _:
            return key
