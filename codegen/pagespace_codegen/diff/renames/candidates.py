"""Renames: what a user names, what must be asked, and what is certain because nothing but a name differs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from pagespace_codegen.catalog.source import SourceStatement
from pagespace_codegen.diff.inventory.model import Facts, Inventory, Object
from pagespace_codegen.diff.renames.labels import certain_label_renames, named_label_rename
from pagespace_codegen.diff.renames.rename import Rename
from pagespace_codegen.diff.rules import RULES
from pagespace_db.errors import ConfigError, nearest

_HINT: Final = re.compile(r"^[ \t]*--[ \t]*rename:[ \t]*(\S.*?)[ \t]*->[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
_SAME_TABLE: Final = 0.8
_RENAMED_KINDS: Final = ("table", "view", "materialized view", "enum", "domain", "composite", "range", "sequence")


def hints_of(statements: Iterable[SourceStatement]) -> tuple[tuple[str, str], ...]:
    """Return the `-- rename: old -> new` comments of a schema's files, in order."""
    texts = dict.fromkeys(statement.file.text for statement in statements)
    return tuple((match[1], match[2]) for text in texts for match in _HINT.finditer(text))


def parse_flag(flag: str) -> tuple[str, str]:
    """Return both sides of `--rename A=B`.

    Errors: ConfigError when there is no `=`.
    """
    old, mark, new = flag.partition("=")
    if not (old and mark and new):
        raise ConfigError(
            f"`--rename {flag}` has not the form OLD=NEW", help="for example: --rename users.bio=users.about"
        )
    return old.strip(), new.strip()


def inverse_flags(flags: Iterable[str]) -> tuple[str, ...]:
    """Return `OLD=NEW` flags for the way back; tables come first there too, so columns go by their older name."""
    pairs = [parse_flag(flag) for flag in flags]
    found: list[str] = []
    for old, new in pairs:
        sides = [new, old]
        for table, renamed in pairs:
            head = f"{renamed}."
            if old.startswith(head) and new.startswith(head):
                sides = [f"{table}.{side.removeprefix(head)}" for side in sides]
        found.append("=".join(sides))
    return tuple(found)


def named_rename(old: Inventory, new: Inventory, pair: tuple[str, str]) -> Rename | None:
    """Return the rename that a user names, or None when it is done already."""
    before, after = _find_gone(old, new, pair[0]), _find_gone(new, old, pair[1])
    if before is None or after is None or before.kind != after.kind:
        return named_label_rename(old, new, pair)
    return _rename(before, after)


def unknown_name(old: Inventory, new: Inventory, pair: tuple[str, str]) -> ConfigError:
    """Return the error for a rename of which one side does not exist."""
    for inventory, name, which in ((old, pair[0], "old"), (new, pair[1], "new")):
        if not any(inventory.find(kind, text) for kind in ("column", *_RENAMED_KINDS) for text in _spellings(name)):
            known = [
                item.name.removeprefix("public.") for item in inventory.objects if item.kind in {"table", "column"}
            ]
            guess = nearest(name, known)
            return ConfigError(
                f"--rename: there is no `{name}` in the {which} schema",
                help=f"did you mean `{guess}`?" if guess else "name a table or table.column",
            )
    return ConfigError(
        f"--rename: `{pair[0]}` cannot become `{pair[1]}`: one of them is there in both schemas, or the kinds differ",
        help="leave this option out",
    )


def certain_renames(old: Inventory, new: Inventory) -> tuple[Rename, ...]:
    """Return the renames of what holds no rows and differs in nothing but its name, which is free."""
    found = list(certain_label_renames(old, new))
    taken = {claim for item in old.objects for claim in RULES[item.kind].claims(item)}
    for kind, facts_of in _CERTAIN.items():
        for before, after in _sole_pairs(_gone(old, new, kind), _gone(new, old, kind), facts_of):
            if not RULES[kind].claims(after) & (taken - RULES[kind].claims(before)):
                found.append(_rename(before, after))
    return tuple(found)


def possible_renames(old: Inventory, new: Inventory) -> tuple[Rename, ...]:
    """Return the renames of tables and columns that look like some: they must be asked for."""
    tables = list(_sole_pairs(_gone(old, new, "table"), _gone(new, old, "table"), _columns_of(old, new)))
    if not tables:
        tables = list(_similar_tables(old, new))
    columns = _sole_pairs(
        [item for item in _gone(old, new, "column") if item.parent in new.by_key],
        [item for item in _gone(new, old, "column") if item.parent in old.by_key],
        lambda item: (item.parent, item.facts.without(*_NO_IDENTITY), _default(item, old) or _default(item, new)),
    )
    return tuple(_rename(before, after) for before, after in [*tables, *columns])


