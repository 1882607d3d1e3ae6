"""Pairs of schemas that hypothesis makes. `PAGESPACE_DIFF_EXAMPLES` asks for more of them."""

from __future__ import annotations

from contextlib import AbstractContextManager

from hypothesis import HealthCheck, given, settings

from pagespace_codegen.diff.compute import plan_and_prove
from pagespace_codegen.diff.rereading import Reference
from pagespace_codegen.diff.session import Session, scratch_session
from pagespace_codegen.diff.sides import load_side
from pagespace_db.settings import environment
from tests.diff.corpus import schema_side
from tests.diff.schemas import schemas

EXAMPLES = int(environment("PAGESPACE_DIFF_EXAMPLES") or 15)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES == 15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(old_schema=schemas(), new_schema=schemas())
def test_any_pair_is_proved_both_ways(server_url: str, old_schema: str, new_schema: str) -> None:
    def make_session() -> AbstractContextManager[Session]:
        return scratch_session(server_url)

    with make_session() as session, make_session() as other:
        old = Reference(inventory=load_side(schema_side(old_schema), session), make_session=make_session)
        new = Reference(inventory=load_side(schema_side(new_schema), other), make_session=make_session)
        plan_and_prove(old.inventory, new, session, make_session, in_one_transaction=True)
        plan_and_prove(session.inventory(), old, session, make_session, in_one_transaction=True)
