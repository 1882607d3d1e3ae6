"""Columns: their type with the conversion of values, NOT NULL, identity, generation, and how they are stored."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from pagespace_codegen.diff.hazards import Hazard, HazardKind
from pagespace_codegen.diff.inventory.model import Facts, Inventory, Key, Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements
from pagespace_codegen.diff.rules.inherited import partitions
from pagespace_codegen.diff.rules.names import relation_claim
from pagespace_codegen.diff.rules.options import as_mapping, generic_options
from pagespace_codegen.diff.rules.retyping import has_other_base, is_retyped, type_change
from pagespace_codegen.diff.rules.sequence import restart, sequence_changes, sequence_options
from pagespace_codegen.diff.rules.storage import storage_alterations, without_storage

_BROKEN_BY_TYPE: Final = frozenset(
    {
        "column",
        "default",
        "foreign key",
        "function",
        "materialized view",
        "policy",
        "publication member",
        "rule",
        "trigger",
        "view",
    }
)
"""What the server does not convert along with a column. Indexes and checks it does."""


class ColumnRule(Rule):
    """ADD COLUMN, DROP COLUMN and ALTER COLUMN."""

    folds_into = ("table",)

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return ADD COLUMN."""
        default = next((part for part in parts if part.kind == "default" and part.parent == item.key), None)
        if item.facts.optional("not_null_name") in _names_not_null(item, scene.old):  # it is renamed when that has gone
            item = replace(item, facts=item.facts.but(not_null_name=None))
        hazards: tuple[Hazard, ...] = ()
        is_volatile = default is not None and default.facts.flag("is_volatile")  # every row gets a value of its own
        if item.facts.optional("generated") or item.facts.optional("identity") or is_volatile:
            hazards = (Hazard(HazardKind.REWRITES_TABLE, _table(item)),)
        elif item.facts.flag("is_not_null") and default is None:
            hazards = (Hazard(HazardKind.SCANS_TABLE, _table(item), "the new column is NULL in rows that are there"),)
        add = f"ALTER TABLE {_table(item)} ADD COLUMN {column_definition(item, default)}"
        return (Statement(sql=add, hazards=hazards), *statements(*column_settings(item)))

    def drop(self, item: Object, scene: Scene) -> tuple[Statement, ...]:
        """Return DROP COLUMN."""
        hazards = () if item.facts.optional("generated") else (Hazard(HazardKind.DROPS_COLUMN, item.name),)
        return (Statement(sql=f"ALTER TABLE {_table(item)} DROP COLUMN {item.facts.text('column')}", hazards=hazards),)

    def is_same(self, old: Object, new: Object) -> bool:
        """Tell whether the columns are equal, wherever they come from."""
        return _compared(old.facts) == _compared(new.facts)

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return ALTER COLUMN, or None when a column becomes a generated one."""
        generation = _generation_change(old.facts, new.facts, scene)
        if generation is None:
            return None
        is_converted = is_retyped(old, new, scene)
        changes = [
            *_identity_goes(old.facts, new.facts),
            *(type_change(old, new, scene) if is_converted and not _is_implied(old, new, scene) else ()),
            *((change, _rewrites(new)) for change in generation if not _is_generation_implied(old, new, scene)),
            *_not_null_and_identity(old, new, scene),
            *((change, ()) for change in storage_alterations(old.facts, new.facts)),
        ]
        prefix = f"ALTER TABLE {_table(new)}"
        column = new.facts.text("column")
        made = [
            Statement(
                sql=f"{prefix} {change}"
                if change.startswith(("ADD CONSTRAINT", "RENAME"))
                else (
                    change if change.startswith(("ALTER ", "SELECT ")) else f"{prefix} ALTER COLUMN {column} {change}"
                ),
                hazards=tuple(hazards),
            )
            for change, hazards in changes
        ]
        return Alteration(
            statements=tuple(made),
            breaks=_broken(old, new, scene) if is_converted or generation else frozenset(),
            is_held=is_converted,
        )

    def holders(self, item: Object, inventory: Inventory) -> Collection[Key]:
        """Return the materialized views that store rows of the table, and the tables that the column spreads rows in.

        Those are the table and the partitions of it whose rows are distributed by the column.
        """
        if item.parent is None:
            return ()
        stored = _stored_rows(item.parent, inventory)
        if inventory.by_key[item.parent].facts.optional("partition_key") is None:
            return stored
        column = item.facts.text("column")
        return stored + [
            table
            for table in (item.parent, *partitions(item.parent, inventory))
            for part in inventory.parts(table, "column")
            if part.facts["column"] == column and part.facts.flag("is_partition_key")
        ]

    def remakes(self, item: Object, scene: Scene) -> Collection[Key]:
        """Return the materialized views that store rows of the table, when those get a value for the column."""
        has_value = item.facts.optional("generated") or item.facts.optional("identity")
        if item.parent is None or not (has_value or scene.new.find("default", item.name)):
            return ()
        return _stored_rows(item.parent, scene.old)

    def claims(self, item: Object) -> frozenset[str]:
        """Return the name of the sequence of an identity."""
        sequence = item.facts.facts("sequence")
        return (
            frozenset()
            if sequence is None
            else frozenset({relation_claim(sequence.text("schema"), sequence.text("name"))})
        )


def _stored_rows(table: Key, inventory: Inventory) -> list[Key]:
    """Return the materialized views with a column of the row type of a table, which cannot change before they go."""
    types = (f" {table.name}", f" {table.name}[]")
    return [
        key
        for key in sorted(inventory.dependents.get(table, ()))
        if key.kind == "materialized view"
        and any(column.endswith(types) for column in inventory.by_key[key].facts.texts("columns"))
    ]


def _names_not_null(item: Object, inventory: Inventory) -> frozenset[object]:
    """Return the names of constraints that are NOT NULL which the other columns of a table have."""
    columns = () if item.parent is None else inventory.parts(item.parent, "column")
    return frozenset(column.facts["not_null_constraint"] for column in columns) - {None}


def column_definition(item: Object, default: Object | None) -> str:
    """Return a column as CREATE TABLE and ADD COLUMN declare it."""
    facts = item.facts
    words = [facts.text("column"), facts.text("type")]
    if facts.texts("server_options"):
        words.append(generic_options(as_mapping(facts.texts("server_options"))).strip())
    if facts.optional("compression"):
        words.append(f"COMPRESSION {facts.text('compression')}")
    if facts.optional("collation"):
        words.append(f"COLLATE {facts.text('collation')}")
    if default is not None:
        words.append(f"DEFAULT {default.facts.text('expression')}")
    if facts.optional("generated"):
        words.append(f"GENERATED ALWAYS AS {facts.text('generated')}")
    sequence = facts.facts("sequence")
    if sequence is not None:
        words.append(f"GENERATED {facts.text('identity')} AS IDENTITY{_identity_options(item, sequence)}")
    if declares_not_null(facts) and not (facts.flag("is_inherited") and not facts.flag("is_local")):
        words.append(not_null_definition(facts))
    return " ".join(words)


def not_null_definition(facts: Facts, of: str = "") -> str:
    """Return NOT NULL with its name and options, as a part of a column or, with the column named, of a table."""
    name = facts.optional("not_null_name")
    return f"{f'CONSTRAINT {name} ' if name else ''}NOT NULL{of}{facts.text('not_null_suffix')}"


def declares_not_null(facts: Facts) -> bool:
    """Tell whether a column can be declared to be NOT NULL: not where only new rows are checked."""
    return facts.flag("is_not_null") and "NOT VALID" not in facts.text("not_null_suffix")


def column_settings(item: Object) -> list[str]:
    """Return the statements for what a column definition cannot say."""
    facts, column = item.facts, item.facts.text("column")
    is_unchecked = facts.flag("is_not_null") and not declares_not_null(facts)
    not_valid = facts.but(not_null_name=facts["not_null_constraint"])
    made = [f"ALTER TABLE {_table(item)} ADD {not_null_definition(not_valid, f' {column}')}"]
    return (made if is_unchecked and not facts.flag("is_not_null_inherited") else []) + [
        f"ALTER TABLE ONLY {_table(item)} ALTER COLUMN {column} {change}"
        for change in storage_alterations(without_storage(facts), facts)
        if not change.startswith(("SET COMPRESSION", "OPTIONS"))
    ]


def _table(item: Object) -> str:
    return item.parent.name if item.parent is not None else ""


def _compared(facts: Facts) -> Facts:
    if facts.flag("is_not_null_fixed"):
        facts = facts.but(not_null_name=None)
    compared = facts.without(
        "is_inherited",
        "is_local",
        "is_not_null_inherited",
        "is_not_null_fixed",
        "is_partition_key",
        "default_storage",
        "not_null_constraint",
    )
    sequence = facts.facts("sequence")
    return compared if sequence is None else compared.but(sequence=dict(sequence.without("type")))


def _identity_options(item: Object, sequence: Facts) -> str:
    options = sequence_options(sequence, with_type=False)
    expected = f"{_bare(_table(item).rpartition('.')[2])}_{_bare(item.facts.text('column'))}_seq"
    if _bare(sequence.text("name")) != expected and len(expected.encode()) < 64:
        options.insert(0, f"SEQUENCE NAME {sequence.text('schema')}.{sequence.text('name')}")
    return f" ({' '.join(options)})" if options else ""


def _bare(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


# --- Type ------------------------------------------------------------------------------------------------------------


def _kept_attachments(column: Object, scene: Scene) -> list[Object]:
    """Return the parents that the table had and has, and from which changes reach it."""
    return [
        attachment
        for attachment in scene.new.parts(Key("table", _table(column)), "attachment")
        if attachment.key in scene.old.by_key and attachment.key not in scene.dropped
    ]


def _broken(old: Object, new: Object, scene: Scene) -> frozenset[str]:
    is_kept = new.facts.optional("generated") is None and not has_other_base(old, new, scene)
    return _BROKEN_BY_TYPE - {"default"} if is_kept else _BROKEN_BY_TYPE


def _is_implied(old: Object, new: Object, scene: Scene) -> bool:
    """Tell whether the same change of a parent's column reaches this one."""
    if not (new.facts.flag("is_inherited") and old.facts.flag("is_inherited")):
        return False
    for attachment in _kept_attachments(new, scene):
        name = f"{attachment.facts.text('of')}.{new.facts.text('column')}"
        before, after = scene.old.find("column", name), scene.new.find("column", name)
        if before is not None and after is not None and is_retyped(before, after, scene):
            return True
    return False


