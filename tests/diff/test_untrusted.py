"""What a schema may not do: get at the rights of the server's owner, at files, or at the network."""

from __future__ import annotations

import psycopg
import pytest

from pagespace_codegen.catalog.privileged import AsPlainRole, Skipped
from pagespace_codegen.diff.compute import diff_sides
from pagespace_codegen.diff.inventory.model import Dependency, Grant, Key
from pagespace_codegen.diff.render import render_plan
from pagespace_codegen.diff.scratch.owner import connect_owner
from pagespace_codegen.diff.scratch.session import scratch_session
from pagespace_codegen.diff.scratch.treatment import AsOwnerVerbatim, MakesLeakproof, full_treatment
from pagespace_codegen.diff.scratch.wrapper import MakesWrapper
from pagespace_codegen.diff.sides import load_side
from pagespace_db.connect import with_database
from pagespace_db.errors import SourceError
from pagespace_db.sqltext import split_statements
from tests.diff.corpus import schema_side

TELLTALE = """
CREATE TABLE seen (who name);
CREATE FUNCTION note() RETURNS {result} LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
        RAISE EXCEPTION 'a function of the schema runs as a superuser';
    END IF;
    {end}
END$$;
"""


def telltale(result: str, end: str = "") -> str:
    return TELLTALE.format(result=result, end=end)


@pytest.mark.parametrize("how", ["ENABLE ALWAYS", "ENABLE REPLICA"])
@pytest.mark.parametrize("event", ["ddl_command_start", "ddl_command_end", "sql_drop"])
def test_an_event_trigger_does_not_fire_when_the_owner_works(server_url: str, event: str, how: str) -> None:
    schema = telltale("event_trigger") + (
        f"CREATE EVENT TRIGGER spy ON {event} EXECUTE FUNCTION note();\n"
        f"ALTER EVENT TRIGGER spy {how};\n"
        "CREATE EXTENSION hstore;\nDROP EXTENSION hstore;\nCREATE PUBLICATION p;\nDROP PUBLICATION p;\n"
        "CREATE FOREIGN DATA WRAPPER w;\nALTER FOREIGN DATA WRAPPER w OPTIONS (a 'b');\n"
    )
    with scratch_session(server_url) as session:
        spy = load_side(schema_side(schema), session).find("event trigger", "spy")
        assert spy is not None
        assert spy.facts.text("enabled") == how.removeprefix("ENABLE ")[0]


def test_an_event_trigger_at_login_does_not_fire_for_the_owner(server_url: str) -> None:
    schema = telltale("event_trigger") + (
        "CREATE EVENT TRIGGER spy ON login EXECUTE FUNCTION note();\nALTER EVENT TRIGGER spy ENABLE ALWAYS;\n"
    )
    with scratch_session(server_url) as session:
        version = session.connection.info.server_version
        if version < 17_00_00:
            with pytest.raises(SourceError, match="unrecognized event name"):
                load_side(schema_side(schema), session)
            return
        load_side(schema_side(schema), session)
        url = with_database(server_url, session.database)
        with connect_owner(url, server_version=version, is_guarded=True).connection as owner:
            assert owner.execute("SELECT 1").fetchone() == (1,)


def test_the_validator_of_a_wrapper_is_never_called(server_url: str) -> None:
    schema = telltale("void").replace("note()", "note(text[], oid)") + (
        "CREATE FOREIGN DATA WRAPPER w1 VALIDATOR note OPTIONS (a 'b');\n"
        "CREATE FOREIGN DATA WRAPPER w2 /* VALIDATOR */ NO HANDLER validator public.note;\n"
        "ALTER FOREIGN DATA WRAPPER w2 VALIDATOR note OPTIONS (ADD c 'd');\n"
        "CREATE SERVER s FOREIGN DATA WRAPPER w2 OPTIONS (e 'f');\n"
    )
    with scratch_session(server_url) as session:
        found = load_side(schema_side(schema), session)
        for name, options in (("w1", {"a": "'b'"}), ("w2", {"c": "'d'"})):
            wrapper = found.find("foreign data wrapper", name)
            assert wrapper is not None
            assert wrapper.facts.table("options") == options
            assert wrapper.facts.table("code") == {"VALIDATOR": "public.note(text[],oid)"}
            assert Dependency(wrapper.key, Key("function", "public.note(text[],oid)")) in found.dependencies
        assert session.connection.execute("SELECT FROM pg_foreign_data_wrapper WHERE fdwvalidator <> 0").rowcount == 0


