"""What a migration file says, and what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pagespace_db.errors import ConfigError, SourceError
from pagespace_db.migrate.checks import check_file
from pagespace_db.migrate.file import MigrationFile, load_folder
from pagespace_db.migrate.parse import parse_migration

PATH = Path("m/001_a.sql")


def findings(text: str) -> list[tuple[str, str]]:
    """Return where, and what is wrong."""
    try:
        file = MigrationFile(path=PATH, version="001", text=text)
        found = check_file(file, "up") + check_file(file, "down")
    except SourceError as error:
        found = error.findings
    return [(str(finding.location).removeprefix("m/001_a.sql:"), finding.message) for finding in found]


def test_sections_hold_the_statements_with_their_places() -> None:
    text = (
        "-- why\n\n-- migrate:up\ncreate table t ();\ncreate index on t (x); -- done\n-- migrate:down\ndrop table t;\n"
    )
    parsed = parse_migration(text, PATH)
    assert [statement.text for statement in parsed.statements("up")] == ["create table t ()", "create index on t (x)"]
    assert [text[s.start : s.end] for s in parsed.statements("down")] == ["drop table t;"]
    assert str(parsed.down[0].location) == "m/001_a.sql:6:1"


def test_down_sections_are_undone_in_the_opposite_order() -> None:
    text = "--migrate:up\na;\n--migrate:down\nb;\n-- migrate:up transaction:false\nc;\n--  migrate:down\nd;\n"
    parsed = parse_migration(text, PATH)
    assert [statement.text for statement in parsed.statements("up")] == ["a", "c"]
    assert [statement.text for statement in parsed.statements("down")] == ["d", "b"]
    assert [section.is_transactional for section in parsed.up] == [True, False]


def test_words_on_a_directive_line_are_no_options() -> None:
    parsed = parse_migration("-- migrate:up makes users transaction:false\n-- migrate:down\n", PATH)
    assert not parsed.up[0].is_transactional
    assert parsed.warnings == ()


@pytest.mark.parametrize("line", ["-- migrate:upgrade", " -- migrate:up", "-- Migrate:up", "/* -- migrate:up */"])
def test_what_dbmate_does_not_read_as_a_directive_is_none(line: str) -> None:
    assert findings(f"{line}\n-- migrate:down\n") == [("1:1", "the file has no `-- migrate:up` line")]


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("", "1:1", "the file has no `-- migrate:up` line"),
        ("-- migrate:up\nselect 1;\n", "2:10", "the file has no `-- migrate:down` line"),
        ("-- migrate:down\n-- migrate:up\n", "1:1", "this `-- migrate:down` has no `-- migrate:up` before it"),
        ("-- migrate:up\n-- migrate:up\n-- migrate:down\n", "2:1", "this `-- migrate:up` follows another one"),
        (
            "-- x\n\nselect 1;\n-- migrate:up\n-- migrate:down\n",
            "3:1",
            "a statement stands before the first `-- migrate:up`",
        ),
        (
            "-- migrate:up transaction:flase\n-- migrate:down\n",
            "1:1",
            "`transaction:flase` is neither `transaction:true` nor `transaction:false`",
        ),
        ("-- migrate:up\n-- migrate:down\nselect 'abc;\n", "3:8", "this string does not end"),
        (
            "-- migrate:up\nselect 'abc;\n-- migrate:down\n",
            "2:8",
            "this string goes on over the directive `-- migrate:down` in line 3",
        ),
        (
            "-- migrate:up\n/*\n-- migrate:down\n*/\n",
            "2:1",
            "this comment goes on over the directive `-- migrate:down` in line 3",
        ),
    ],
)
def test_a_broken_file_is_reported_with_its_place(text: str, where: str, message: str) -> None:
    assert (where, message) in findings(text)


@pytest.mark.parametrize(
    "statement",
    ["begin", "Begin work", "start transaction", "commit", "commit and chain", "end", "rollback", "abort",
     "prepare transaction 'x'", "commit prepared 'x'", "/* x */ begin"],
)  # fmt: skip
@pytest.mark.parametrize("options", ["", "transaction:false"])
def test_transaction_control_is_refused(statement: str, options: str) -> None:
    text = f"-- migrate:up {options}\nselect 1;\n{statement};\n-- migrate:down\n"
    ((where, message),) = findings(text)
    assert where.startswith("3:")
    assert "would end or nest the transaction" in message


@pytest.mark.parametrize(
    "statement",
    [
        "savepoint a",
        "rollback to a",
        "rollback work to savepoint a",
        "release a",
        "create function f() returns int begin atomic select 1; end",
        "do $$ begin commit; end $$",
        "comment on table begin is 'commit;'",
        "copy t to '/tmp/x'",
        "prepare p as select 1",
    ],
)
def test_what_cannot_end_the_transaction_is_left_to_the_server(statement: str) -> None:
    assert findings(f"-- migrate:up\n{statement};\n-- migrate:down\n") == []


def test_commands_of_psql_and_copy_from_stdin_are_refused_in_both_sections() -> None:
    text = "-- migrate:up\n\\restrict abc\ncopy t (a) from stdin;\n-- migrate:down\nselect 1 \\gset\n"
    assert findings(text) == [
        ("2:1", "`\\restrict` is a command of psql, which the server does not understand"),
        ("3:1", "COPY FROM STDIN or TO STDOUT needs a client to send or take the rows"),
        ("5:10", "`\\gset` is a command of psql, which the server does not understand"),
    ]


def test_rows_after_copy_are_not_taken_for_broken_sql() -> None:
    text = "-- migrate:up\n/* rows */ copy t from stdin;\n1\tit's\n\\.\n-- migrate:down\n"
    assert findings(text)[0] == ("2:12", "COPY FROM STDIN or TO STDOUT needs a client to send or take the rows")


def test_blanks_and_comments_do_not_change_the_checksum_and_tokens_do() -> None:
    def checksum(up: str) -> str:
        return parse_migration(f"-- migrate:up\n{up}\n-- migrate:down\nselect 1;\n", PATH).checksum

    assert checksum("create table t (a int);") == checksum("-- why\ncreate  table t\n(a int)  ;;\n")
    assert checksum("select 'a  b'") != checksum("select 'a b'")
    assert checksum("select 1; select 2") != checksum("select 1 select 2")


def write(folder: Path, name: str, content: bytes = b"-- migrate:up\n-- migrate:down\n") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_files_are_ordered_by_name_and_others_are_passed_over(tmp_path: Path) -> None:
    for name in ("10_b.sql", "2_c.sql", "001.sql", "README.md", "seed.sql", "3_d.sql.bak"):
        write(tmp_path, name)
    (tmp_path / "4_folder.sql").mkdir()
    folder = load_folder([tmp_path])
    assert [(file.name, file.version) for file in folder.files] == [
        ("001.sql", "001"),
        ("10_b.sql", "10"),
        ("2_c.sql", "2"),
    ]
    assert [warning.code for warning in folder.warnings] == ["file-name", "version-order"]


def test_two_files_with_one_version_are_refused_even_across_folders(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, f"001_{name}.sql")
    with pytest.raises(SourceError, match=r"version 001 is also that of .*001_a\.sql"):
        load_folder([tmp_path / "a", tmp_path / "b"])


def test_line_ends_and_a_byte_order_mark_make_no_difference_but_for_a_warning(tmp_path: Path) -> None:
    text = b"-- migrate:up\nselect '\n';\n-- migrate:down\n"
    write(tmp_path, "001_lf.sql", text)
    write(tmp_path, "002_crlf.sql", text.replace(b"\n", b"\r\n"))
    write(tmp_path, "003_bom.sql", b"\xef\xbb\xbf" + text)
    plain, crlf, bom = load_folder([tmp_path]).files
    assert plain.file_checksum == crlf.file_checksum == bom.file_checksum
    assert plain.parsed.up == tuple(plain.parsed.up)
    assert [warning.code for warning in bom.parsed.warnings] == ["byte-order-mark"]
    assert crlf.parsed.warnings == ()


def test_a_file_that_is_not_utf8_is_refused_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, "001_latin.sql", b"-- migrate:up\nselect '\xe9';\n-- migrate:down\n")
    with pytest.raises(SourceError, match=r"001_latin\.sql:2:9: error\[not-utf8\]: byte 0xe9 is not UTF-8 text"):
        load_folder([tmp_path])


def test_a_zero_byte_would_cut_a_statement_off_and_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "001_zero.sql", b"-- migrate:up\ndelete from t --\0\nwhere false;\n-- migrate:down\n")
    with pytest.raises(SourceError, match=r"001_zero\.sql:2:17: error\[zero-byte\]: a zero byte ends the text"):
        load_folder([tmp_path])


def test_a_link_that_leads_nowhere_is_not_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "001_a.sql")
    (tmp_path / "002_b.sql").symlink_to("nowhere.sql")
    with pytest.raises(ConfigError, match=r"cannot read .*002_b\.sql: No such file or directory"):
        load_folder([tmp_path])


def test_a_name_that_is_not_utf8_has_a_replacement(tmp_path: Path) -> None:
    write(tmp_path, os.fsdecode(b"001_\xe9.sql"))
    (file,) = load_folder([tmp_path]).files
    assert (file.name, file.version) == ("001_\N{REPLACEMENT CHARACTER}.sql", "001")
