"""Tables, partitioned tables and foreign tables. CREATE TABLE takes in whatever folds into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pagespace_codegen.diff.hazards import Hazard, HazardKind
from pagespace_codegen.diff.inventory.model import Key, Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements
from pagespace_codegen.diff.rules.column import (
    column_definition,
    column_settings,
    declares_not_null,
    not_null_definition,
)
from pagespace_codegen.diff.rules.constraint import constraint_definition, constraint_settings
from pagespace_codegen.diff.rules.inherited import new_partition_hazards
from pagespace_codegen.diff.rules.names import relation_and_type
from pagespace_codegen.diff.rules.options import (
    as_mapping,
    generic_changes,
    generic_options,
    storage_changes,
    with_options,
)


class TableRule(Rule):
    """CREATE TABLE and ALTER TABLE."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE TABLE, and what it cannot say."""
        facts = item.facts
        attachments = [part for part in parts if part.kind == "attachment"]
        partition = next((part for part in attachments if part.facts.optional("bound")), None)
        body = _body(item, parts, attachments, scene)
        head = f"CREATE {'UNLOGGED ' if facts.flag('is_unlogged') else ''}{item.target}"
        inside = f" (\n  {f',{chr(10)}  '.join(body)}\n)" if body else ""
        if partition is not None:
            head += f" PARTITION OF {partition.facts.text('of')}{inside} {partition.facts.text('bound')}"
        elif facts.optional("of_type"):
            head += f" OF {facts.text('of_type')}{inside}"
        else:
            head += inside or " ()"
            if attachments:
                head += f" INHERITS ({', '.join(part.facts.text('of') for part in attachments)})"
        if facts.optional("partition_key"):
            head += f" PARTITION BY {facts.text('partition_key')}"
        if facts.optional("server"):
            head += f" SERVER {facts.text('server')}{generic_options(as_mapping(facts.texts('server_options')))}"
        if facts.optional("access_method") not in {None, "heap"}:
            head += f" USING {facts.text('access_method')}"
        head += with_options(facts.texts("options"))
        if facts.optional("tablespace"):
            head += f" TABLESPACE {facts.text('tablespace')}"
        hazards = () if partition is None else new_partition_hazards(partition.facts.text("of"), scene)
        return (Statement(sql=head, hazards=hazards), *statements(*_settings(item, parts, scene)))

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return DROP TABLE."""
        is_empty = item.facts.optional("server") is not None
        hazards = () if is_empty else (Hazard(HazardKind.DROPS_TABLE, item.name),)
        return (Statement(sql=f"DROP {item.target}", hazards=hazards),)

    def is_same(self, old: Object, new: Object) -> bool:
        """Tell whether they are equal, whichever of the inherited checks are their own as well."""
        return old.target == new.target and old.facts.without("merged_checks") == new.facts.without("merged_checks")

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return ALTER TABLE, or None for what makes another table of it."""
        before, after = old.facts, new.facts
        if old.target != new.target or any(before[name] != after[name] for name in ("partition_key", "server")):
            return None
        changes: list[str] = []
        if before["of_type"] != after["of_type"]:
            if after.optional("of_type") and not _fits_type(new, scene):
                return None
            changes.append(f"OF {after.text('of_type')}" if after.optional("of_type") else "NOT OF")
        if before["is_unlogged"] != after["is_unlogged"]:
            changes.append("SET UNLOGGED" if after.flag("is_unlogged") else "SET LOGGED")
        if before["access_method"] != after["access_method"] and after.optional("access_method"):
            changes.append(f"SET ACCESS METHOD {after.text('access_method')}")
        if before["tablespace"] != after["tablespace"]:
            changes.append(f"SET TABLESPACE {after.optional('tablespace') or 'pg_default'}")
        changes += storage_changes(before.texts("options"), after.texts("options"))
        if before["has_row_security"] != after["has_row_security"]:
            changes.append(f"{'ENABLE' if after.flag('has_row_security') else 'DISABLE'} ROW LEVEL SECURITY")
        if before["forces_row_security"] != after["forces_row_security"]:
            changes.append(f"{'FORCE' if after.flag('forces_row_security') else 'NO FORCE'} ROW LEVEL SECURITY")
        if before["replica_identity"] != after["replica_identity"] and not _has_identity_index(new, scene):
            changes.append(f"REPLICA IDENTITY {after.optional('replica_identity') or 'DEFAULT'}")
        options = generic_changes(as_mapping(before.texts("server_options")), as_mapping(after.texts("server_options")))
        if options:
            changes.append(options)
        rewrites = ("SET LOGGED", "SET UNLOGGED", "SET ACCESS METHOD", "SET TABLESPACE")
        hazard = Hazard(HazardKind.REWRITES_TABLE, new.name)
        return Alteration(
            statements=tuple(
                Statement(sql=f"ALTER {new.target} {change}", hazards=(hazard,) if change.startswith(rewrites) else ())
                for change in changes
            )
        )

    def claims(self, item: Object) -> frozenset[str]:
        """Return its name among relations and types."""
        return relation_and_type(item.facts)


