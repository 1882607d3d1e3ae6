"""Modules of generated functions: names of Python for names of SQL, and what happens when those would meet."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from pagespace_codegen.pipeline import codegen, generate
from pagespace_db.errors import SourceError
from tests.projects import write_project

SCHEMA = """
CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE TABLE t (id bigint PRIMARY KEY, "class" text, "Weird Col" text NOT NULL DEFAULT '', moods mood[], j jsonb);
"""
ODD = '''\
-- name: class :many
-- A """docstring""" with a \\ and 'quotes'.
SELECT "class", "Weird Col", moods FROM t WHERE "class" = :class OR id = ANY (:db);

-- name: narrowed :stream
SELECT id FROM t WHERE true
  AND j @> :from                                --? from
  AND "class" IS NOT DISTINCT FROM :import      --? import
  AND id BETWEEN :low AND :high                 --? low, high
  AND moods IS NOT NULL                         --? is
ORDER BY
  id,                                           --? def = id
  "class"                                       --? def = class-name
;

-- name: copied :copyfrom
INSERT INTO t (id, "class", moods, j) VALUES (:id, :class, :moods, :j);

-- name: removed :batch
DELETE FROM t WHERE id = :id AND "class" = :from;

-- name: row_and_table :opt
-- row: T
SELECT t, "class" AS "None" FROM t LIMIT 1;
'''
CLASHES = """\
-- name: class :many
SELECT id FROM t;
-- name: class_ :many
SELECT id FROM t;
-- name: removed :batch
DELETE FROM t WHERE id = :id;
-- name: found :many
-- row: RemovedValues
SELECT id, j FROM t;
"""


def test_odd_names_of_sql_become_names_of_python(
    tmp_path: Path, server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = write_project(tmp_path, {"schema.sql": SCHEMA, "queries/odd.sql": ODD}, 'out = "shop"')
    codegen(project, server_url)
    module = (tmp_path / "shop" / "queries" / "odd.py").read_text(encoding="utf-8")
    head = module[module.index("def narrowed(\n    db: Runner | AsyncRunner,") :]
    assert head[: head.index(") ->")].splitlines()[2:] == [
        "    *,",
        "    from_: Any = None,",
        "    import_: str | Absent | None = ABSENT,",
        "    low: int | None = None,",
        "    high: int | None = None,",
        "    is_: bool = False,",
        '    def_: Literal["id", "class-name"] = "id",',
    ]
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    odd = importlib.import_module("shop.queries.odd")
    assert odd.ClassRow(class_=None, weird_col="", moods=None).weird_col == ""
    assert list(odd.RemovedValues.__annotations__) == ["id", "from_"]


def test_names_that_would_meet_are_an_error(tmp_path: Path, server_url: str) -> None:
    project = write_project(tmp_path, {"schema.sql": SCHEMA, "queries/q.sql": CLASHES})
    with pytest.raises(SourceError) as caught:
        generate(project, server_url)
    assert [finding.code for finding in caught.value.findings] == ["name-clash", "name-clash"]
