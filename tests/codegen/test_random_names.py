"""Schemas whose every name, label and comment is made by hypothesis: they are generated, imported, written and read."""

from __future__ import annotations

import importlib
import re
import shutil
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pagespace_codegen.catalog.load import load
from pagespace_codegen.catalog.source import load_schema
from pagespace_codegen.pipeline import codegen
from pagespace_db.connect import connect
from pagespace_db.embedded.databases import scratch_database
from pagespace_db.errors import SourceError
from pagespace_db.settings import Project, environment
from tests.codegen.round_trips import check_round_trips
from tests.projects import write_project

EXAMPLES = int(environment("PAGESPACE_CODEGEN_EXAMPLES") or "5")
LINE = re.compile(r"\[tool\.pagespace_db\.names\] (\".*\" = \".*\")")

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
PLAIN_BUT_NASTY = (
    "class None int self mro _name __init__ annotations Row id ID Id columns constraints name value values list db cls "
    "True lambda types tables 1 a-b a_b %s {x} $1 :a ? \\ ( ) [ ] < > ' \" -- /* */ ; ﬁ fi é e\u0301 用户 ǅ ß İ \ufeff "
    "\u200b \u202e"
)
nasty = st.sampled_from(
    [*PLAIN_BUT_NASTY.split(), '"""', "{{ 1 }}", "a b", "\n", "\r\n", "\x7f", "\x85", "\u2028", "\f"]
)


def cut(name: str) -> str:
    return name.encode()[:63].decode(errors="ignore")


names = st.lists(nasty | texts, min_size=1, max_size=2).map("".join).map(cut).filter(bool)
some = st.lists(names, min_size=12, max_size=12, unique=True)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@st.composite
def schemas(draw: Callable[[st.SearchStrategy[list[str]]], list[str]]) -> str:
    """Return a schema with one of each kind of name; names of one scope differ."""
    space, enum, composite, domain, first, second, junction, view, key, unique, check, span = map(quoted, draw(some))
    a, b, c, d, e, f, g, h, *_ = map(quoted, draw(some))
    labels = ", ".join(map(literal, draw(some)))
    comment, default, *_ = map(literal, draw(some))
    home = quoted(cut(f"s{space[1:-1]}")[:40].replace('"', ""))
    types = {"enum": f"{home}.{enum}", "composite": f"{home}.{composite}", "domain": f"{home}.{domain}"}
    comments = {
        f"SCHEMA {home}", f"TABLE {first}", f"VIEW {view}", f"COLUMN {first}.{a}", f"COLUMN {view}.{g}",
        f"TYPE {types['enum']}", f"TYPE {types['composite']}", f"DOMAIN {types['domain']}",
    }  # fmt: skip
    return f"""
    CREATE SCHEMA {home};
    SET search_path = {home};
    CREATE TYPE {enum} AS ENUM ({labels});
    CREATE TYPE {composite} AS ({a} int, {b} {types["enum"]}, {c} text);
    CREATE DOMAIN {domain} AS text DEFAULT {default};
    CREATE TYPE {span} AS RANGE (subtype = int4, multirange_type_name = "a multirange of its own");
    CREATE TABLE {first} (
      {a} int, {b} text DEFAULT {default}, {c} {types["enum"]} NOT NULL, {d} {types["composite"]},
      {e} {types["domain"]} NOT NULL, {f} {home}.{span}, {g} int[], {h} {types["composite"]}[],
      CONSTRAINT {key} PRIMARY KEY ({a}), CONSTRAINT {unique} UNIQUE ({b}, {e}),
      CONSTRAINT {check} CHECK ({b} <> {default})
    );
    CREATE TABLE {second} (
      {b} text PRIMARY KEY, {a} int REFERENCES {first}, {c} int UNIQUE REFERENCES {first}, {d} text, {e} text,
      {f} text REFERENCES {second}, CONSTRAINT {check} FOREIGN KEY ({d}, {e}) REFERENCES {first} ({b}, {e})
    );
    CREATE TABLE {junction} ({g} int REFERENCES {first}, {h} text REFERENCES {second}, PRIMARY KEY ({g}, {h}));
    CREATE VIEW {view} AS SELECT x AS {h}, x.{a} AS {g}, {default} AS {f} FROM {first} x;
    {"".join(f"COMMENT ON {what} IS {comment};" for what in sorted(comments))}
    """


@contextmanager
def generated(folder: Path, schema: str, server_url: str) -> Generator[tuple[Project, ModuleType]]:
    """Yield the imported package for a schema; where names meet, the lines that the errors show are pasted."""
    lines: dict[str, str] = {}
    while True:
        config = "".join(f"{key} = {value}\n" for key, value in lines.items())
        project = write_project(
            folder, {"schema.sql": schema}, f'out = "random_names"\n[tool.pagespace_db.names]\n{config}'
        )
        try:
            codegen(project, server_url)
            break
        except SourceError as error:
            shown = LINE.findall(str(error))
            if len(shown) != len(error.findings) or len(lines) > 20:
                raise
            lines |= dict(line.rsplit(" = ", 1) for line in shown)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield project, importlib.import_module("random_names")
    finally:
        sys.path.remove(str(folder))
        for module in [module for module in sys.modules if module.partition(".")[0] == "random_names"]:
            del sys.modules[module]
        shutil.rmtree(folder / "random_names")


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES <= 5,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    database=None,
)
@given(schema=schemas())
def test_whatever_things_are_called_rows_come_back_and_relations_load(server_url: str, schema: str) -> None:
    with (
        TemporaryDirectory() as folder,
        generated(Path(folder), schema, server_url) as (project, package),
        scratch_database(server_url) as database,
        connect(database.admin_conninfo, autocommit=True) as owner,
        connect(database.conninfo, autocommit=True) as connection,
    ):
        load(load_schema(project.schema, project.root), connection, owner)
        assert check_round_trips(package, database.admin_conninfo) == []
