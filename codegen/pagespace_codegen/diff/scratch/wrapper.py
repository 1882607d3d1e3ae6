"""Handlers and validators of foreign data wrappers: they count, and no scratch database ever gets them.

A wrapper belongs to a superuser, who would run its validator, and a handler may reach files or the network. So both are
taken out of the statement that names them, and are remembered for the inventory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from psycopg import Connection, sql

from pagespace_codegen.diff.inventory.model import Dependency, Inventory, Key, Object
from pagespace_db.sqltext import TokenKind, tokens

KIND: Final = "foreign data wrapper"
SIGNATURES: Final = {"HANDLER": "()", "VALIDATOR": "(pg_catalog.text[], pg_catalog.oid)"}
"""What stands behind the name of a function in its role."""

_FUNCTIONS: Final = """
SELECT p.oid, p.oid::regprocedure::text, quote_ident(e.extname)
  FROM pg_proc p
  LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  LEFT JOIN pg_extension e ON e.oid = d.refobjid
 WHERE p.oid = ANY (%s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakesWrapper:
    """The owner makes or changes a wrapper, without the code that the statement gives it.

    Attributes:
        text: What is left of the statement; empty when it was about code alone.
        name: The name of the wrapper, without quotes.
        is_new: Whether it is made.
        code: By its role, the function as the statement names it; None where it is taken away.
        then: What is run afterwards.
    """

    text: str
    name: str
    is_new: bool
    code: Mapping[str, str | None]
    then: tuple[sql.Composed, ...] = ()


def split_code(statement: str) -> tuple[str, dict[str, str | None]]:
    """Return CREATE or ALTER FOREIGN DATA WRAPPER without HANDLER and VALIDATOR, and the functions that these name."""
    kept, pending = "", ""
    code: dict[str, str | None] = {}
    role: str | None = None
    wants_name = False
    for kind, start, end in tokens(statement):
        word = statement[start:end]
        if kind is TokenKind.IDENTIFIER and word.upper() in SIGNATURES and not wants_name:
            role = word.upper()
            code[role] = None if pending else ""
            wants_name, pending = not pending, ""
        elif kind in {TokenKind.SPACE, TokenKind.COMMENT}:
            kept += " "
        elif wants_name and role and kind in {TokenKind.IDENTIFIER, TokenKind.QUOTED_IDENTIFIER}:
            code[role] = f"{code[role]}{word}"
            wants_name = False
        elif word == "." and role and code[role]:
            code[role] = f"{code[role]}."
            wants_name = True
        else:
            kept += pending
            pending, role = "", None
            if kind is TokenKind.IDENTIFIER and word.upper() == "NO":
                pending = word
            else:
                kept += word
    return kept + pending, code


@dataclass(frozen=True, slots=True)
class WrapperCode:
    """The code of the wrappers of a scratch database: the oid of each function, by its role and the wrapper's name."""

    oids: dict[str, dict[str, int]]

    def resolve(self, code: Mapping[str, str | None], connection: Connection[tuple[object, ...]]) -> dict[str, int]:
        """Return the oid of each function, 0 where it is taken away, as the search path of `connection` has it.

        Errors: psycopg's UndefinedFunction.
        """
        return {role: _oid(name + SIGNATURES[role], connection) if name else 0 for role, name in code.items()}

    def record(self, how: MakesWrapper, oids: Mapping[str, int]) -> None:
        """Remember what a statement did that has been run."""
        before = {} if how.is_new else self.oids.get(how.name, {})
        self.oids[how.name] = {role: oid for role, oid in {**before, **oids}.items() if oid}

    def added_to(self, inventory: Inventory, owner: Connection[tuple[object, ...]]) -> Inventory:
        """Return the inventory with the code of its wrappers, and what that depends on."""
        wrappers = {
            item.key: self.oids.get(_unquoted(item.name), {}) for item in inventory.objects if item.kind == KIND
        }
        oids = sorted({oid for code in wrappers.values() for oid in code.values()})
        if not oids:
            return inventory
        rows = owner.execute(_FUNCTIONS, (oids,)).fetchall()
        names = {oid: (str(name), extension) for oid, name, extension in rows}
        objects: dict[Key, Object] = {}
        edges: set[Dependency] = set()
        for key, code in wrappers.items():
            known = {role: names[oid] for role, oid in code.items() if oid in names}
            facts = inventory.by_key[key].facts.but(code={role: name for role, (name, _) in known.items()})
            objects[key] = replace(inventory.by_key[key], facts=facts)
            for name, extension in known.values():
                on = Key("function", name) if extension is None else Key("extension", str(extension))
                edges |= {Dependency(key, on)} if on in inventory.by_key else set[Dependency]()
        return replace(inventory.replacing(objects), dependencies=inventory.dependencies | edges)


def _oid(function: str, connection: Connection[tuple[object, ...]]) -> int:
    row = connection.execute(
        "SELECT CAST(CAST(%s AS pg_catalog.regprocedure) AS pg_catalog.oid)", (function,)
    ).fetchone()
    return int(str(row and row[0]))


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
