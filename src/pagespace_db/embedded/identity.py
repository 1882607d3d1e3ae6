"""As whom the server runs. PostgreSQL refuses to run as root, so root lends it a user id of its own."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from typing import Final

from pagespace_db.embedded.remedies import REMEDIES
from pagespace_db.errors import DatabaseUnavailable

SERVER_UID: Final = 61_997
"""Of systemd's range for dynamic users, so no real user has it; below 65,536, so it exists in rootless containers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The operating system's users behind one server.

    Attributes:
        client_names: Names under which PostgreSQL may see us at the socket.
        launcher: A command that starts the server and initdb as somebody else than root, or nothing.
        server_ids: (uid, gid) of the server, or None for our own.
        initdb_ids: (uid, gid) for initdb, which unlike the server insists on an entry in the user database.
    """

    client_names: tuple[str, ...]
    launcher: tuple[str, ...] = ()
    server_ids: tuple[int, int] | None = None
    initdb_ids: tuple[int, int] | None = None


def find_identity() -> Identity:
    """Return as whom a server can run here.

    Errors: DatabaseUnavailable when we are nobody PostgreSQL would accept.
    """
    uid = os.geteuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        raise DatabaseUnavailable(
            f"PostgreSQL cannot run as user id {uid}: it has no entry in the user database (/etc/passwd)",
            help=REMEDIES,
        ) from None
    if uid != 0:
        return Identity(client_names=(name,))
    listed = _listed_user()
    ids = (SERVER_UID, SERVER_UID)
    if _runs(["/bin/sh", "-c", ":"], ids):
        return Identity(client_names=(name,), server_ids=ids, initdb_ids=(listed.pw_uid, listed.pw_gid))
    # Root of a user namespace that has no second id: a nested namespace gives our own id another number.
    launcher = ("unshare", "--user", f"--map-user={listed.pw_uid}", f"--map-group={listed.pw_gid}", "--")
    if _runs([*launcher, "/bin/sh", "-c", ":"]):
        return Identity(client_names=(name, listed.pw_name), launcher=launcher)
    raise DatabaseUnavailable(
        "PostgreSQL refuses to run as root, and this environment lets root run nothing as another user",
        help=f"run as a normal user, or else: {REMEDIES}",
    )


def _runs(command: list[str], ids: tuple[int, int] | None = None) -> bool:
    """Return whether a command can be run, as another user if `ids` are given."""
    user, group, groups = (None, None, None) if ids is None else (*ids, list[int]())
    try:
        done = subprocess.run(
            command, user=user, group=group, extra_groups=groups, cwd="/", capture_output=True, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


def _listed_user() -> pwd.struct_passwd:
    """Return `nobody`, or any listed user but root; only initdb runs as that one, in a private folder."""
    users = sorted((user for user in pwd.getpwall() if user.pw_uid), key=lambda user: user.pw_name != "nobody")
    if not users:
        raise DatabaseUnavailable("the user database lists nobody but root, and PostgreSQL needs one", help=REMEDIES)
    return users[0]
