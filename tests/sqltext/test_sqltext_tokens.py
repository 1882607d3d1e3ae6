"""Where tokens begin and end, by the rules of the server's scanner."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagespace_db.sqltext import TokenKind, find_parameters, leading_words, tokens


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind.value, text[token.start : token.end]) for token in tokens(text) if token.kind != "space"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'it''s'", [("string", "'it''s'")]),
        (r"'a\' b", [("string", r"'a\'"), ("identifier", "b")]),
        (r"E'a\' b'", [("string", r"E'a\' b'")]),
        (r"e'\\' x", [("string", r"e'\\'"), ("identifier", "x")]),
        ("U&'\\0061'", [("string", "U&'\\0061'")]),
        ("N'a'", [("identifier", "N"), ("string", "'a'")]),
        ("b'01' X'1f'", [("string", "b'01'"), ("string", "X'1f'")]),
        ("table'x'", [("identifier", "table"), ("string", "'x'")]),
        ("'a' \n 'b'", [("string", "'a' \n 'b'")]),
        ("'a' 'b'", [("string", "'a'"), ("string", "'b'")]),
        ("'a' -- why\n-- not\n 'b'", [("string", "'a' -- why\n-- not\n 'b'")]),
        ("'a' /* no */\n'b'", [("string", "'a'"), ("comment", "/* no */"), ("string", "'b'")]),
        ("E'a'\n'\\''", [("string", "E'a'\n'\\''")]),
        ('"a""b"', [("quoted_identifier", '"a""b"')]),
        ('U&"d\\0061t"', [("quoted_identifier", 'U&"d\\0061t"')]),
        ("$$a;'b$$", [("dollar_string", "$$a;'b$$")]),
        ("$x$ $$ $y$ $x$ z", [("dollar_string", "$x$ $$ $y$ $x$"), ("identifier", "z")]),
        ("a$$b$$", [("identifier", "a$$b$$")]),
        ("$1$$a$$", [("parameter", "$1"), ("dollar_string", "$$a$$")]),
        ("/* a /* b */ c */d", [("comment", "/* a /* b */ c */"), ("identifier", "d")]),
        ("/*/*/ */ */d", [("comment", "/*/*/ */ */"), ("identifier", "d")]),
        ("a--b\nc", [("identifier", "a"), ("comment", "--b"), ("identifier", "c")]),
        ("1--2", [("number", "1"), ("comment", "--2")]),
        ("a*/**/b", [("identifier", "a"), ("operator", "*"), ("comment", "/**/"), ("identifier", "b")]),
        ("a@--b", [("identifier", "a"), ("operator", "@"), ("comment", "--b")]),
        ("a=-1", [("identifier", "a"), ("operator", "="), ("operator", "-"), ("number", "1")]),
        ("a@-1", [("identifier", "a"), ("operator", "@-"), ("number", "1")]),
        ("a->>'b'", [("identifier", "a"), ("operator", "->>"), ("string", "'b'")]),
        ("1.5e-3 .5 5. 0x_ff 1_000", [("number", n) for n in ("1.5e-3", ".5", "5.", "0x_ff", "1_000")]),
        ("1..10", [("number", "1"), ("operator", ".."), ("number", "10")]),
        ("größe.naïve", [("identifier", "größe"), ("punctuation", "."), ("identifier", "naïve")]),
        (":a::b", [("named_parameter", ":a"), ("operator", "::"), ("identifier", "b")]),
        ("a := :b", [("identifier", "a"), ("operator", ":="), ("named_parameter", ":b")]),
        (":'a' :\"b\" :{?c}", [("psql_variable", v) for v in (":'a'", ':"b"', ":{?c}")]),
        ("\\restrict x\na", [("meta_command", "\\restrict x"), ("identifier", "a")]),
        ("a \\gset b", [("identifier", "a"), ("meta_command", "\\gset b")]),
        ("a\0", [("identifier", "a"), ("other", "\0")]),
    ],
)
def test_a_text_has_these_tokens(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    "text", ["'a", "'a''", "E'\\'", "b'0", "U&'", '"a', 'U&"a""', "$$a$", "$x$ $$", "/* /* */", "/*"]
)
def test_quotes_that_do_not_end_make_an_unterminated_token(text: str) -> None:
    last = list(tokens("select " + text))[-1]
    assert (last.kind, last.start) == (TokenKind.UNTERMINATED, len("select "))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("where id = :id and n > :n", ["id", "n"]),
        ("a::text, now()::timestamptz", []),
        (":a::text", ["a"]),
        ("f(x := 1, y => :y)", ["y"]),
        ("f(x :=:y)", ["y"]),
        ("':a' || \":b\" || $$:c$$ /* :d */ -- :e", []),
        ("a[1:2], a[1:n], a[lo:hi], a[f(1):n], a[b[1]:n], a[$1:n], a[:lo:n]", ["lo"]),
        (
            "a[:i], a[1 + :i], a[(:i)], array[:a, :b], array[case when :c then :d end]",
            ["i", "i", "i", "a", "b", "c", "d"],
        ),
        ("a[1 : :n], a[: :n]", ["n", "n"]),
        ("a[f(:x):n]", ["x"]),
        ("data->'a:b', '12:30'::time", []),
        (":größe", ["größe"]),
        (":1", []),
    ],
)
def test_named_parameters_are_found_where_sql_has_no_colon_of_its_own(text: str, names: list[str]) -> None:
    found = find_parameters(text)
    assert [parameter.name for parameter in found] == names
    assert [text[parameter.start : parameter.end] for parameter in found] == [f":{name}" for name in names]


def test_leading_words_pass_comments_and_stop_at_other_tokens() -> None:
    assert leading_words("-- x\ncreate /* y */ unique index on t", 3) == ("CREATE", "UNIQUE", "INDEX")
    assert leading_words('comment on "a"', 5) == ("COMMENT", "ON")
    assert leading_words("(select 1)", 2) == ()


_NASTY = st.lists(
    st.sampled_from(
        [*"abeEuUxXnN$1;:.,()[]'\"\\/*-+=@<>&_ \n\r\t", "$$", "$a$", "/*", "*/", "--", "E'", "''", "é", "\0"]
    ),
    max_size=40,
).map("".join)


@given(st.one_of(_NASTY, st.text()))
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(text[token.start : token.end] for token in tokens(text)) == text
    assert all(token.start < token.end for token in tokens(text))


@pytest.mark.parametrize(
    "unit", ["/*", "'", "--", "-- ", "/* ", "$a$ $b$", "'a'\n", "'a' -- b\n", "1_", "(", "+-", "E'\\"]
)
def test_no_text_takes_more_than_linear_time(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    start = time.process_time()
    for _ in tokens(text):
        pass
    assert time.process_time() - start < 2


def test_a_schema_of_a_megabyte_is_scanned_in_well_under_a_second() -> None:
    schema = Path(__file__).read_text(encoding="utf-8")
    text = schema * (1_000_000 // len(schema))
    start = time.process_time()
    assert sum(1 for _ in tokens(text)) > 1000
    assert time.process_time() - start < 2
