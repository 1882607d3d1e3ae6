"""Expressions as SQL text.

Operands that are not atoms are bracketed, so precedence is never a question; only AND, OR and NOT spare the conditions
that bind tighter than they do. Queries inside of an expression are rendered by `queries`, which is handed in.
"""

# Keys are nested tuples of anything hashable, and a pattern over them cannot tell pyright what a class was generic in.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pagespace_db.builder.columns import ColumnBase, Source
from pagespace_db.builder.expressions import Key, parts_of
from pagespace_db.builder.render import dialect
from pagespace_db.builder.render.scope import EXCLUDED, Scope


@dataclass(frozen=True, slots=True)
class Bind:
    """A numbered place for a value; its text cannot be that of anything else, since no name or fragment has a NUL."""

    index: int
    cast: str | None

    def __str__(self) -> str:
        return f"\0{self.index}\0" + (f"::{self.cast}" if self.cast else "")


_ATOMS: Final = frozenset(
    {
        "agg", "any_present", "array_of", "cast", "choice", "coalesce", "count", "element", "exists", "excluded",
        "func", "grouping", "identifier", "ordinal", "outer", "over", "row", "scalar", "subcolumn", "total",
        "within", "word",
    }
)  # fmt: skip
"""Keys that render to something that no operator can tear apart."""

_LOOSE: Final = frozenset({"and", "or", "sql"})
"""Conditions that AND, OR and NOT, which bind loosest of all, would tear apart. A fragment may hold anything."""

