"""What the environment and `[tool.pagespace_db]` say. The only module that reads `os.environ`.

Values are parsed once, into frozen dataclasses; an unknown key is an error that names the nearest known one.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from pagespace_db.errors import ConfigError, nearest

PYPROJECT: Final = "pyproject.toml"

EnumStyle = Literal["literal", "str-enum"]
ENUM_STYLES: Final[tuple[EnumStyle, ...]] = ("literal", "str-enum")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """`[tool.pagespace_db.pool]`: how the client's pool is sized and how long things may take.

    Attributes:
        min_size: Connections kept open.
        max_size: Connections at most.
        acquire_timeout_s: Seconds to wait for a free connection.
        connect_timeout_s: Seconds to wait for the server at connect.
        replica_timeout_s: Seconds to wait until a standby has read what transaction(after=...) asks for.
        statement_timeout_ms: The server ends a statement after this many milliseconds; 0 is never.
        lock_timeout_ms: The server gives up a lock after this many milliseconds; 0 is never.
        pooler: The URL leads to a pooler such as PgBouncer in transaction mode: nothing is prepared, and nothing is
            set for a session, the two time limits included (`ALTER ROLE ... SET` does that for good). False is for
            one that keeps sessions apart, or prepared statements; None finds out whether there is any pooler.
        debug: Note who takes each connection, and name them when the pool is exhausted.
    """

    min_size: int = 1
    max_size: int = 10
    acquire_timeout_s: float = 10.0
    connect_timeout_s: float = 5.0
    replica_timeout_s: float = 1.0
    statement_timeout_ms: int = 15_000
    lock_timeout_ms: int = 5_000
    pooler: bool | None = None
    debug: bool = False

    def __post_init__(self) -> None:
        """Raise ConfigError for sizes that no pool can have."""
        if self.max_size < 1:
            raise ConfigError(
                "the pool needs a max_size of at least 1", help="set max_size in [tool.pagespace_db.pool]"
            )
        if self.min_size > self.max_size:
            raise ConfigError(
                f"the pool cannot keep {self.min_size} connections of at most {self.max_size}",
                help="lower min_size or raise max_size in [tool.pagespace_db.pool]",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project folder with its `[tool.pagespace_db]` table; every path is absolute.

    Attributes:
        root: The folder that holds pyproject.toml.
        schema: A file, a folder of .sql files, or a glob below `root`.
        queries: The folder of annotated queries.
        migrations: The folder of migrations.
        out: The package that codegen writes.
        defaults: Application defaults on insert: `table.column` pattern to `module:function`.
        on_update: The same on update, of columns that an update leaves out.
        types: Overrides of Python types: PostgreSQL type or `table.column` to `module:Name`.
        names: Overrides of names: `table`, `table.column` or `table.relation` to the Python name.
        modules: Generated modules: module name to the patterns of the tables it holds.
        relations: Relations besides those of foreign keys: `table.relation` to `column -> table(column)`.
        skip: Patterns of tables and views that are left out.
        oldest_postgres: The oldest major version that migrations must run on; 0 for that of the scratch server.
        lint_since: `check` lints the migrations after this version; empty for all.
        enums: What an enum becomes: `literal`, read as str, or `str-enum`, a class.
        large: Patterns of tables that no query should read from end to end.
        pool: How the client's pool is sized.
    """

    root: Path
    schema: Path
    queries: Path
    migrations: Path
    out: Path
    defaults: Mapping[str, str] = field(default_factory=dict[str, str])
    on_update: Mapping[str, str] = field(default_factory=dict[str, str])
    types: Mapping[str, str] = field(default_factory=dict[str, str])
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    modules: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    relations: Mapping[str, str] = field(default_factory=dict[str, str])
    skip: tuple[str, ...] = ()
    oldest_postgres: int = 0
    lint_since: str = ""
    enums: EnumStyle = "literal"
    large: tuple[str, ...] = ()
    pool: PoolSettings = field(default_factory=PoolSettings)


def database_url(name: str = "DATABASE_URL") -> str | None:
    """Return the database URL of the environment, or None when it is unset or empty."""
    return os.environ.get(name) or None


def environment(name: str) -> str | None:
    """Return an environment variable, or None when it is unset or empty."""
    return os.environ.get(name) or None


def process_environment() -> dict[str, str]:
    """Return a copy of the whole environment, to be handed to a child process."""
    return dict(os.environ)


def has_project(start: Path) -> bool:
    """Tell whether a project is to be found at or above `start`."""
    start = start.resolve()
    return any(_has_table(folder / PYPROJECT) for folder in (start, *start.parents))


