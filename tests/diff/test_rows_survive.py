"""What a plan does for rows that are in the tables when it runs."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest

from pagespace_codegen.diff.compute import plan_and_prove
from pagespace_codegen.diff.rereading import Reference
from pagespace_codegen.diff.scratch.session import Session, scratch_session
from pagespace_codegen.diff.sides import load_side
from tests.diff.corpus import schema_side


@pytest.mark.parametrize(
    ("options", "following"), [("", 3), (" (INCREMENT BY -2)", -1), (" (MINVALUE 100 START WITH 100)", 100)]
)
def test_an_identity_goes_on_after_the_rows_of_a_serial(server_url: str, options: str, following: int) -> None:
    def make_session() -> AbstractContextManager[Session]:
        return scratch_session(server_url)

    with make_session() as session, make_session() as other:
        old = load_side(schema_side("CREATE TABLE t (id serial PRIMARY KEY, x integer);"), session)
        schema = f"CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY{options} PRIMARY KEY, x integer);"
        new = Reference(inventory=load_side(schema_side(schema), other), make_session=make_session)
        session.connection.execute("INSERT INTO public.t (x) VALUES (1), (2)")
        plan_and_prove(old, new, session, make_session, in_one_transaction=True)
        row = session.connection.execute("INSERT INTO public.t (x) VALUES (3) RETURNING id").fetchone()
        assert row == (following,)


@pytest.mark.parametrize("rest", ["", " PARTITION BY LIST (x); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2)"])
def test_a_serial_column_that_comes_back_counts_the_rows_that_are_there(server_url: str, rest: str) -> None:
    def make_session() -> AbstractContextManager[Session]:
        return scratch_session(server_url)

    with make_session() as session, make_session() as other:
        old = load_side(schema_side(f"CREATE TABLE t (x integer){rest};"), session)
        schema = f"CREATE TABLE t (x integer, id serial){rest};"
        new = Reference(inventory=load_side(schema_side(schema), other), make_session=make_session)
        session.connection.execute("INSERT INTO public.t VALUES (1), (2)")
        plan_and_prove(old, new, session, make_session, in_one_transaction=True)
        session.connection.execute("INSERT INTO public.t VALUES (1)")
        assert session.connection.execute("SELECT id FROM public.t ORDER BY id").fetchall() == [(1,), (2,), (3,)]