def _fits_type(table: Object, scene: Scene) -> bool:
    """Tell whether the columns come in the order of the type: those that stay, then those that are added."""
    old = [part.facts.text("column") for part in scene.old.parts(table.key, "column")]
    new = [part.facts.text("column") for part in scene.new.parts(table.key, "column")]
    kept = [name for name in old if name in new]
    return new[: len(kept)] == kept


def _body(item: Object, parts: Sequence[Object], attachments: Sequence[Object], scene: Scene) -> list[str]:
    """Return what stands in the parentheses of CREATE TABLE: columns, then constraints."""
    defaults = {part.parent: part for part in parts if part.kind == "default"}
    lines: list[str] = []
    for column in (part for part in parts if part.kind == "column"):
        default = defaults.get(column.key)
        is_declared = not attachments or column.facts.flag("is_local") or not column.facts.flag("is_inherited")
        if is_declared and item.facts.optional("of_type") is None:
            declared = _without_inherited(column, scene) if attachments else _with_inherited(column)
            lines.append(column_definition(declared, default))
            continue
        own = [*_own_default(column, default, attachments, scene), *_own_not_null(column, attachments, scene)]
        if own and not _is_child(attachments):
            lines.append(f"{column.facts.text('column')} {' '.join(own)}")
        elif _names_not_null(scene) and _own_not_null(column, attachments, scene):
            lines.append(not_null_definition(column.facts, f" {column.facts.text('column')}"))
    lines += [
        f"CONSTRAINT {part.facts.text('name')} {constraint_definition(part)}"
        for part in parts
        if part.kind in {"constraint", "foreign key"}
    ]
    return lines + list(item.facts.texts("merged_checks") if _is_child(attachments) else ())


def _is_child(attachments: Sequence[Object]) -> bool:
    """Tell whether a table is a child by INHERITS, whose CREATE says nothing about inherited columns."""
    return any(attachment.facts.optional("bound") is None for attachment in attachments)


def _without_inherited(column: Object, scene: Scene) -> Object:
    """Return a column without what CREATE TABLE gives it from a parent: NOT NULL, and before 16 its expression."""
    facts = column.facts
    if _inherits_not_null(column):
        facts = facts.but(is_not_null=False)
    if facts.flag("is_inherited") and scene.new.server_version < 16_00_00:
        facts = facts.but(generated=None)
    return replace(column, facts=facts)


def _with_inherited(column: Object) -> Object:
    """Return a column with the NOT NULL that it has from a parent, to which its table is attached when it is there."""
    facts = column.facts
    if not facts.flag("is_inherited") or facts.flag("is_local"):
        return column
    return replace(column, facts=facts.but(is_local=True, not_null_name=facts.get("not_null_constraint")))


