"""What is said about migrations that are right, but hurt."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner

from pagespace_codegen.diff.scratch.session import scratch_session
from pagespace_codegen.lint import squawk
from pagespace_codegen.lint.observe import observe_file
from pagespace_codegen.lint.rules import judge_observation
from pagespace_codegen.lint.run import lint_folder
from pagespace_db.cli import cli
from pagespace_db.errors import ConfigError, Finding
from pagespace_db.migrate.file import MigrationFile, load_folder

BEFORE = """
CREATE TABLE users (id integer PRIMARY KEY, email text, size integer, code varchar(5));
CREATE TABLE drives (id integer PRIMARY KEY, owner_id integer);
CREATE MATERIALIZED VIEW ids AS SELECT id FROM users;
"""

Judge: TypeAlias = Callable[[str], list[Finding]]
Lint: TypeAlias = Callable[..., list[Finding]]


@pytest.fixture(autouse=True)
def without_squawk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is installed here: squawk has rules of its own."""
    monkeypatch.setattr("pagespace_codegen.lint.run.find_squawk", lambda: None)


@pytest.fixture
def lint(tmp_path: Path, server_url: str) -> Lint:
    def run(*ups: str, since: str | None = None, down: str = "SELECT 1;", option: str = "") -> list[Finding]:
        for number, up in enumerate((BEFORE, *ups), start=1):
            head = option if number > 1 else ""
            (tmp_path / f"{number}_step.sql").write_text(f"-- migrate:up{head}\n{up}\n-- migrate:down\n{down}\n")
        with scratch_session(server_url) as session:
            return list(lint_folder(load_folder([tmp_path]), session, since=since))

    return run


@pytest.fixture(scope="module")
def judged(server_url: str) -> Iterator[Judge]:
    """What is said about statements after BEFORE; each is undone, so that one database does for all."""
    with scratch_session(server_url) as session:
        session.connection.execute(BEFORE.encode())

        def judge(statements: str) -> list[Finding]:
            text = f"-- migrate:up\n{statements};\n-- migrate:down\n"
            file = MigrationFile(path=Path("1_a.sql"), version="1", text=text)
            with session.connection.transaction(force_rollback=True):
                observations = list(observe_file(file, session))
            return [finding for each in observations for finding, _ in judge_observation(file, each)]

        yield judge


def codes(findings: list[Finding]) -> list[str | None]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("ALTER TABLE users ALTER email SET NOT NULL", "scans-table"),
        ("ALTER TABLE users ADD CHECK (size > 0)", "scans-table"),
        ("ALTER TABLE drives ADD FOREIGN KEY (owner_id) REFERENCES users", "scans-table"),
        ("ALTER TABLE users ADD UNIQUE (email)", "blocks-writes"),
        ("CREATE INDEX ON users (email)", "blocks-writes"),
        ("CREATE UNIQUE INDEX ON users (lower(email))", "blocks-writes"),
        ("ALTER TABLE users ALTER size TYPE bigint", "rewrites-table"),
        ("ALTER TABLE users ADD made timestamptz DEFAULT clock_timestamp()", "rewrites-table"),
        ("ALTER TABLE users ADD n integer GENERATED ALWAYS AS IDENTITY", "rewrites-table"),
        ("ALTER TABLE users SET UNLOGGED", "rewrites-table"),
        ("REFRESH MATERIALIZED VIEW ids", "rewrites-table"),
        ("DROP TABLE drives", "drops-table"),
        ("TRUNCATE drives", "empties-table"),
        ("ALTER TABLE users DROP size", "drops-column"),
        ("ALTER TABLE users RENAME TO people", "renames-table"),
        ("ALTER TABLE users RENAME email TO address", "renames-column"),
        ("CREATE SCHEMA app; ALTER TABLE drives SET SCHEMA app", "renames-table"),
    ],
)
def test_the_server_tells_what_a_statement_does_to_a_table_in_use(judged: Judge, statement: str, code: str) -> None:
    assert codes(judged(statement)) == [code]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE users ADD made timestamptz DEFAULT now()",
        "ALTER TABLE users ADD size2 bigint NOT NULL DEFAULT 0",
        "ALTER TABLE users ALTER code TYPE varchar(10)",
        "ALTER TABLE users ALTER code TYPE text",
        "ALTER TABLE users ADD CHECK (size > 0) NOT VALID",
        "ALTER TABLE drives ADD FOREIGN KEY (owner_id) REFERENCES users NOT VALID",
        "CREATE TABLE new (id integer PRIMARY KEY, name text); CREATE INDEX ON new (name); ALTER TABLE new DROP name",
        "CREATE VIEW emails AS SELECT email FROM users",
        "INSERT INTO users (id) VALUES (1); UPDATE users SET size = 2",
        "DROP MATERIALIZED VIEW ids",
    ],
)
def test_what_does_not_hurt_is_not_mentioned(judged: Judge, statement: str) -> None:
    assert judged(statement) == []


