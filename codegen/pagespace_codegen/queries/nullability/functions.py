"""What PostgreSQL's functions, aggregates and window functions do with NULL: the allow-lists and how they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Final, Literal, TypeAlias, cast, get_args

from pagespace_codegen.queries.tree.constants import is_false, is_null, text_of
from pagespace_codegen.queries.tree.nodetree import Node
from pagespace_codegen.queries.tree.references import Function

Needed: TypeAlias = Literal["all", "none", "first", "first two", "any"]
"""Which arguments have to be not null, so that the result is."""

_NO_COLUMNS: Final[tuple[bool, ...]] = ()

# Aggregates that are NULL only when no row reached them or, of the first kind, all their arguments were NULL.
_AGGREGATES_OF_VALUES: Final = frozenset(
    {
        *(
            "any_value",
            "avg",
            "bit_and",
            "bit_or",
            "bit_xor",
            "bool_and",
            "bool_or",
            "covar_pop",
            "every",
            "max",
            "min",
        ),
        *("mode", "percentile_cont", "percentile_disc", "range_agg", "range_intersect_agg", "stddev_pop"),
        *("regr_avgx", "regr_avgy", "regr_sxx", "regr_sxy", "regr_syy"),
        *("string_agg", "sum", "var_pop", "xmlagg"),
    }
)
_AGGREGATES_OF_ROWS: Final = frozenset(
    {
        *("array_agg", "json_agg", "json_agg_strict", "json_object_agg", "json_object_agg_strict"),
        *("json_object_agg_unique", "json_object_agg_unique_strict", "jsonb_agg", "jsonb_agg_strict"),
        *("jsonb_object_agg", "jsonb_object_agg_strict", "jsonb_object_agg_unique", "jsonb_object_agg_unique_strict"),
    }
)
_NEVER_NULL_AGGREGATES: Final = frozenset({"count", "regr_count", "rank", "dense_rank", "percent_rank", "cume_dist"})

_NEVER_NULL_WINDOW_FUNCTIONS: Final = frozenset({"row_number", "rank", "dense_rank", "percent_rank", "cume_dist"})
_WINDOW_FUNCTIONS_OF_FRAME: Final = frozenset({"first_value", "last_value"})

# Of the columns of a set-returning function: whether each is never NULL. All are strict, or give no row for NULL.
_SET_RETURNING: Final[Mapping[str, tuple[bool, ...]]] = {
    "generate_series(bigint,bigint)": (True,),
    "generate_series(bigint,bigint,bigint)": (True,),
    "generate_series(integer,integer)": (True,),
    "generate_series(integer,integer,integer)": (True,),
    "generate_series(numeric,numeric)": (True,),
    "generate_series(numeric,numeric,numeric)": (True,),
    "generate_series(timestamp with time zone,timestamp with time zone,interval)": (True,),
    "generate_series(timestamp with time zone,timestamp with time zone,interval,text)": (True,),
    "generate_series(timestamp without time zone,timestamp without time zone,interval)": (True,),
    "generate_subscripts(anyarray,integer)": (True,),
    "generate_subscripts(anyarray,integer,boolean)": (True,),
    "json_array_elements(json)": (True,),
    "json_each(json)": (True, True),
    "json_each_text(json)": (True, False),
    "json_object_keys(json)": (True,),
    "jsonb_array_elements(jsonb)": (True,),
    "jsonb_each(jsonb)": (True, True),
    "jsonb_each_text(jsonb)": (True, False),
    "jsonb_object_keys(jsonb)": (True,),
    "jsonb_path_query(jsonb,jsonpath,jsonb,boolean)": (True,),
    "regexp_matches(text,text)": (True,),
    "regexp_matches(text,text,text)": (True,),
    "regexp_split_to_table(text,text)": (True,),
    "regexp_split_to_table(text,text,text)": (True,),
    "string_to_table(text,text)": (True,),
    "unnest(anymultirange)": (True,),
    "unnest(tsvector)": (True, False, False),
}
_ARRAYS_WITHOUT_NULL: Final = frozenset(
    {
        *("array_positions(anycompatiblearray,anycompatible)", "string_to_array(text,text)"),
        *("regexp_split_to_array(text,text)", "regexp_split_to_array(text,text,text)", "tsvector_to_array(tsvector)"),
    }
)
UNNEST: Final = "unnest(anyarray)"

# `extract(field from infinity)` is NULL for the fields that go round, and infinite for those that go on. Intervals can
# be infinite from PostgreSQL 17; of the fields here those that they do not have are errors.
_ENDLESS_FIELDS: Final = frozenset({"century", "decade", "epoch", "isoyear", "julian", "millennium", "year"})
_EXTRACTS_FROM_TIMESTAMP: Final = frozenset(
    f"{name}(text,{type_})"
    for name in ("date_part", "extract")
    for type_ in ("date", "interval", "timestamp with time zone", "timestamp without time zone")
)
_EXTRACTS_FROM_TIME: Final = frozenset(
    f"{name}(text,{type_})"
    for name in ("date_part", "extract")
    for type_ in ("time with time zone", "time without time zone")
)

# These give NULL instead of an error when their last argument says so.
_SILENT_ON_REQUEST: Final = frozenset(
    f"{name}(jsonb,jsonpath,jsonb,boolean)" for name in ("jsonb_path_exists", "jsonb_path_exists_tz")
)
_ARGUMENTS_WITH_SILENT: Final = 4


def needed_arguments(function: Function, args: Sequence[Node]) -> Needed | None:
    """Return which arguments of a function have to be not null; None when it may give NULL all the same."""
    signature = function.signature
    if signature is None:
        return None
    if signature in _EXTRACTS_FROM_TIME:
        return "all"
    if signature in _EXTRACTS_FROM_TIMESTAMP:
        return "all" if args and text_of(args[0]) in _ENDLESS_FIELDS else None
    if signature in _SILENT_ON_REQUEST:
        is_loud = len(args) < _ARGUMENTS_WITH_SILENT or is_false(args[-1])  # defaults are not in the tree
        return "all" if is_loud and all(arg.kind != "NAMEDARGEXPR" for arg in args) else None
    return _allow_list().get(signature)


def column_is_never_null(function: Function, column: int) -> bool:
    """Return whether column `column`, from 0, of a set-returning function is never NULL."""
    columns = _SET_RETURNING.get(function.signature or "", _NO_COLUMNS)
    return column < len(columns) and columns[column]


def has_no_null_elements(function: Function, args: Sequence[Node]) -> bool:
    """Return whether a function returns arrays without NULL, or NULL."""
    if function.signature == "array_remove(anycompatiblearray,anycompatible)":
        return is_null(args[-1])
    return function.signature in _ARRAYS_WITHOUT_NULL


def aggregate_needs(function: Function) -> Literal["nothing", "a row", "arguments"] | None:
    """Return what an aggregate needs to be not null: a row in its group, and perhaps arguments that are not null."""
    if function.signature is None:
        return None
    if function.name in _NEVER_NULL_AGGREGATES:
        return "nothing"
    if function.name in _AGGREGATES_OF_ROWS:
        return "a row"
    return "arguments" if function.name in _AGGREGATES_OF_VALUES else None


def window_function_needs(function: Function) -> Literal["nothing", "arguments", "the current row"] | None:
    """Return what a window function needs to be not null; aggregates are not meant.

    "the current row": its arguments not null, and the current row within the frame.
    """
    if function.signature is None:
        return None
    if function.name in _NEVER_NULL_WINDOW_FUNCTIONS:
        return "nothing"
    if function.name in _WINDOW_FUNCTIONS_OF_FRAME:
        return "the current row"
    # With a default, `lag` and `lead` fall back on it where there is no such row.
    has_default = function.signature.count(",") == len(("offset", "default"))
    return "arguments" if function.name == "ntile" or (function.name in {"lag", "lead"} and has_default) else None


def parse_allow_list(lines: Sequence[str]) -> dict[str, Needed]:
    """Return the rule for each signature of the data file."""
    rules: dict[str, Needed] = {}
    section: Needed | None = None
    for line in lines:
        if line.startswith("["):
            name = line.strip("[]")
            if name not in get_args(Needed):
                msg = f"unknown section {line}"
                raise ValueError(msg)
            section = cast("Needed", name)
        elif line and not line.startswith("#") and section is not None:
            rules[line] = section
    return rules


@cache
def _allow_list() -> Mapping[str, Needed]:
    text = resources.files("pagespace_codegen.queries.nullability").joinpath("functions.txt").read_text("utf-8")
    return parse_allow_list(text.splitlines())