_NO_IDENTITY: Final = ("column", "not_null_name", "not_null_constraint", "is_local", "is_inherited", "sequence")
_CERTAIN: Final[dict[str, Callable[[Object], object]]] = {
    "enum": lambda item: _unnamed(item.facts),
    "index": lambda item: (item.parent, _unnamed(item.facts)),
    "constraint": lambda item: (item.parent, _unnamed(item.facts)),
    "foreign key": lambda item: (item.parent, _unnamed(item.facts)),
    "sequence": lambda item: _unnamed(item.facts),
}


def _unnamed(facts: Facts) -> Facts:
    return facts.without("name", "schema")


def _gone(inventory: Inventory, other: Inventory, kind: str) -> list[Object]:
    """Return the objects of a kind that the other side does not have, although it has what they are parts of."""
    return [
        item
        for item in inventory.objects
        if item.kind == kind and item.key not in other.by_key and (item.parent is None or item.parent in other.by_key)
    ]


def _sole_pairs(
    before: Sequence[Object], after: Sequence[Object], facts_of: Callable[[Object], object]
) -> Iterator[tuple[Object, Object]]:
    """Yield the pairs that are equal, where no third object is."""
    groups: dict[object, tuple[list[Object], list[Object]]] = defaultdict(lambda: ([], []))
    for place, items in enumerate((before, after)):
        for item in items:
            groups[facts_of(item)][place].append(item)
    for olds, news in groups.values():
        if len(olds) == len(news) == 1 and _schema(olds[0]) == _schema(news[0]):
            yield olds[0], news[0]


def _schema(item: Object) -> object:
    return item.facts.get("schema")


def _columns_of(old: Inventory, new: Inventory) -> Callable[[Object], object]:
    def columns(item: Object) -> object:
        inventory = old if item.key in old.by_key else new
        return frozenset(_signature(part) for part in inventory.parts(item.key, "column"))

    return columns


def _signature(column: Object) -> tuple[str, str]:
    return column.facts.text("column"), column.facts.text("type")


def _similar_tables(old: Inventory, new: Inventory) -> Iterator[tuple[Object, Object]]:
    """Yield pairs of tables of which most columns are the same."""
    gone, come = _gone(old, new, "table"), _gone(new, old, "table")
    if len(gone) != 1 or len(come) != 1 or _schema(gone[0]) != _schema(come[0]):
        return
    before = {_signature(part) for part in old.parts(gone[0].key, "column")}
    after = {_signature(part) for part in new.parts(come[0].key, "column")}
    if before and len(before & after) >= _SAME_TABLE * max(len(before), len(after)):
        yield gone[0], come[0]


def _default(item: Object, inventory: Inventory) -> str | None:
    default = inventory.find("default", item.name)
    return None if default is None else default.facts.text("expression")


def _spellings(name: str) -> tuple[str, str]:
    return name, f"public.{name}"


def _find_gone(inventory: Inventory, other: Inventory, name: str) -> Object | None:
    """Return what `name` means in one side, if the other does not have it."""
    for kind in ("column", *_RENAMED_KINDS):
        for text in _spellings(name):
            item = inventory.find(kind, text)
            if item is not None and item.key not in other.by_key:
                return item
    return None


def _rename(before: Object, after: Object) -> Rename:
    """Return how `before` gets the name of `after`."""
    if before.kind == "column":
        table = str(before.parent and before.parent.name)
        names = before.facts.text("column"), after.facts.text("column")
        statement, inverse = (
            f"ALTER TABLE {table} RENAME COLUMN {one} TO {other}" for one, other in (names, names[::-1])
        )
    elif before.kind in {"constraint", "foreign key"}:
        names = before.facts.text("name"), after.facts.text("name")
        owner = before.facts.text("owner")
        statement, inverse = (
            f"ALTER {owner} RENAME CONSTRAINT {one} TO {other}" for one, other in (names, names[::-1])
        )
    else:
        statement = f"ALTER {before.target} RENAME TO {after.facts.text('name')}"
        inverse = f"ALTER {after.target} RENAME TO {before.facts.text('name')}"
    return Rename(before.key, after.key, statement, inverse)
