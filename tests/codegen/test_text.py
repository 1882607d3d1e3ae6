"""Text of a database stays inside of the quotes, whatever it holds."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from pagespace_codegen.python.text import call, docstring, string_constant, string_tuple

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@given(texts)
def test_a_string_constant_is_the_string(text: str) -> None:
    source = string_constant(text)
    assert ast.literal_eval(source) == text
    assert "\n" not in source


@given(st.one_of(texts, st.text('"\\\\ \n', max_size=8)))
def test_a_docstring_is_one_string_with_the_words_of_the_comment(text: str) -> None:
    module = ast.parse(f"class A:\n    {docstring(text, 4)}\n\n    x: int\n")
    (definition,) = module.body
    assert isinstance(definition, ast.ClassDef)
    assert len(definition.body) == 2
    assert (ast.get_docstring(definition) or "").split() == text.split()


@given(st.lists(texts))
def test_a_tuple_of_strings_is_the_tuple(strings: list[str]) -> None:
    assert ast.literal_eval(string_tuple(strings)) == tuple(strings)


def test_a_call_that_is_too_long_has_a_line_for_each_argument() -> None:
    assert call("f", ["a", "b"], ":") == "f(a, b):"
    assert call("f", ["a" * 80, "b" * 80], ":") == f"f(\n    {'a' * 80},\n    {'b' * 80},\n):"