# --- The rest --------------------------------------------------------------------------------------------------------


def _rewrites(item: Object) -> tuple[Hazard, ...]:
    return (Hazard(HazardKind.REWRITES_TABLE, _table(item)),)


def _is_generation_implied(old: Object, new: Object, scene: Scene) -> bool:
    """Tell whether the same change of a parent's expression reaches this column."""
    wanted = old.facts["generated"], new.facts["generated"]
    for attachment in _kept_attachments(new, scene):
        name = f"{attachment.facts.text('of')}.{new.facts.text('column')}"
        before, after = scene.old.find("column", name), scene.new.find("column", name)
        if before is not None and after is not None and (before.facts["generated"], after.facts["generated"]) == wanted:
            return True
    return False


def _generation_change(old: Facts, new: Facts, scene: Scene) -> list[str] | None:
    before, after = old.optional("generated"), new.optional("generated")
    if before == after:
        return []
    if after is None and before is not None and before.endswith("STORED"):
        return ["DROP EXPRESSION"]
    if before is None or after is None or before.rpartition(" ")[2] != after.rpartition(" ")[2]:
        return None
    if scene.new.server_version < 17_00_00:
        return None
    return [f"SET EXPRESSION AS {after.rpartition(' ')[0]}"]


def _identity_goes(before: Facts, after: Facts) -> Iterator[tuple[str, tuple[Hazard, ...]]]:
    """Yield DROP IDENTITY, which comes first: while it is one, a column is a NOT NULL integer."""
    if before.facts("sequence") is not None and not after.optional("identity"):  # a partition has its table's
        yield "DROP IDENTITY", ()