RenderQuery = Callable[[Key, Scope], str]


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders the expressions of one scope."""

    scope: Scope
    render_query: RenderQuery

    def conditions(self, conditions: Sequence[Key]) -> str | None:
        """Return all of `conditions` together, or None when there is none."""
        if not conditions:
            return None
        return self.text(("and", *conditions) if len(conditions) > 1 else conditions[0])

    def list(self, keys: Iterable[Any]) -> str:
        """Return expressions with commas between them."""
        return ", ".join([self.text(key) for key in keys])

    def operand(self, key: Any) -> str:
        """Return an expression that may stand beside any operator."""
        key = _unwrapped(key)
        sql = self.text(key)
        return dialect.bracketed(sql) if isinstance(key, tuple) and key[0] not in _ATOMS else sql

    def text(self, key: Any) -> str:
        """Return the text of an expression.

        Errors: StatementError when it refers to a source that is not in scope.
        """
        match key:
            case ColumnBase():
                return self._column(key)
            case Bind():
                return str(key)
            case ("opt" | "claimed", a):
                return self.text(a)
            case ("outer", ColumnBase() as column):
                return dialect.column_name(
                    (self.scope.outer or self.scope).name_of(column._table, column), column._name
                )
            case ("op", str() as operator, a, b):
                return dialect.binary(operator, self.operand(a), self.operand(b))
            case ("and" | "or" | "not" | "is" | "between" | "any" | "any_element" | "in" | "in_arrays" | "exists", *_):
                return self._condition(key)
            case ("agg" | "over" | "within" | "grouping" | "count", *_):
                return self._aggregate(key)
            case ("func" | "total" | "choice", str() as name, *arguments):
                return dialect.call(name, [self.text(argument) for argument in arguments])
            case ("coalesce", *arguments):
                return dialect.call("coalesce", [self.text(argument) for argument in arguments])
            case ("cast", a, str() as pg_type):
                return f"CAST({self.text(a)} AS {pg_type})"
            case ("case", tuple() as branches, default):
                pairs = [(self.text(condition), self.text(value)) for condition, value in branches]
                return dialect.case(pairs, None if default is None else self.text(default))
            case ("scalar", query):
                return self._query(query)
            case ("array_of", query):
                return f"ARRAY{self._query(query)}"
            case ("element", a, index):
                return f"({self.text(a)})[{self.text(index)}]"
            case ("row", *parts):
                return f"({self.list(parts)})"
            case ("ordinal", int() as place):
                return str(place)
            case ("word", str() as word):
                return f"'{word}'"
            case ("identifier", *names):
                return ".".join(dialect.quoted(str(name)) for name in names)
            case ("present", source):
                return f"({dialect.quoted(self.scope.name_of(source))}.*) IS DISTINCT FROM NULL"
            case ("any_present", *columns):
                return f"num_nonnulls({self.list(columns)}) > 0"
            case ("subcolumn", alias, int() as index, *_):
                return dialect.column_name(self.scope.name_of(alias), f"c{index + 1}")
            case ("excluded", ColumnBase() as column):
                return f"{self.scope.name_of(EXCLUDED)}.{dialect.quoted(column._name)}"
            case ("sql", tuple() as pieces, tuple() as arguments):
                return self._fragment(pieces, arguments)
            case _:
                raise AssertionError(key)

    def _column(self, column: ColumnBase[Any, Any]) -> str:
        name = self.scope.name_of(column._table, column)
        return dialect.quoted(column._name) if self.scope.is_bare else dialect.column_name(name, column._name)

    def _query(self, key: Key) -> str:
        return dialect.bracketed(self.render_query(key, self.scope))

    def _condition(self, key: Any) -> str:
        match key:
            case ("and" | "or" as connective, *conditions):
                return dialect.connected(connective, [self._loose(condition) for condition in conditions])
            case ("not", condition):
                return dialect.negated(self._loose(condition))
            case ("is", "NULL" | "NOT NULL" as what, a):
                return dialect.null_test(self.operand(a), is_null=what == "NULL")
            case ("is", what, a):
                return f"{self.operand(a)} IS {what}"
            case ("between", negated, a, low, high):
                test = dialect.between(self.operand(a), self.operand(low), self.operand(high))
                return dialect.negated(test) if negated else test
            case ("any", negated, a, place):
                return f"{self.operand(a)} {'<> ALL' if negated else '= ANY'}({self.text(place)})"
            case ("any_element", a, array):
                text = self.text(array)
                # The brackets of ANY would make a query of one array a query of its elements.
                is_query = parts_of(_unwrapped(array))[:1] == ("scalar",)
                return f"{self.operand(a)} = ANY({dialect.call('coalesce', [text]) if is_query else text})"
            case ("in_arrays", (column,), (place,)):
                return f"{self.text(column)} = ANY({self.text(place)})"
            case ("in_arrays", tuple() as columns, tuple() as places):
                return f"({self.list(columns)}) IN (SELECT * FROM unnest({self.list(places)}))"
            case ("in", negated, a, query):
                return f"{self.operand(a)} {'NOT IN' if negated else 'IN'} {self._query(query)}"
            case ("exists", query):
                return f"EXISTS {self._query(query)}"
            case _:
                raise AssertionError(key)

    def _loose(self, key: Any) -> str:
        key = _unwrapped(key)
        sql = self.text(key)
        return dialect.bracketed(sql) if isinstance(key, tuple) and key[0] in _LOOSE else sql

    def _aggregate(self, key: Any) -> str:
        match key:
            case ("count",):
                return "count(*)"
            case ("agg", str() as function, tuple() as arguments, is_distinct, tuple() as order_by, tuple() as filters):
                inside = self.list(arguments) if arguments else "*"
                if is_distinct:
                    inside = f"DISTINCT {inside}"
                if order_by:
                    inside += f" ORDER BY {self.order(order_by)}"
                condition = self.conditions(filters)
                return f"{function}({inside})" + (f" FILTER (WHERE {condition})" if condition else "")
            case ("within", str() as function, argument, expression):
                return f"{function}({self.text(argument)}) WITHIN GROUP (ORDER BY {self.text(expression)})"
            case ("grouping", *expressions):
                return f"GROUPING({self.list(expressions)})"
            case ("over", call, tuple() as partition_by, tuple() as order_by, bounds):
                return self._over(call, partition_by, order_by, bounds)
            case _:
                raise AssertionError(key)

    def _over(self, call: Any, partition_by: Sequence[Key], order_by: Sequence[Key], bounds: Any) -> str:
        match call:
            case ("opt" | "claimed", part):
                return self._over(part, partition_by, order_by, bounds)
            case ("cast", part, pg_type):
                return f"CAST({self._over(part, partition_by, order_by, bounds)} AS {pg_type})"
            case _:
                pass
        window: list[str] = []
        if partition_by:
            window.append(f"PARTITION BY {self.list(partition_by)}")
        if order_by:
            window.append(f"ORDER BY {self.order(order_by)}")
        if bounds is not None:
            unit, start, end, exclude = bounds
            frame = f"{unit} BETWEEN {self._bound(start, is_start=True)} AND {self._bound(end, is_start=False)}"
            window.append(frame + (f" EXCLUDE {exclude.upper()}" if exclude else ""))
        return f"{self.text(call)} OVER ({' '.join(window)})"

    def _bound(self, bound: Any, *, is_start: bool) -> str:
        word, offset = bound
        if word == "UNBOUNDED":
            return "UNBOUNDED PRECEDING" if is_start else "UNBOUNDED FOLLOWING"
        return str(word) if offset is None else f"{self.text(offset)} {word}"

    def order(self, terms: Iterable[Any], render_term: Callable[[Key], str] | None = None) -> str:
        """Return the terms of an ORDER BY, each expression rendered by `render_term`, or as it is."""
        render_term = render_term or self.text
        return ", ".join([_order(term, render_term) for term in terms])

    def _fragment(self, pieces: Sequence[Any], arguments: Sequence[Any]) -> str:
        sql = str(pieces[0])
        for piece, argument in zip(pieces[1:], arguments, strict=True):
            match argument:
                case Source():
                    sql += dialect.quoted(self.scope.name_of(argument))
                case ("select" | "set", *_):
                    sql += self._query(argument)
                case _:
                    sql += self.operand(argument)
            sql += piece
        return sql


def _unwrapped(key: Any) -> Any:
    """Return a key without what says only how it is read."""
    while isinstance(key, tuple) and key[0] in ("opt", "claimed"):
        key = key[1]
    return key


def _order(term: Any, render_term: Callable[[Key], str]) -> str:
    match term:
        case ("order", key, str() as direction, nulls):
            return f"{render_term(key)} {direction}" + (f" NULLS {str(nulls).upper()}" if nulls else "")
        case _:
            return render_term(term)