def _inherits_not_null(column: Object) -> bool:
    """Tell whether a column has NOT NULL just as a parent gives it; a partition may have another name for it."""
    return column.facts.flag("is_not_null_inherited") and column.facts.optional("not_null_name") is None


def _names_not_null(scene: Scene) -> bool:
    """Tell whether NOT NULL is a constraint to the server, which CREATE TABLE can say of any column."""
    return scene.new.server_version >= 18_00_00


def _own_default(column: Object, default: Object | None, attachments: Sequence[Object], scene: Scene) -> list[str]:
    """Return the default of a partition, a child, or a table of a type, of a column that it does not declare."""
    if default is None:
        return []
    inherited = [_default_of(column, attachment, scene) for attachment in attachments]
    expression = default.facts.text("expression")
    return [] if expression in inherited else [f"DEFAULT {expression}"]


def _own_not_null(column: Object, attachments: Sequence[Object], scene: Scene) -> list[str]:
    """Return NOT NULL likewise, unless it comes from a parent."""
    if not declares_not_null(column.facts) or _inherits_not_null(column):
        return []
    parents = [_same_column(column, attachment, scene) for attachment in attachments]
    is_named = column.facts.optional("not_null_constraint") is not None  # then it is the table's own
    is_given = any(parent is not None and parent.facts.flag("is_not_null") for parent in parents)
    return [] if is_given and not is_named else [not_null_definition(column.facts)]


def _settings(item: Object, parts: Sequence[Object], scene: Scene) -> list[str]:
    """Return the statements that must follow CREATE TABLE."""
    facts = item.facts
    settings: list[str] = []
    attachments = [part for part in parts if part.kind == "attachment"]
    defaults = {part.parent: part for part in parts if part.kind == "default"}
    for column in (part for part in parts if part.kind == "column"):
        settings += column_settings(column)
        if _is_child(attachments) and not column.facts.flag("is_local"):
            own = [*_own_default(column, defaults.get(column.key), attachments, scene)]
            own += [] if _names_not_null(scene) else _own_not_null(column, attachments, scene)
            alter = f"ALTER TABLE ONLY {item.name} ALTER COLUMN {column.facts.text('column')}"
            settings += [f"{alter} SET {option}" for option in own]
        has_no_default = column.key not in defaults and not column.facts.optional("generated")
        if has_no_default and any(_default_of(column, attachment, scene) for attachment in attachments):
            settings.append(f"ALTER TABLE ONLY {item.name} ALTER COLUMN {column.facts.text('column')} DROP DEFAULT")
    for part in parts:
        if part.kind in {"constraint", "foreign key"}:
            settings += constraint_settings(part)
    if facts.flag("has_row_security"):
        settings.append(f"ALTER {item.target} ENABLE ROW LEVEL SECURITY")
    if facts.flag("forces_row_security"):
        settings.append(f"ALTER {item.target} FORCE ROW LEVEL SECURITY")
    if facts.optional("replica_identity"):
        settings.append(f"ALTER {item.target} REPLICA IDENTITY {facts.text('replica_identity')}")
    return settings


def _same_column(column: Object, attachment: Object, scene: Scene) -> Object | None:
    return scene.new.find("column", f"{attachment.facts.text('of')}.{column.facts.text('column')}")


def _default_of(column: Object, attachment: Object, scene: Scene) -> str | None:
    default = scene.new.find("default", f"{attachment.facts.text('of')}.{column.facts.text('column')}")
    return None if default is None else default.facts.text("expression")


def _has_identity_index(table: Object, scene: Scene) -> bool:
    """Tell whether an index is going to be the replica identity, which its own rule sets."""
    return any(
        "is_replica_identity" in part.facts and part.facts.flag("is_replica_identity")
        for part in scene.new.children.get(Key("table", table.name), ())
    )