def _not_null_and_identity(old: Object, new: Object, scene: Scene) -> Iterator[tuple[str, tuple[Hazard, ...]]]:
    """Yield the changes in an order that the server takes: NOT NULL comes before an identity."""
    before, after = old.facts, new.facts
    is_implied = _is_not_null_implied(new, old, scene)
    if after.flag("is_not_null") and not before.flag("is_not_null") and not is_implied:
        name = after.optional("not_null_name")
        suffix = after.text("not_null_suffix")
        hazard = Hazard(HazardKind.SCANS_TABLE, _table(new), "NULL is looked for in every row")
        if name or suffix:
            name = name or after.text("not_null_constraint")
            yield f"ADD CONSTRAINT {name} NOT NULL {after.text('column')}{suffix}", (hazard,)
        else:
            yield "SET NOT NULL", (hazard,)
    elif before.flag("is_not_null") and not after.flag("is_not_null") and not is_implied:
        yield "DROP NOT NULL", ()
    elif before.flag("is_not_null") and not is_implied:
        yield from _not_null_form(old, new)
    sequence, old_sequence = after.facts("sequence"), before.facts("sequence")
    if sequence is not None and old_sequence is None:
        yield f"ADD GENERATED {after.text('identity')} AS IDENTITY{_identity_options(new, sequence)}", ()
        yield _after_rows(new, sequence), ()
    elif sequence is not None and old_sequence is not None:
        if before["identity"] != after["identity"]:
            yield f"SET GENERATED {after.text('identity')}", ()
        changes = [f"SET {change}" for change in sequence_changes(old_sequence, sequence)]
        if changes:  # at once, as each is held against the others
            restarted, hazards = restart(old_sequence, sequence)
            yield " ".join(changes + restarted), hazards
        if old_sequence["name"] != sequence["name"]:
            schema = old_sequence.text("schema")
            yield f"ALTER SEQUENCE {schema}.{old_sequence.text('name')} RENAME TO {sequence.text('name')}", ()
        if old_sequence["is_unlogged"] != sequence["is_unlogged"]:
            persistence = "UNLOGGED" if sequence.flag("is_unlogged") else "LOGGED"
            yield f"ALTER SEQUENCE {sequence.text('schema')}.{sequence.text('name')} SET {persistence}", ()


