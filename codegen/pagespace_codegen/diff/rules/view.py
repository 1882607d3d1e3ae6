"""Views and materialized views."""

from __future__ import annotations

from collections.abc import Sequence

from pagespace_codegen.diff.inventory.model import Facts, Object
from pagespace_codegen.diff.rules.base import Alteration, Rule, Scene, Statement, statements, unordered
from pagespace_codegen.diff.rules.names import relation_and_type
from pagespace_codegen.diff.rules.options import storage_changes, with_options
from pagespace_codegen.diff.rules.storage import storage_alterations, without_storage


class ViewRule(Rule):
    """CREATE VIEW, and CREATE OR REPLACE VIEW for as long as the columns that were there stay."""

    can_stand_in = True

    def stand_in(self, item: Object) -> tuple[Statement, ...]:
        """Return CREATE OR REPLACE VIEW with the same columns, all NULL."""
        names, columns = item.facts.texts("column_names"), item.facts.texts("columns")
        values = (
            f"NULL::{column.removeprefix(f'{name} ')} AS {name}" for name, column in zip(names, columns, strict=True)
        )
        return statements(f"CREATE OR REPLACE {item.target} AS\n SELECT {', '.join(values)}")

    def fill_in(self, item: Object) -> tuple[Statement, ...]:
        """Return CREATE OR REPLACE VIEW."""
        return statements(_create_view(item, "CREATE OR REPLACE"))

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE VIEW."""
        return statements(_create_view(item, "CREATE"))

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return SET and RESET of options, or CREATE OR REPLACE VIEW."""
        if old.facts["query"] == new.facts["query"] and old.facts["columns"] == new.facts["columns"]:
            changes = storage_changes(old.facts.texts("options"), new.facts.texts("options"))
            return Alteration(statements=statements(*(f"ALTER {new.target} {change}" for change in changes)))
        columns = old.facts.texts("columns")
        if new.facts.texts("columns")[: len(columns)] != columns or _reads_lost_rows(old, scene):
            return None
        return Alteration(statements=statements(_create_view(new, "CREATE OR REPLACE")))

    def claims(self, item: Object) -> frozenset[str]:
        """Return its name among relations and types."""
        return relation_and_type(item.facts)


class MaterializedViewRule(Rule):
    """CREATE MATERIALIZED VIEW; another query makes another one."""

    def create(self, item: Object, parts: Sequence[Object], scene: Scene) -> tuple[Statement, ...]:
        """Return CREATE MATERIALIZED VIEW."""
        facts = item.facts
        head = f"CREATE {item.target}"
        if facts.optional("access_method") not in {None, "heap"}:
            head += f" USING {facts.text('access_method')}"
        head += with_options(facts.texts("options"))
        if facts.optional("tablespace"):
            head += f" TABLESPACE {facts.text('tablespace')}"
        filled = "" if facts.flag("is_populated") else "\nWITH NO DATA"
        settings = (
            f"ALTER {item.target} ALTER COLUMN {name} {change}"
            for name, column in _stored_columns(item).items()
            for change in storage_alterations(without_storage(column), column)
        )
        return statements(f"{head} AS\n{facts.text('query')}{filled}", *settings)

    def is_same(self, old: Object, new: Object) -> bool:
        """Tell whether they are equal; whether they hold rows is no matter of the schema."""
        return unordered(old.facts.without("is_populated")) == unordered(new.facts.without("is_populated"))

    def alter(self, old: Object, new: Object, scene: Scene) -> Alteration | None:
        """Return the changes of options and storage."""
        if any(old.facts[name] != new.facts[name] for name in ("query", "columns")):
            return None
        changes = storage_changes(old.facts.texts("options"), new.facts.texts("options"))
        if old.facts["access_method"] != new.facts["access_method"]:
            changes.append(f"SET ACCESS METHOD {new.facts.text('access_method')}")
        if old.facts["tablespace"] != new.facts["tablespace"]:
            changes.append(f"SET TABLESPACE {new.facts.optional('tablespace') or 'pg_default'}")
        before = _stored_columns(old)
        changes += [
            f"ALTER COLUMN {name} {change}"
            for name, column in _stored_columns(new).items()
            for change in storage_alterations(before[name], column)
        ]
        return Alteration(statements=statements(*(f"ALTER {new.target} {change}" for change in changes)))

    def claims(self, item: Object) -> frozenset[str]:
        """Return its name among relations and types."""
        return relation_and_type(item.facts)


def _reads_lost_rows(view: Object, scene: Scene) -> bool:
    """Tell whether a view calls a function whose rows are those of a table that loses a column.

    What the new query means by a name depends on that; so it must come afterwards, and the old one must go before.
    """
    needs = scene.old.needs
    return any(
        column.key not in scene.new.by_key
        for function in needs.get(view.key, ())
        if function.kind == "function"
        for table in needs.get(function, ())
        if table.kind == "table" and table in scene.new.by_key
        for column in scene.old.parts(table, "column")
    )


def _stored_columns(view: Object) -> dict[str, Facts]:
    """Return how the columns of a materialized view are stored, by their names."""
    stored = view.facts.facts("stored_columns") or Facts({})
    return {name: column for name in stored for column in (stored.facts(name),) if column is not None}


def _create_view(item: Object, words: str) -> str:
    return f"{words} {item.target}{with_options(item.facts.texts('options'))} AS\n{item.facts.text('query')}"