def test_a_constraint_that_is_validated_in_a_later_file_does_not_hurt(lint: Lint) -> None:
    assert (
        lint(
            "ALTER TABLE users ADD CONSTRAINT c CHECK (size > 0) NOT VALID;", "ALTER TABLE users VALIDATE CONSTRAINT c;"
        )
        == []
    )


def test_a_constraint_that_is_validated_under_the_same_lock_does(lint: Lint) -> None:
    up = "ALTER TABLE users ADD CONSTRAINT c CHECK (size > 0) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT c;"
    (finding,) = lint(up)
    assert finding.code == "scans-table"
    assert finding.location is not None
    assert (finding.location.line, finding.location.column) == (3, 1)


def test_not_null_after_a_validated_check_does_not_hurt(lint: Lint) -> None:
    assert (
        lint(
            "ALTER TABLE users ADD CONSTRAINT c CHECK (email IS NOT NULL) NOT VALID;",
            "ALTER TABLE users VALIDATE CONSTRAINT c;",
            "ALTER TABLE users ALTER email SET NOT NULL; ALTER TABLE users DROP CONSTRAINT c;",
        )
        == []
    )


def test_files_without_a_transaction_hold_no_lock_for_long(lint: Lint) -> None:
    assert lint("CREATE INDEX CONCURRENTLY ON users (email);", option=" transaction:false") == []
    two = "CREATE INDEX CONCURRENTLY a ON users (email);\nCREATE INDEX CONCURRENTLY b ON users (size);"
    assert codes(lint(two, option=" transaction:false")) == ["several-statements"]


def test_a_comment_above_a_statement_allows_one_thing_there(lint: Lint) -> None:
    up = "SELECT 1;\n-- lint: allow drops-column\nALTER TABLE users DROP size;\nALTER TABLE users DROP code;"
    (finding,) = lint(up)
    assert finding.message == "the values of column code of public.users are lost"


def test_a_comment_above_the_first_statement_allows_it_in_all_of_the_file(lint: Lint) -> None:
    assert lint("-- lint: allow drops-column, drops-table\nALTER TABLE users DROP size;\nDROP TABLE drives;") == []


def test_a_hazard_that_generate_wrote_down_was_allowed(lint: Lint) -> None:
    up = "-- hazard: drops-column public.users.size\nALTER TABLE users DROP size;\nALTER TABLE users DROP code;"
    assert [finding.message for finding in lint(up)] == ["the values of column code of public.users are lost"]


def test_an_unknown_rule_in_a_comment_is_reported_with_the_nearest(lint: Lint) -> None:
    (finding,) = lint("-- lint: allow drop-column\nSELECT 1;")
    assert (finding.code, finding.severity, finding.help) == ("unknown-rule", "warning", "did you mean `drops-column`?")


def test_a_file_without_a_way_back_and_a_search_path_for_good_are_warnings(lint: Lint) -> None:
    found = lint("SELECT pg_catalog.set_config('search_path', '', false);", down="", since="1_step")
    assert [(finding.code, finding.severity) for finding in found] == [
        ("no-way-back", "warning"),
        ("search-path", "warning"),
    ]


def test_files_up_to_a_version_are_replayed_and_not_judged(lint: Lint) -> None:
    assert codes(lint("ALTER TABLE users DROP size;", "ALTER TABLE users DROP code;", since="2")) == ["drops-column"]


