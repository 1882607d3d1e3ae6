"""The only place where names of the database become names of Python.

Any legal PostgreSQL name gives a valid identifier that does not start with an underscore: names that do belong to the
run time and to the generated code itself. Python compares identifiers after NFKC, so names are normalised first.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from functools import cache

from pagespace_codegen.python.plurals import singular

_PLAIN = re.compile(r"[a-z0-9_]+")
_WORD_IN_CAPITALS = re.compile(r"([A-Z]+)([A-Z][a-z])")
# `mro` is an attribute of every class, which a dataclass would take for the default of a field.
_TAKEN = frozenset({"mro"})
_WORD_START = re.compile(r"([a-z\d])([A-Z])")


@cache
def attribute_name(db: str, *, prefix: str = "c") -> str:
    """Return the snake_case identifier for a name of the database: `createdAt` -> `created_at`, `class` -> `class_`.

    A name that cannot begin an identifier, or begins with an underscore, gets `prefix`: `1st` -> `c_1st`.
    """
    name = _words(db)
    if not name or name[0] == "_" or not name[0].isidentifier():
        name = f"{prefix}{'' if name.startswith('_') else '_'}{name}"
    return f"{name}_" if keyword.iskeyword(name) or name in _TAKEN else name


def spelled_out_name(db: str, *, prefix: str = "c") -> str:
    """Return an identifier with the code point of each character that none can hold: `a-b` -> `a_x2d_b`.

    Two names differ after this if they differ in such characters; `attribute_name` is nicer, and may make them meet.
    """
    text = unicodedata.normalize("NFKC", db)
    return attribute_name("".join(c if _can_continue(c) else f"_x{ord(c):x}_" for c in text), prefix=prefix)


def needs_spelling_out(db: str) -> bool:
    """Whether `db` holds characters that an identifier cannot hold, so that its name is only an approximation."""
    return not all(map(_can_continue, unicodedata.normalize("NFKC", db)))


def class_name(attribute: str) -> str:
    """Return the CamelCase name for an identifier in snake_case: `refresh_tokens` -> `RefreshTokens`."""
    name = "".join(word[:1].upper() + word[1:] for word in attribute.split("_")) or attribute
    name = unicodedata.normalize("NFKC", name)
    return f"{name}_" if keyword.iskeyword(name) else name


@cache
def singular_name(attribute: str) -> str:
    """Return `attribute` with its last word in the singular: `refresh_tokens` -> `refresh_token`."""
    head, separator, last = attribute.rstrip("_").rpartition("_")
    return f"{head}{separator}{singular(last)}" if last.isascii() and last else attribute


def constant_name(name: str) -> str:
    """Return the name of a constant for the name of a class: `UserRole` -> `USER_ROLE`."""
    return unicodedata.normalize("NFKC", _words(name).upper())


def attribute_names(
    dbs: Iterable[str], *, prefix: str = "c", overrides: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the identifier for each of the names of one scope: the columns of a table, the tables of a schema.

    Names that differ only in case or by Unicode compatibility are numbered, the plainest first (`name`, `name_2`).
    Of names that meet because of characters an identifier cannot hold, those with such characters are spelled out.
    Names may still meet (`user_id` and `userId`): that is for the caller to find, and for the user to decide.
    """
    overrides = overrides or {}
    names = {db: overrides[db] if db in overrides else attribute_name(db, prefix=prefix) for db in dbs}
    for group in clashes(names):
        odd = [db for db in group if needs_spelling_out(db) and db not in overrides]
        names.update((db, spelled_out_name(db, prefix=prefix)) for db in odd)
    for group in clashes(names):
        taken = set(names.values())
        twins = [db for db in sorted(group, key=_plainest_first) if db not in overrides]
        if len({_fold(db) for db in twins}) == 1:
            for db in twins[0 if any(db in overrides for db in group) else 1 :]:
                names[db] = _numbered(names[db], taken)
                taken.add(names[db])
    return names


def constraint_names(table: str, constraints: Iterable[str]) -> dict[str, str]:
    """Return the name for each constraint of a table, without that of the table: `users_email_key` -> `email_key`.

    Of names that would meet, each gets the whole name of its constraint, and a number if that is not enough.
    """
    names = {db: attribute_name(db.removeprefix(f"{table}_") or db, prefix="k") for db in constraints}
    for group in clashes(names):
        names.update((db, spelled_out_name(db, prefix="k")) for db in group)
    for group in clashes(names):
        taken = set(names.values())
        for db in sorted(group, key=_plainest_first)[1:]:
            names[db] = _numbered(names[db], taken)
            taken.add(names[db])
    return names


def free_name(name: str, taken: Container[str]) -> str:
    """Return `name`, with underscores at its end until it is none of `taken`."""
    while name in taken:
        name += "_"
    return name


def label_names(labels: Iterable[str]) -> dict[str, str]:
    """Return the name of an enum's member for each label: `in progress` -> `IN_PROGRESS`.

    Labels that would share a name are spelled out or numbered, so that each has one of its own.
    """
    names = {label: constant_name(attribute_name(label, prefix="l")) for label in labels}
    for group in clashes(names):
        names.update((label, constant_name(spelled_out_name(label, prefix="l"))) for label in group)
    for group in clashes(names):
        taken = set(names.values())
        for label in sorted(group, key=_plainest_first)[1:]:
            names[label] = _numbered(names[label], taken)
            taken.add(names[label])
    return names


def clashes(names: Mapping[str, str]) -> list[list[str]]:
    """Return the groups of keys that have one value, in the order of `names`."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for db, py in names.items():
        groups[py].append(db)
    return [group for group in groups.values() if len(group) > 1]


def is_valid_override(name: str) -> bool:
    """Whether a name from the configuration can be used as it is."""
    return (
        name.isidentifier()
        and not name.startswith("_")
        and not keyword.iskeyword(name)
        and name not in _TAKEN
        and unicodedata.normalize("NFKC", name) == name
    )


def _words(db: str) -> str:
    if _PLAIN.fullmatch(db):
        return db
    text = "".join(c if _can_continue(c) else "_" for c in unicodedata.normalize("NFKC", db))
    text = _WORD_START.sub(r"\1_\2", _WORD_IN_CAPITALS.sub(r"\1_\2", text))
    return unicodedata.normalize("NFKC", text.lower())


def _can_continue(character: str) -> bool:
    return f"a{character}".isidentifier()


def _fold(db: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", db).casefold())


def _plainest_first(db: str) -> tuple[bool, str]:
    return (db != _fold(db), db)


def _numbered(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
