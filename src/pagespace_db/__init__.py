"""Plain SQL in, typed Python out: the run time of pagespace-db.

Everything an application needs is imported from here. What a name needs is loaded when the name is first asked for, so
that the command and the migration runner, which need neither builder nor client, start without them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The public names are listed in api.py.
    from pagespace_db.api import *  # noqa: F403  # pyright: ignore[reportWildcardImportFromLibrary]
else:

    def __getattr__(name: str) -> object:
        """Load the public API at the first use of one of its names."""
        if name == "__all__":
            return import_module("pagespace_db.api").__all__
        if name.startswith("_") or name not in (api := import_module("pagespace_db.api")).__all__:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        value = globals()[name] = getattr(api, name)
        return value

    def __dir__() -> list[str]:
        return [*globals(), *import_module("pagespace_db.api").__all__]