def _after_rows(column: Object, sequence: Facts) -> str:
    """Return what makes a new identity go on after the values that the rows have; without rows it does nothing."""
    last = f"{'max' if int(str(sequence['increment'])) > 0 else 'min'}({column.facts.text('column')})"
    return (
        f"SELECT setval({sequence.text('literal')}, {last}) FROM {_table(column)} "  # noqa: S608 - quoted by the server
        f"HAVING {last} BETWEEN {sequence['min']} AND {sequence['max']}"
    )


def _not_null_form(old: Object, new: Object) -> Iterator[tuple[str, tuple[Hazard, ...]]]:
    before, after = old.facts, new.facts
    name, old_name = after.optional("not_null_constraint"), before.optional("not_null_constraint")
    if name is None or old_name is None:
        return
    if _compared(before)["not_null_name"] != _compared(after)["not_null_name"] and name != old_name:
        yield f"RENAME CONSTRAINT {old_name} TO {name}", ()
    if before["not_null_suffix"] != after["not_null_suffix"]:
        table = f"ALTER TABLE {_table(new)}"
        if " NO INHERIT" in before.text("not_null_suffix") + after.text("not_null_suffix"):
            inherit = "NO INHERIT" if "NO INHERIT" in after.text("not_null_suffix") else "INHERIT"
            yield f"{table} ALTER CONSTRAINT {name} {inherit}", ()
        if "NOT VALID" in before.text("not_null_suffix"):
            yield f"{table} VALIDATE CONSTRAINT {name}", ()
        elif "NOT VALID" in after.text("not_null_suffix"):
            yield "DROP NOT NULL", ()
            yield f"ADD CONSTRAINT {name} NOT NULL {after.text('column')}{after.text('not_null_suffix')}", ()


def _is_not_null_implied(new: Object, old: Object, scene: Scene) -> bool:
    """Tell whether NOT NULL comes and goes with a parent's."""
    if not new.facts.flag("is_inherited"):
        return False
    for attachment in _kept_attachments(new, scene):
        name = f"{attachment.facts.text('of')}.{new.facts.text('column')}"
        before, after = scene.old.find("column", name), scene.new.find("column", name)
        if before is None or after is None:
            continue
        if (before.facts["is_not_null"], after.facts["is_not_null"]) == (
            old.facts["is_not_null"],
            new.facts["is_not_null"],
        ) and before.facts["is_not_null"] != after.facts["is_not_null"]:
            return True
    return False