def test_findings_of_squawk_are_added_as_warnings(tmp_path: Path, server_url: str) -> None:
    program = tmp_path / "squawk"
    said = [{"line": 1, "column": 6, "rule_name": "ban-drop", "message": "no", "help": None, "level": "Warning"}]
    program.write_text(f"#!/bin/sh\ncat > /dev/null\necho '{json.dumps(said)}'\nexit 1\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "1_a.sql").write_text("-- migrate:up\nSELECT 1;\n  SELECT 2;\n-- migrate:down\nSELECT 1;\n")
    (file,) = load_folder([tmp_path]).files
    (finding,) = squawk.ask_squawk(str(program), file)
    assert finding.location is not None
    assert (finding.location.line, finding.location.column, finding.code) == (3, 7, "squawk:ban-drop")
    assert (finding.severity, finding.location.source_line) == ("warning", "  SELECT 2;")


def test_a_squawk_that_does_not_answer_is_named(tmp_path: Path) -> None:
    (tmp_path / "1_a.sql").write_text("-- migrate:up\nSELECT 1;\n-- migrate:down\n")
    (file,) = load_folder([tmp_path]).files
    with pytest.raises(ConfigError, match="did not answer with JSON"):
        list(squawk.ask_squawk("/bin/cat", file))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.pagespace_db]\nout = 'db'\n")
    (tmp_path / "schema.sql").write_text("CREATE TABLE t (a integer, b text);\nCREATE INDEX t_b ON t (b);\n")
    (tmp_path / "migrations").mkdir()
    first = tmp_path / "migrations" / "1_a.sql"
    first.write_text("-- migrate:up\nCREATE TABLE t (a integer, b text);\n-- migrate:down\nDROP TABLE t;\n")
    return tmp_path


def run(project: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["--project", str(project), *arguments])
    return result.exit_code, result.output


def test_check_fails_for_what_hurts_and_says_where(project: Path, server_url: str) -> None:
    second = project / "migrations" / "2_b.sql"
    second.write_text("-- migrate:up\nCREATE INDEX t_b ON t (b);\n-- migrate:down\nDROP INDEX t_b;\n")
    assert run(project, "codegen", "--server", server_url)[0] == 0
    code, text = run(project, "check", "--server", server_url)
    assert code == 1
    assert f"{second}:2:1: error[blocks-writes]: table public.t is read as a whole" in text
    assert "help: CREATE INDEX CONCURRENTLY" in text
    code, text = run(project, "check", "--server", server_url, "--json")
    (lint,) = (item for item in json.loads(text)["checks"] if item["findings"])
    assert (code, lint["problem"], lint["findings"][0]["line"]) == (1, "1 finding", 2)
    assert run(project, "check", "--server", server_url, "--since", "2")[0] == 0
    (project / "pyproject.toml").write_text("[tool.pagespace_db]\nout = 'db'\nlint_since = '2'\n")
    assert run(project, "codegen", "--server", server_url)[0] == 0
    assert run(project, "check", "--server", server_url)[0] == 0


def test_what_generate_writes_for_tables_in_use_passes(project: Path, server_url: str) -> None:
    (project / "schema.sql").write_text(
        "CREATE TABLE t (a integer NOT NULL, b text CHECK (b <> ''), c bigint NOT NULL DEFAULT 0);\n"
        "CREATE INDEX t_b ON t (b);\nCREATE TABLE u (id integer PRIMARY KEY);\n"
        "ALTER TABLE t ADD CONSTRAINT t_u FOREIGN KEY (a) REFERENCES u;\n"
    )
    assert run(project, "migrate", "generate", "more", "--server", server_url)[0] == 0
    assert run(project, "codegen", "--server", server_url)[0] == 0
    code, text = run(project, "check", "--server", server_url, "--strict")
    assert (code, "warning" in text, "error" in text) == (0, False, False), text


def test_what_generate_said_to_be_dangerous_is_not_said_again(project: Path, server_url: str) -> None:
    (project / "schema.sql").write_text('CREATE TABLE "T" (a integer, b text COLLATE "C", c text, "D.d" text);\n')
    (project / "migrations" / "1_a.sql").unlink()
    assert run(project, "migrate", "generate", "start", "--server", server_url)[0] == 0
    (project / "schema.sql").write_text(
        'CREATE TABLE "T" (a bigint, b text PRIMARY KEY, e text, CHECK (e <> b), EXCLUDE USING btree (e WITH =));\n'
    )
    options = ("--rename", '"T".c="T".e', "--allow", 'drops-column:"T"."D.d"', "--plain", "--server", server_url)
    code, text = run(project, "migrate", "generate", "more", *options)
    assert (code, "  hazard: renames-column" in text) == (0, True), text
    assert run(project, "codegen", "--server", server_url)[0] == 0
    code, text = run(project, "check", "--server", server_url)
    assert code == 0, text