def find_project_root(start: Path) -> Path:
    """Return the nearest folder at or above `start` whose pyproject.toml has a `[tool.pagespace_db]` table.

    Errors: ConfigError when there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if _has_table(folder / PYPROJECT):
            return folder
    raise ConfigError(
        f"no {PYPROJECT} with a [tool.pagespace_db] table at or above {start}",
        help="run the command inside a project, or name one with --project DIR",
    )


def load_project(start: Path) -> Project:
    """Read the project at or above `start`.

    Errors: ConfigError, naming the key and the file, for anything that is missing, unknown or of a wrong type.
    """
    root = find_project_root(start)
    table = _Table(_read_toml(root / PYPROJECT)["tool"]["pagespace_db"], root / PYPROJECT, "tool.pagespace_db")
    table.check_keys({f.name for f in fields(Project)} - {"root"})
    return Project(
        root=root,
        schema=root / table.text("schema", "schema.sql"),
        queries=root / table.text("queries", "queries"),
        migrations=root / table.text("migrations", "migrations"),
        out=root / table.text("out", "db"),
        defaults=table.texts("defaults"),
        on_update=table.texts("on_update"),
        types=table.texts("types"),
        names=table.texts("names"),
        modules=table.lists("modules"),
        relations=table.texts("relations"),
        skip=table.list("skip"),
        oldest_postgres=table.number("oldest_postgres", 0),
        lint_since=table.text("lint_since", ""),
        enums=table.choice("enums", ENUM_STYLES),
        large=table.list("large"),
        pool=_load_pool(table.table("pool")),
    )


def _load_pool(table: _Table) -> PoolSettings:
    default = PoolSettings()
    table.check_keys({f.name for f in fields(PoolSettings)})
    return PoolSettings(**{f.name: table.scalar(f.name, getattr(default, f.name)) for f in fields(PoolSettings)})


def _has_table(path: Path) -> bool:
    return path.is_file() and "pagespace_db" in _read_toml(path).get("tool", {})


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}") from error


class _Table:
    """A TOML table that knows its name, so that a wrong value can be reported as `file: table.key`."""

    def __init__(self, values: object, path: Path, name: str) -> None:
        self._path, self._name = path, name
        if not isinstance(values, dict):
            raise self._wrong(None, "a table", values)
        self._values: dict[str, Any] = values

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def check_keys(self, known: set[str]) -> None:
        for key in self._values:
            if key not in known:
                guess = nearest(key, known)
                meant = f"did you mean `{guess}`? " if guess else ""
                raise ConfigError(
                    f"{self._path}: unknown key `{key}` in [{self._name}]",
                    help=f"{meant}known keys: {', '.join(sorted(known))}",
                )

    def text(self, key: str, default: str) -> str:
        value = self._values.get(key, default)
        if not isinstance(value, str):
            raise self._wrong(key, "a string", value)
        return value

    def number(self, key: str, default: float) -> Any:
        value = self._values.get(key, default)
        wanted = (int,) if isinstance(default, int) else (int, float)
        if isinstance(value, bool) or not isinstance(value, wanted) or value < 0:
            raise self._wrong(key, "a number that is not negative", value)
        return value

    def scalar(self, key: str, default: float | None) -> Any:
        """Return a number or a flag, whichever `default` is; a flag that may be left out has None."""
        if default is None and key not in self:
            return None
        return (
            self.flag(key, bool(default)) if default is None or isinstance(default, bool) else self.number(key, default)
        )

    def flag(self, key: str, default: bool) -> bool:
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false", value)
        return value

    def table(self, key: str) -> _Table:
        return _Table(self._values.get(key, {}), self._path, f"{self._name}.{key}")

    def texts(self, key: str) -> dict[str, str]:
        table = self.table(key)
        return {name: table.text(name, "") for name in table._values}

    def choice(self, key: str, choices: tuple[T, ...]) -> T:
        """Return the value of `key`, one of `choices`; the first when it is left out."""
        value = self._values.get(key, choices[0])
        if value not in choices:
            raise self._wrong(key, " or ".join(f"`{choice}`" for choice in choices), value)
        return choices[choices.index(value)]

    def list(self, key: str) -> tuple[str, ...]:
        if key not in self:
            return ()
        items: list[object] = self._values[key] if isinstance(self._values[key], list) else [None]
        texts = tuple(item for item in items if isinstance(item, str))
        if len(texts) != len(items):
            raise self._wrong(key, "a list of strings", self._values[key])
        return texts

    def lists(self, key: str) -> dict[str, tuple[str, ...]]:
        table = self.table(key)
        return {name: table.list(name) for name in table._values}

    def _wrong(self, key: str | None, wanted: str, value: object) -> ConfigError:
        where = f"[{self._name}]" if key is None else f"`{key}` in [{self._name}]"
        return ConfigError(f"{self._path}: {where} must be {wanted}, not {type(value).__name__} {value!r}")
