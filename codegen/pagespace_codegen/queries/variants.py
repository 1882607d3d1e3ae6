"""The descriptions of the variants of a query -> one description that is true of each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pagespace_codegen.queries.analysis import DescribedColumn, DescribedParameter, Description
from pagespace_codegen.queries.cardinality import Cardinality
from pagespace_codegen.queries.source.annotations import AnnotatedQuery, Variant
from pagespace_db.errors import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedVariant:
    """A variant with its description."""

    variant: Variant
    description: Description


def merge_variants(
    query: AnnotatedQuery, variants: Sequence[DescribedVariant]
) -> tuple[Description, tuple[DescribedVariant, ...], list[Finding]]:
    """Return what is true of all variants, the variants with the columns of that, and where they do not agree.

    A column may be NULL if it may be in one of them; a parameter only if it may be in all that have it.
    """
    findings: list[Finding] = []
    parameters = tuple(_parameter(query, name, variants, findings) for name in query.parameters)
    columns = _columns(query, variants, findings)
    first = variants[0].description
    rows = [described.description.rows for described in variants]
    merged = Description(
        parameters=parameters,
        columns=columns,
        rows=Cardinality(has_row=all(r.has_row for r in rows), at_most_one=all(r.at_most_one for r in rows)),
        tree=first.tree,
    )
    agreeing = tuple(
        DescribedVariant(variant=v.variant, description=replace(v.description, columns=columns)) for v in variants
    )
    return merged, agreeing, findings


def setting_text(query: AnnotatedQuery, variant: Variant) -> str:
    """Return which parts of a query a variant has: `with author, without tag, order = title`."""
    words: list[str] = []
    for switch, setting in zip(query.switches, variant.settings, strict=True):
        name = ", ".join(switch.names)
        words.append(f"{name} = {setting}" if switch.labels else f"{'with' if setting else 'without'} {name}")
    return ", ".join(words)


def _parameter(
    query: AnnotatedQuery, name: str, variants: Sequence[DescribedVariant], findings: list[Finding]
) -> DescribedParameter:
    found = [
        (variant.variant, variant.description.parameters[variant.variant.query.parameters.index(name)])
        for variant in variants
        if name in variant.variant.query.parameters
    ]
    _, first = found[0]
    for variant, parameter in found:
        if parameter.type_oid != first.type_oid:
            message = f"parameter `{name}` is {first.type}, but {parameter.type} {setting_text(query, variant)}"
            help_ = f"cast it in each place: :{name}::{first.type}"
            findings.append(_finding(query, "variant-parameter", message, help_))
            break
    return replace(
        first,
        is_nullable=all(parameter.is_nullable for _, parameter in found),
        has_nullable_elements=all(parameter.has_nullable_elements for _, parameter in found),
    )


def _columns(
    query: AnnotatedQuery, variants: Sequence[DescribedVariant], findings: list[Finding]
) -> tuple[DescribedColumn, ...]:
    first = variants[0].description.columns
    for described in variants:
        columns = described.description.columns
        if [(c.name, c.type_oid) for c in columns] != [(c.name, c.type_oid) for c in first]:
            message = f"its columns are others {setting_text(query, described.variant)}"
            help_ = "let every variant select the same columns, of the same types"
            findings.append(_finding(query, "variant-columns", message, help_))
            return first
    return tuple(map(_column, zip(*(described.description.columns for described in variants), strict=True)))


def _column(variants: Sequence[DescribedColumn]) -> DescribedColumn:
    """Return a column that is, in some variant, each of these."""
    first = variants[0]
    has_one_origin = len({(c.relation_oid, c.attribute, c.whole_row_of) for c in variants}) == 1
    nullable = next((c for c in variants if c.verdict.is_nullable), first)
    proved = next((c for c in variants if c.proved.is_nullable), first)
    return replace(
        first,
        relation_oid=first.relation_oid if has_one_origin else 0,
        attribute=first.attribute if has_one_origin else 0,
        whole_row_of=first.whole_row_of if has_one_origin else 0,
        verdict=nullable.verdict,
        proved=proved.proved,
    )


def _finding(query: AnnotatedQuery, code: str, message: str, help_: str) -> Finding:
    return Finding(message=f"query `{query.name}`: {message}", location=query.name_location(), code=code, help=help_)