@pytest.mark.parametrize(
    ("statement", "sent", "code"),
    [
        (
            "ALTER FOREIGN DATA WRAPPER w HANDLER s.h OPTIONS (ADD a 'VALIDATOR')",
            "OPTIONS (ADD a 'VALIDATOR')",
            {"HANDLER": "s.h"},
        ),
        (
            'ALTER FOREIGN DATA WRAPPER "handler" VALIDATOR "a b"."c" NO HANDLER OPTIONS (DROP b)',
            "OPTIONS (DROP b)",
            {"VALIDATOR": '"a b"."c"', "HANDLER": None},
        ),
    ],
)
def test_code_is_taken_out_of_a_wrapper_whatever_it_is_called(
    statement: str, sent: str, code: dict[str, str | None]
) -> None:
    how = full_treatment(statement, "plain")
    assert isinstance(how, MakesWrapper)
    assert how.code == code
    name = "w" if " w " in statement else '"handler"'
    assert how.text.split() == f"ALTER FOREIGN DATA WRAPPER {name} {sent}".split()


def test_an_extension_that_reaches_the_network_is_there_and_out_of_reach(server_url: str) -> None:
    schema = "CREATE EXTENSION postgres_fdw;\nCREATE EXTENSION dblink;\n"
    call = "SELECT dblink_connect('host=127.0.0.1');\n"
    server = "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1');\n"
    table = server + "CREATE FOREIGN TABLE t (a integer) SERVER s;\n"
    with scratch_session(server_url) as session:
        load_side(schema_side(schema + table), session)
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="has no handler"):
            session.run("SELECT * FROM t")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="dblink_connect"):
            session.run(call)


def test_privileges_on_all_of_a_schema_leave_extensions_out_of_reach(server_url: str) -> None:
    schema = (
        "CREATE EXTENSION dblink;\nCREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';\n"
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC, pg_monitor;\n"
        "GRANT EXECUTE ON FUNCTION dblink_connect_u(text) TO PUBLIC;\n"
        "COMMENT ON FUNCTION dblink_connect(text) IS 'Elsewhere';\n"
    )
    with scratch_session(server_url) as session:
        found = load_side(schema_side(schema), session).find("privileges", "FUNCTION public.f()")
        assert found is not None
        assert Grant("EXECUTE", "pg_monitor", is_grantable=False) in found.facts.grants("granted")
        for call in ("dblink_connect('')", "dblink_connect_u('')"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.run(f"SELECT {call}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="pg_ls_logdir"):
            session.run("GRANT EXECUTE ON FUNCTION pg_ls_logdir(), f() TO PUBLIC")
    assert full_treatment("GRANT SET ON PARAMETER work_mem TO PUBLIC", "plain") == Skipped()


def test_an_extension_of_foreign_data_is_written_as_what_it_is(server_url: str) -> None:
    new = schema_side(
        "CREATE EXTENSION postgres_fdw;\nCREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname 'd');\n"
    )
    proved = diff_sides(schema_side(""), new, server_url, in_one_transaction=True)
    assert [statement.sql for statement in proved.plan.statements] == [
        "CREATE EXTENSION postgres_fdw WITH SCHEMA public",
        "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname 'd')",
    ]


def test_an_operator_of_the_schema_is_not_used_by_the_owner(server_url: str) -> None:
    schema = telltale("boolean", "RETURN true;").replace("note()", "note(oid, regnamespace)") + (
        "CREATE OPERATOR <> (LEFTARG = oid, RIGHTARG = regnamespace, FUNCTION = note);\n"
        "CREATE VIEW v AS SELECT a FROM nope;\n"
    )
    with scratch_session(server_url) as session, pytest.raises(SourceError, match="nope"):
        load_side(schema_side(schema), session)


@pytest.mark.parametrize("cast", ["regclass AS text", "integer AS oid[]", "name AS boolean"])
def test_a_cast_that_queries_of_the_owner_could_use_is_refused(server_url: str, cast: str) -> None:
    source, _, target = cast.partition(" AS ")
    schema = (
        f"CREATE FUNCTION f({source}) RETURNS {target} LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';\n"
        f"CREATE CAST ({cast}) WITH FUNCTION f({source}) AS IMPLICIT;\n"
    )
    with scratch_session(server_url) as session, pytest.raises(SourceError, match="must be owner of type"):
        load_side(schema_side(schema), session)


def test_a_text_search_template_of_functions_that_do_not_belong_together_is_refused(server_url: str) -> None:
    schema = "CREATE TEXT SEARCH TEMPLATE t (INIT = {}, LEXIZE = dsimple_lexize);\n"
    with scratch_session(server_url) as session:
        session.run(schema.format("dsimple_init"))
        session.run("DROP TEXT SEARCH TEMPLATE t")
        with pytest.raises(SourceError, match="must be superuser"):
            load_side(schema_side(schema.format("dispell_init")), session)


def test_a_leakproof_function_stays_with_the_role_that_made_it(server_url: str) -> None:
    text = "CREATE FUNCTION f(leakproof integer) RETURNS integer LANGUAGE sql {} AS 'SELECT 1 -- LEAKPROOF'"
    assert full_treatment(text.format("NOT LEAKPROOF"), "plain") == full_treatment(text.format(""), "plain")
    assert isinstance(full_treatment(text.format("leakproof SECURITY DEFINER"), "plain"), MakesLeakproof)
    with scratch_session(server_url) as session:
        session.run(text.format("STRICT LEAKPROOF SECURITY DEFINER"))
        made = session.connection.execute(
            "SELECT proleakproof, proowner = current_user::regrole FROM pg_proc WHERE proname = 'f'"
        ).fetchone()
        assert made == (True, True)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false);", "subscriptions"),
        ("SECURITY LABEL FOR p ON SCHEMA public IS 'x';", "security labels"),
        ("CREATE TYPE b (INPUT = b_in, OUTPUT = b_out);", "base types"),
        ("COPY t FROM stdin;", "rows in a schema: COPY"),
        ("BEGIN; CREATE TABLE u (); ROLLBACK;", "transactions that are undone: ROLLBACK"),
    ],
)
def test_what_is_not_supported_is_named(server_url: str, statement: str, what: str) -> None:
    with scratch_session(server_url) as session, pytest.raises(SourceError, match=what):
        load_side(schema_side(f"CREATE TABLE t (); {statement}"), session)


