"""Types of Python and what they are in JSON: each value comes back from its text, and nothing is taken for another."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Any, Literal, NewType, NotRequired, Required, TypedDict
from uuid import UUID

import pytest
from typing_extensions import TypeAliasType

from pagespace_db.codecs import UnsupportedType, dump_json
from pagespace_db.codecs.base import Misfit, described
from pagespace_db.codecs.resolve import converter_of


class Colour(Enum):
    RED = "r"


class Size(IntEnum):
    BIG = 3


class Kind(StrEnum):
    A = "a"


Name = NewType("Name", str)
Names = TypeAliasType("Names", list[Name])


@dataclass
class Node:
    value: int
    nodes: list[Node] = field(default_factory=list["Node"])
    parent: Node | None = None


@dataclass(kw_only=True)
class Derived(Node):
    made: str = field(default="", init=False)
    label: str


class Base(TypedDict, total=False):
    a: int
    b: Required[str]


class Extended(Base):
    c: NotRequired[list[Node]]
    d: float


@dataclass
class Checked:
    n: int

    def __post_init__(self) -> None:
        if self.n < 0:
            raise ValueError("negative")


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (str, 'é"\\'),
        (int, 2**70),
        (float, 1.5),
        (float, 2),
        (bool, True),
        (None, None),
        (Decimal, Decimal("1.10")),
        (dt.datetime, dt.datetime(2026, 1, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))),
        (dt.date, dt.date(2026, 1, 1)),
        (dt.time, dt.time(1, 2, 3, 4)),
        (dt.timedelta, dt.timedelta(days=-1, microseconds=5)),
        (UUID, UUID(int=5)),
        (bytes, b"\x00\xff"),
        (Colour, Colour.RED),
        (Size, Size.BIG),
        (Kind, Kind.A),
        (Literal["a", 1] | None, "a"),
        (Literal["a", 1] | None, None),
        (Literal[Colour.RED], Colour.RED),
        (int | str | None, "x"),
        (dt.date | str, "x"),
        (list[int], [1, 2]),
        (Sequence[int], [1]),
        (tuple[int, ...], (1, 2)),
        (tuple[int, str], (1, "a")),
        (tuple[()], ()),
        (set[str], {"a"}),
        (frozenset[Colour], frozenset({Colour.RED})),
        (dict[str, list[int]], {"a": [1]}),
        (dict[int, str], {1: "a"}),
        (Mapping[UUID, bool], {UUID(int=1): False}),
        (dict, {"a": {"b": [None]}}),
        (list, [1, "a"]),
        (Any, {"a": 1}),
        (Annotated[Name, "note"], "n"),
        (Names, ["n"]),
        (Node, Node(1, [Node(2)], Node(3))),
        (Derived, Derived(value=1, label="x")),
        (Extended, {"b": "x", "d": 1.0, "c": [Node(1)], "unknown": [1]}),
        (list[Node | None], [Node(1), None]),
    ],
)
def test_a_value_comes_back_from_its_text(type_: Any, value: object) -> None:
    converter = converter_of(type_)
    found = converter.decode(json.loads(json.dumps(converter.encode(value), allow_nan=False)))
    assert found == value
    assert type(found) is type(value) or type_ is float


MISFITS: list[tuple[Any, object, str]] = [
    (int, "1", "it must be an int, not a str"),
    (int, True, "it must be an int, not a bool"),
    (int, 1.0, "it must be an int, not a float"),
    (str, 1, "it must be a str, not an int"),
    (bool, 1, "it must be a bool, not an int"),
    (float, "1", "it must be a number, not a str"),
    (None, 0, "it must be null, not an int"),
    (Decimal, "x", "it must be the text of a Decimal"),
    (dt.datetime, "yesterday", "it must be the text of a datetime"),
    (dt.date, 1, "it must be the text of a date, not an int"),
    (dt.timedelta, 1e300, "it must be a number of seconds that a timedelta can hold"),
    (UUID, "x", "it must be the text of a UUID"),
    (bytes, "?", "it must be the text of bytes in base64"),
    (Colour, "b", "it must be one of the values of Colour"),
    (Literal["a", 1], True, "it must be one of 'a', 1"),
    (Literal["a", 1], ["a"], "it must be one of 'a', 1"),
    (list[int], {"a": 1}, "it must be a list, not a dict"),
    (list[list[int]], [[1], [2, None]], "`[1][1]` must be an int, not null"),
    (tuple[int, str], [1], "it must have 2 elements, not 1"),
    (dict[int, int], {"a": 1}, "`a` must have keys that are the text of int values"),
    (dict[str, list[int]], {"a": [1, "2"]}, "`a[1]` must be an int, not a str"),
    (int | str, [], "it fits none of its 2 types"),
    (Node | str, {"value": 1, "nodes": [{"value": "x"}]}, "`nodes[0].value` must be an int, not a str"),
    (Node, {}, "`value` is missing"),
    (Extended, {"d": 1}, "`b` is missing"),
    (Extended, {"b": "", "d": 1, "c": [{}]}, "`c[0].value` is missing"),
    (Checked, {"n": -1}, "it is refused by Checked (ValueError)"),
]


@pytest.mark.parametrize(("type_", "document", "what"), MISFITS)
def test_a_document_that_does_not_fit_is_refused_with_its_part(type_: Any, document: object, what: str) -> None:
    with pytest.raises(Misfit) as caught:
        converter_of(type_).decode(document)
    assert described(caught.value) == what


@pytest.mark.parametrize(
    ("type_", "value", "what"),
    [
        (float, float("nan"), "it must be a finite number, as JSON has no other"),
        (dt.date, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "it must be a date, not a datetime"),
        (Decimal, 1.5, "it must be a Decimal, not a float"),
        (Colour, "r", "it must be a member of Colour, not a str"),
        (Node, Node("x"), "`value` must be an int, not a str"),  # type: ignore[arg-type]
        (list[int], "12", "it must be a list, not a str"),
    ],
)
def test_a_value_of_another_type_is_not_written(type_: Any, value: object, what: str) -> None:
    with pytest.raises(Misfit) as caught:
        converter_of(type_).encode(value)
    assert described(caught.value) == what


def test_fields_may_be_missing_when_they_have_a_default_and_others_are_left_out() -> None:
    assert converter_of(Node).decode({"value": 1, "later": True}) == Node(1)


def test_a_number_of_a_document_becomes_the_decimal_that_is_written_there() -> None:
    assert converter_of(Decimal).decode(json.loads("0.1")) == Decimal("0.1")


@dataclass
class Odd:
    number: complex


@pytest.mark.parametrize(
    ("type_", "what"),
    [
        (complex, "`complex` cannot be the type of a JSON document"),
        (list[complex], "`complex` cannot be"),
        (Odd, "Odd.number: `complex` cannot be"),
    ],
)
def test_a_type_without_a_form_in_json_is_named(type_: Any, what: str) -> None:
    with pytest.raises(UnsupportedType, match=what.replace("`", "`")) as caught:
        converter_of(type_).decode({"number": 1})
    assert caught.value.help is not None
    assert "dataclass" in caught.value.help


def test_untyped_documents_may_hold_what_typed_ones_may() -> None:
    text = dump_json({"n": Node(1), "c": Colour.RED, "s": {Size.BIG}, "d": Decimal("1.0"), "t": dt.date(2026, 1, 1)})
    assert json.loads(text) == {
        "n": {"value": 1, "nodes": [], "parent": None},
        "c": "r",
        "s": [3],
        "d": "1.0",
        "t": "2026-01-01",
    }
    with pytest.raises(TypeError, match="a complex has no form in JSON"):
        dump_json([1j])
