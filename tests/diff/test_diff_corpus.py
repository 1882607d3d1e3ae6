"""The pairs of the corpus, both ways: proved by the diff itself, and by pg_dump.

A run of the tests has time for every eighth pair; `PAGESPACE_DIFF_ALL=1` asks for all of them, and for as many crossed
pairs: the new schema of one against that of another, which has nothing to do with it.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest

from pagespace_codegen.diff.compute import plan_and_prove
from pagespace_codegen.diff.rereading import Reference
from pagespace_codegen.diff.scratch.session import Session, scratch_session
from pagespace_codegen.diff.sides import load_side
from pagespace_db.settings import environment
from tests.diff.corpus import Case, cross_cases, load_cases
from tests.diff.dumps import dump

STEP = 1 if environment("PAGESPACE_DIFF_ALL") else 8
CASES = tuple(load_cases())[::STEP]
CROSSED = tuple(cross_cases())[:: STEP if STEP == 1 else 4 * STEP]


@pytest.mark.parametrize("case", CASES + CROSSED, ids=[case.name for case in CASES + CROSSED])
def test_the_plan_leads_to_the_new_schema_and_back(server_url: str, case: Case) -> None:
    def make_session() -> AbstractContextManager[Session]:
        return scratch_session(server_url)

    old_side, new_side = case.sides()
    with make_session() as session, make_session() as other:
        old = Reference(inventory=load_side(old_side, session), make_session=make_session)
        new = Reference(inventory=load_side(new_side, other), make_session=make_session)
        before = dump(server_url, session.database)
        plan_and_prove(old.inventory, new, session, make_session, in_one_transaction=True)
        assert dump(server_url, session.database) == dump(server_url, other.database)
        plan_and_prove(session.inventory(), old, session, make_session, in_one_transaction=True)
        assert dump(server_url, session.database) == before


def test_names_of_cases_are_unique() -> None:
    cases = list(load_cases())
    assert len({case.name for case in cases}) == len(cases) >= 300


@pytest.mark.parametrize("case", CASES[::8], ids=[case.name for case in CASES[::8]])
def test_a_schema_does_not_differ_from_itself(server_url: str, case: Case) -> None:
    def make_session() -> AbstractContextManager[Session]:
        return scratch_session(server_url)

    with make_session() as session, make_session() as other:
        old = load_side(case.sides()[1], session)
        new = Reference(inventory=load_side(case.sides()[1], other), make_session=make_session)
        assert plan_and_prove(old, new, session, make_session, in_one_transaction=True).steps == ()
