"""Lists of options: `name=value` of storage parameters, `name value` of foreign data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def with_options(options: Sequence[str]) -> str:
    """Return ` WITH (...)`, or nothing when there is no option."""
    return f" WITH ({', '.join(options)})" if options else ""


def storage_changes(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return RESET (...) and SET (...) of storage parameters, so that they come to stand in the order of `new`.

    The server puts what is SET behind what stays, and pg_dump shows that order; by itself it makes no difference.
    """
    if sorted(old) == sorted(new):
        return []
    names = {_name(option) for option in new}
    gone = [_name(option) for option in old if _name(option) not in names]
    kept = next(count for count in range(len(new), -1, -1) if _remaining(old, new, count) == [*new[:count]])
    given = new[kept:]
    return ([f"RESET ({', '.join(gone)})"] if gone else []) + ([f"SET ({', '.join(given)})"] if given else [])


def _remaining(old: Sequence[str], new: Sequence[str], count: int) -> list[str]:
    """Return the old options that are neither gone nor set when all but the first `count` new ones are."""
    names = {_name(option) for option in new[:count]}
    return [option for option in old if _name(option) in names]


def _name(option: str) -> str:
    return option.partition("=")[0]


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
