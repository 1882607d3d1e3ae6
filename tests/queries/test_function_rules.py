"""The allow-list of functions against the functions themselves."""

from __future__ import annotations

import itertools
from importlib import resources
from random import Random
from typing import Any, Final

import pytest
from psycopg import Connection

from pagespace_codegen.queries.nullability.functions import Needed, parse_allow_list
from pagespace_db.settings import environment
from tests.queries.odd_values import ODD_VALUES, TAILORED_CALLS

ALLOW_LIST: Final = parse_allow_list(
    resources.files("pagespace_codegen.queries.nullability").joinpath("functions.txt").read_text("utf-8").splitlines()
)
# `PAGESPACE_DB_FUNCTION_CALLS=2000 pytest tests/queries/test_function_rules.py` is the long run (see CONTRIBUTING.md).
MOST_CALLS: Final = int(environment("PAGESPACE_DB_FUNCTION_CALLS") or 20)
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
CREATE FUNCTION pg_temp.try(calls text[], OUT answered integer, OUT guilty text) LANGUAGE plpgsql AS $$
DECLARE call text; is_null boolean;
BEGIN
  answered := 0;
  FOREACH call IN ARRAY calls LOOP
    BEGIN
      EXECUTE 'SELECT ' || call || ' IS NOT DISTINCT FROM NULL' INTO is_null;
      answered := answered + 1;
      IF is_null THEN guilty := call; END IF;
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
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
    sample.execute("CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER elsewhere FOREIGN DATA WRAPPER nowhere")
    random = Random(1)  # noqa: S311 - repeatable on purpose
    guilty: list[str] = []
    asked: set[str] = set()
    answering: set[str] = set()
    assert len(functions) > 1_150
    for signature, (name, types, is_variadic, _) in functions.items():
        if name.startswith(NOT_CALLED):
            continue
        values = [_values(type_, place, ALLOW_LIST[signature]) for place, type_ in enumerate(types)]
        combinations = list(itertools.product(*values))
        if len(combinations) > MOST_CALLS:
            combinations = random.sample(combinations, MOST_CALLS)
        calls = [_call(name, types, combination, is_variadic) for combination in combinations]
        calls += [f'pg_catalog."{name}"{arguments}' for arguments in TAILORED_CALLS.get(name, ())]
        answered, found = sample.execute("SELECT * FROM pg_temp.try(%s)", [calls]).fetchall()[0]
        if found is not None:
            guilty.append(found)
        asked.add(name)
        if answered:
            answering.add(name)
    assert guilty == []
    # These need two things that no test is sure to have: libxml, and a transaction that is not nested.
    assert {name for name in asked - answering if not name.startswith(("xml", "xpath", "text"))} <= {
        "pg_export_snapshot"
    }


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