def test_a_dump_says_what_every_database_has_and_blocks_make_roles(server_url: str) -> None:
    schema = (
        "CREATE SCHEMA public; COMMENT ON SCHEMA public IS 'standard public schema'; BEGIN; CREATE TABLE t (); COMMIT;"
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pagespace_case_maker') THEN "
        "CREATE ROLE pagespace_case_maker; END IF; END $$; GRANT SELECT ON t TO pagespace_case_maker;"
        'DO $do$ BEGIN CREATE ROLE "Pagespace case" NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $do$;'
        'GRANT INSERT ON t TO "Pagespace case";'
    )
    with scratch_session(server_url) as session:
        found = load_side(schema_side(schema), session)
        assert found.find("table", "public.t") is not None
        granted = found.by_key[Key("privileges", "TABLE public.t")].facts.grants("granted")
        assert {"pagespace_case_maker", '"Pagespace case"'} <= {grant.grantee for grant in granted}
        assert {*session.made_roles} <= {"pagespace_case_maker", "Pagespace case"}  # another test may have made them


def test_membership_in_roles_is_not_taken_for_privileges_on_a_wrapper() -> None:
    statement = 'GRANT "on", "foreign", "data", "wrapper", pg_execute_server_program TO CURRENT_USER'
    assert full_treatment(statement, "plain") == AsPlainRole()
    assert isinstance(full_treatment("GRANT USAGE ON FOREIGN /* x */ DATA WRAPPER w TO a", "plain"), AsOwnerVerbatim)


def test_the_name_of_a_table_does_not_end_the_comment_that_warns_of_it(server_url: str) -> None:
    old = schema_side('CREATE TABLE "a\nSELECT attack" (id integer);\nCREATE TABLE "b\rSELECT attack" (id integer);')
    plan = diff_sides(old, schema_side(""), server_url, in_one_transaction=True).plan
    assert [statement.text[:5] for statement in split_statements(render_plan(plan))] == ["DROP ", "DROP "]
