"""Schemas that hypothesis makes, one after the other in one database: each step is a pair, whose plan is proved.

The tables hold rows while that happens. `PAGESPACE_DIFF_EXAMPLES` asks for more pairs than the tests have time for.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import pairwise

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st

from pagespace_codegen.diff.compute import plan_and_prove
from pagespace_codegen.diff.inventory.model import Inventory
from pagespace_codegen.diff.plan import Plan, make_plan
from pagespace_codegen.diff.renames.perform import do_certain_renames
from pagespace_codegen.diff.rereading import Reference
from pagespace_codegen.diff.scratch.session import Session, scratch_session
from pagespace_codegen.diff.sides import load_side, settle
from pagespace_db.errors import DiffError
from pagespace_db.settings import environment
from tests.diff.corpus import schema_side
from tests.diff.rows import empty_tables, fill_tables, lost_rows, read_tables
from tests.diff.schemas import schemas

PAIRS = int(environment("PAGESPACE_DIFF_EXAMPLES") or 250)
RUNS = 10
STEPS = 5
DATA_ERRORS = (psycopg.errors.IntegrityError, psycopg.errors.DataError)


class Scratch:
    """Two databases that are emptied and used again, as the way from any schema to nothing leads there."""

    def __init__(self, server_url: str) -> None:
        self.server_url = server_url
        self._sessions: dict[str, tuple[Session, Inventory]] = {}
        self._stack = ExitStack()

    def make_session(self) -> AbstractContextManager[Session]:
        """Return a session in a database of its own."""
        return scratch_session(self.server_url)

    @contextmanager
    def session(self, name: str) -> Generator[Session]:
        """Yield a session in an empty database."""
        session, empty = self._sessions.pop(name) if name in self._sessions else self._new_session()
        yield session
        if settle(session, empty).state == empty:
            self._sessions[name] = session, empty

    def _new_session(self) -> tuple[Session, Inventory]:
        session = self._stack.enter_context(self.make_session())
        return session, session.inventory()

    def close(self) -> None:
        """Drop the databases."""
        self._stack.close()


@pytest.fixture(scope="module")
def scratch(server_url: str) -> Generator[Scratch]:
    scratch = Scratch(server_url)
    yield scratch
    scratch.close()


@pytest.mark.parametrize("run", range(RUNS))
def test_schemas_that_follow_each_other_are_proved_with_rows(scratch: Scratch, run: int) -> None:
    @seed(run)
    @settings(
        max_examples=max(1, PAIRS // RUNS // STEPS),
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        phases=[Phase.generate],
    )
    @given(texts=st.lists(schemas(), min_size=STEPS + 1, max_size=STEPS + 1))
    def check(texts: list[str]) -> None:
        with scratch.session("old") as session:
            state = load_side(schema_side(texts[0]), session)
            for old, text in pairwise(texts):
                note(f"{old}\n-- new\n{text}")
                state = _go_to(text, state, session, scratch)

    check()


def _go_to(text: str, state: Inventory, session: Session, scratch: Scratch) -> Inventory:
    """Turn a database into what a schema says, and return what is in it then."""
    with scratch.session("new") as other:
        new = Reference(inventory=load_side(schema_side(text), other), make_session=scratch.make_session)
    state = do_certain_renames(session, state, new.inventory, [])
    fill_tables(session.connection)
    before = read_tables(session.connection)
    try:
        plan = plan_and_prove(state, new, session, scratch.make_session, in_one_transaction=True)
    except DiffError as error:
        if not isinstance(error.__cause__, DATA_ERRORS):
            raise
        _expect_hazard(error, make_plan(state, new.inventory, in_one_transaction=True))
        empty_tables(session.connection)
        plan_and_prove(state, new, session, scratch.make_session, in_one_transaction=True)
    else:
        assert lost_rows(before, read_tables(session.connection), plan) == []
    return session.inventory()


def _expect_hazard(error: DiffError, plan: Plan) -> None:
    """Expect of the statement that rows were in the way of that the plan had said so."""
    failed = error.message.partition("\n")[2].removesuffix(";")
    assert [step for step in plan.steps if step.statement.sql == failed and step.statement.hazards], error.message
