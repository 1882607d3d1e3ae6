"""Relations that the configuration declares, for what has no foreign key: views, logs, keys across services.

[tool.pagespace_db.relations]
"drives.statistics" = "id -> drive_statistics(drive_id)?"     # at most one row, as no key of a view can tell
"users.accessible"  = "id -> drive_access(user_id)"           # many
"events.account"    = "tenant_id, account_id -> accounts(tenant_id, id)"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pagespace_codegen.catalog.model import Catalog, QualifiedName, Relation
from pagespace_codegen.python.naming import is_valid_override
from pagespace_codegen.python.resolution.overrides import HOME_SCHEMA, config_location
from pagespace_db.errors import Finding, nearest
from pagespace_db.settings import Project

_FORM: Final = re.compile(r"\s*([^>()]+?)\s*->\s*([^()]+?)\s*\(\s*([^()]+?)\s*\)\s*(\?)?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRelation:
    """A relation from `table` to `target`; names of columns are the database's."""

    table: QualifiedName
    py: str
    local: tuple[str, ...]
    target: QualifiedName
    remote: tuple[str, ...]
    is_at_most_one: bool


def load_declared(project: Project, catalog: Catalog) -> tuple[tuple[DeclaredRelation, ...], list[Finding]]:
    """Return the relations of `[tool.pagespace_db.relations]`, and what is wrong with them."""
    relations = _by_spelling(catalog)
    declared: list[DeclaredRelation] = []
    findings: list[Finding] = []
    for key, text in project.relations.items():
        found = _read(key, text, relations)
        if isinstance(found, DeclaredRelation):
            declared.append(found)
        else:
            message, remedy = found
            location = config_location(project, "relations", key)
            findings.append(Finding(message=message, location=location, code="configuration", help=remedy))
    return tuple(declared), findings


def _read(key: str, text: str, relations: Mapping[str, Relation]) -> DeclaredRelation | tuple[str, str | None]:
    """Return the relation, or what is wrong with it and how to mend it."""
    table_name, _, py = key.rpartition(".")
    match = _FORM.fullmatch(text)
    if match is None:
        return f"`{text}` is not of the form `column -> table(column)`", "end it with ? where at most one row can match"
    if not is_valid_override(py):
        return f"`{py}` cannot be a name in the generated code", "write the key as `table.relation`"
    for name in (table_name, match[2]):
        if name not in relations:
            guess = nearest(name, relations)
            return f"there is no table or view `{name}`", f"did you mean `{guess}`?" if guess else None
    table, target = relations[table_name], relations[match[2]]
    local, remote = _names(match[1]), _names(match[3])
    for relation, columns in ((table, local), (target, remote)):
        known = [column.name for column in relation.columns]
        for column in columns:
            if column not in known:
                guess = nearest(column, known)
                return f"{relation.name} has no column `{column}`", f"did you mean `{guess}`?" if guess else None
    if len(local) != len(remote):
        return f"`{text}` pairs {len(local)} columns with {len(remote)}", None
    return DeclaredRelation(
        table=table.name,
        py=py,
        local=local,
        target=target.name,
        remote=remote,
        is_at_most_one=match[4] is not None,
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


def _by_spelling(catalog: Catalog) -> dict[str, Relation]:
    """Return the relations by what they may be called: with their schema, and those of public without it."""
    found = {str(relation.name): relation for relation in catalog.relations}
    found |= {relation.name.name: relation for relation in catalog.relations if relation.name.schema == HOME_SCHEMA}
    return found
