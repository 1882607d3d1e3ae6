"""Names that more than one kind of object competes for."""

from __future__ import annotations

from pagespace_codegen.diff.inventory.model import Facts


def relation_claim(schema: str, name: str) -> str:
    """Return the claim of a table, view, index or sequence to its name."""
    return f"relation {schema}.{name}"


def type_claim(schema: str, name: str) -> str:
    """Return the claim of a type, or of the row type of a relation, to its name."""
    return f"type {schema}.{name}"


def relation_and_type(facts: Facts) -> frozenset[str]:
    """Return the claims of a relation that has a row type."""
    schema, name = facts.text("schema"), facts.text("name")
    return frozenset({relation_claim(schema, name), type_claim(schema, name)})
