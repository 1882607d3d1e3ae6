"""The allow-list of functions against the functions themselves."""

from __future__ import annotations

import itertools
from importlib import resources
from random import Random
from typing import Any, Final

import pytest
from psycopg import Connection

from pagespace_codegen.queries.nullability.functions import Needed, parse_allow_list
from tests.queries.odd_values import ODD_VALUES

ALLOW_LIST: Final = parse_allow_list(
    resources.files("pagespace_codegen.queries.nullability").joinpath("functions.txt").read_text("utf-8").splitlines()
)
MOST_CALLS: Final = 40
# These wait, or act on the session and the server.
NOT_CALLED: Final = (
    "pg_advisory",
    "pg_try_advisory",
    "pg_sleep",
    "pg_notify",
    "setval",
    "setseed",
    "lastval",
    "currval",
)

_CALL_ALL: Final = """
CREATE FUNCTION pg_temp.count_nulls(calls text[]) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE call text; is_null boolean; nulls integer := 0;
BEGIN
  FOREACH call IN ARRAY calls LOOP
    BEGIN
      EXECUTE 'SELECT ' || call || ' IS NOT DISTINCT FROM NULL' INTO is_null;
      nulls := nulls + is_null::int;
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  RETURN nulls;
END $$
"""


@pytest.fixture(scope="module")
def functions(sample: Connection[Any]) -> dict[str, tuple[str, tuple[str, ...], bool, bool]]:
    """The functions of the allow-list that this server has: name, types, whether variadic, whether strict."""
    rows = sample.execute("""
        SELECT p.proname, ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes::oid[])
          WITH ORDINALITY AS a(t, place) ORDER BY place), p.provariadic <> 0, p.proisstrict
        FROM pg_proc p WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND NOT proretset
    """)
    found = {
        f"{name}({','.join(types)})": (name, tuple(types), is_variadic, is_strict)
        for name, types, is_variadic, is_strict in rows
    }
    return {signature: function for signature, function in found.items() if signature in ALLOW_LIST}


def test_functions_that_need_all_arguments_are_strict(
    functions: dict[str, tuple[str, tuple[str, ...], bool, bool]],
) -> None:
    """Only OVERLAPS is not: two of its four times may decide without the others."""
    lax = {
        name
        for signature, (name, types, _, is_strict) in functions.items()
        if ALLOW_LIST[signature] == "all" and types and not is_strict
    }
    assert lax == {"overlaps"}


def test_no_allowed_function_gives_null_for_odd_values(
    sample: Connection[Any], functions: dict[str, tuple[str, tuple[str, ...], bool, bool]]
) -> None:
    sample.execute(_CALL_ALL)
    random = Random(1)  # noqa: S311 - repeatable on purpose
    guilty: list[str] = []
    assert len(functions) > 900
    for signature, (name, types, is_variadic, _) in functions.items():
        if name.startswith(NOT_CALLED) or not set(types) <= ODD_VALUES.keys():
            continue
        values = [_values(type_, place, ALLOW_LIST[signature]) for place, type_ in enumerate(types)]
        combinations = list(itertools.product(*values))
        if len(combinations) > MOST_CALLS:
            combinations = random.sample(combinations, MOST_CALLS)
        calls = [_call(name, types, combination, is_variadic) for combination in combinations]
        row = sample.execute("SELECT pg_temp.count_nulls(%s)", [calls]).fetchone()
        if row is None or row[0]:
            guilty.append(signature)
    assert guilty == []


def _values(type_: str, place: int, needed: Needed) -> tuple[str, ...]:
    """Return odd values for an argument, with NULL where the rule lets it be."""
    must_be_given = {"all": True, "none": False, "first": place == 0, "first two": place < 2, "any": place == 0}[needed]
    return ODD_VALUES[type_] if must_be_given else (*ODD_VALUES[type_], "NULL")


def _call(name: str, types: tuple[str, ...], values: tuple[str, ...], is_variadic: bool) -> str:
    polymorphic = {type_ for type_ in types if type_.startswith(("any", '"any')) or type_ == "record"}
    given = [
        value if "::" in value or type_ in polymorphic else f"{value}::{type_}"
        for value, type_ in zip(values, types, strict=True)
    ]
    if is_variadic and types[-1].endswith("]"):
        given[-1] = f"VARIADIC {given[-1]}"
    return f'pg_catalog."{name}"({", ".join(given)})'
