"""Lists of options: `name=value` of storage parameters, `name value` of foreign data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def with_options(options: Sequence[str]) -> str:
    """Return ` WITH (...)`, or nothing when there is no option."""
    return f" WITH ({', '.join(options)})" if options else ""


def storage_changes(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return SET (...) and RESET (...) of storage parameters."""
    names = {option.partition("=")[0] for option in new}
    gone = [option.partition("=")[0] for option in old if option.partition("=")[0] not in names]
    changed = [option for option in new if option not in old]
    return ([f"RESET ({', '.join(gone)})"] if gone else []) + ([f"SET ({', '.join(changed)})"] if changed else [])


def generic_options(options: Mapping[str, str]) -> str:
    """Return ` OPTIONS (...)`, or nothing when there is no option."""
    return f" OPTIONS ({', '.join(f'{name} {value}' for name, value in sorted(options.items()))})" if options else ""


def generic_changes(old: Mapping[str, str], new: Mapping[str, str]) -> str | None:
    """Return OPTIONS (ADD ..., SET ..., DROP ...), or None when nothing changes."""
    changes = [f"DROP {name}" for name in sorted(old.keys() - new.keys())]
    changes += [f"ADD {name} {new[name]}" for name in sorted(new.keys() - old.keys())]
    changes += [f"SET {name} {new[name]}" for name in sorted(new.keys() & old.keys()) if old[name] != new[name]]
    return f"OPTIONS ({', '.join(changes)})" if changes else None


def as_mapping(options: Sequence[str]) -> dict[str, str]:
    """Return `name value` options by their name; a quoted name may hold blanks."""
    found: dict[str, str] = {}
    for option in options:
        name, _, value = option.partition(" '")
        found[name.removesuffix(" E")] = f"'{value}" if not name.endswith(" E") else f"E'{value}"
    return found
