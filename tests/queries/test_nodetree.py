"""The reader of query trees."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from pagespace_codegen.queries.server import Prepared, load_trees, prepare, type_names
from pagespace_codegen.queries.tree.nodetree import Node, parse_node_tree, parse_queries


def tree(connection: Connection[Any], sql: str) -> Node:
    (prepared,) = prepare(connection, [sql])
    assert isinstance(prepared, Prepared)
    (text,) = load_trees(connection, [(sql, prepared)], type_names(connection, set(prepared.parameter_oids)))
    assert text is not None
    return parse_queries(text)[0]


def test_a_node_is_read_by_the_names_of_its_fields() -> None:
    (node,) = parse_node_tree("{VAR :varno 2 :varattno -1 :vartype 23 :inh true :alias <> :items (i 1 2)}")
    assert isinstance(node, Node)
    assert (node.kind, node.number("varno"), node.number("varattno")) == ("VAR", 2, -1)
    assert node.flag("inh")
    assert node.node("alias") is None
    assert node.numbers("items") == (1, 2)


def test_a_field_that_is_not_there_reads_as_nothing() -> None:
    (node,) = parse_node_tree("{CONST}")
    assert isinstance(node, Node)
    assert (node.text("a"), node.number("a"), node.flag("a"), node.items("a")) == (None, 0, False, ())
    assert (node.node("a"), node.nodes("a"), node.numbers("a")) == (None, (), ())


def test_lists_nest_and_strings_lose_their_quotes() -> None:
    assert parse_node_tree('(("a" "b") (o 7) ({X} <>))')[0] is not None
    (value,) = parse_node_tree('(("a" "b") (o 7))')
    assert value == (("a", "b"), ("7",))


def test_the_bytes_of_a_datum_follow_its_length() -> None:
    (node,) = parse_node_tree("{CONST :constlen 4 :constvalue 4 [ 1 0 -1 0 ] :constisnull false}")
    assert isinstance(node, Node)
    assert (node.text("constvalue"), node.flag("constisnull")) == ("1 0 -1 0", False)


def test_names_with_every_delimiter_are_read_as_they_are(sample: Connection[Any]) -> None:
    names = ["a b", "{", "}", "(", ")", "a\\b", ":location 5", '"q"', "<>", "1", "-", "ü  x", "a\n b", "[ 1 ]"]
    listed = ", ".join(f"1 AS {_quoted(name)}" for name in names)
    query = tree(sample, f"SELECT {listed}")
    assert [entry.text("resname") for entry in query.nodes("targetList")] == names


def test_the_columns_of_a_join_are_read_when_they_are_asked_for(sample: Connection[Any]) -> None:
    query = tree(sample, "SELECT j.id FROM (users u JOIN posts p USING (id)) j")
    (join,) = [entry for entry in query.nodes("rtable") if entry.number("rtekind") == 2]
    assert join.nodes("joinaliasvars")[1].kind == "VAR"
    assert all(child.kind != "VAR" for child in join.children())


def test_two_nodes_that_say_the_same_have_the_same_shape(sample: Connection[Any]) -> None:
    query = tree(sample, "SELECT lower(name), lower(name), upper(name) FROM users")
    first, second, third = (entry.node("expr") for entry in query.nodes("targetList"))
    assert first is not None
    assert second is not None
    assert third is not None
    assert first.shape() == second.shape() != third.shape()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
