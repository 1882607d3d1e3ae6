"""Parts of a statement that a caller turns on and off, or chooses among: comments mark them, so that psql runs all.

    WHERE p.drive_id = :drive_id
      AND p.created_by = :author      --? author
      AND NOT p.is_trashed            --? only_live
    ORDER BY
      p.updated_at DESC,              --? order = newest
      p.title,                        --? order = title
      p.id

A line that ends in `--? name` is there when the parameter `name` is given; when there is no such parameter, `name` is
a flag. `--? a, b` wants both parameters, which are given together. `--? name = label` is there when the caller chooses
`label`, of which the first is the default. `/*? ... */ part of a line, or several lines /*?*/` marks any other part.

Each combination is a statement of its own, fixed when it is generated: nothing that a caller gives ever becomes SQL.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pagespace_codegen.queries.source.placeholders import Cut
from pagespace_db.sqltext import Token, TokenKind

MOST_VARIANTS: Final = 64
"""Six optional parts, or four and two orders of two: each variant is analysed and generated."""

_LINE: Final = "--?"
_OPEN: Final = "/*?"
_BLANK: Final = frozenset({TokenKind.SPACE, TokenKind.COMMENT})
_NAMES: Final = re.compile(r"[A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*")
_CHOICE: Final = re.compile(r"([A-Za-z_]\w*)\s*=\s*([A-Za-z_][\w-]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """What a caller decides.

    Attributes:
        names: The parameters that are given together, or a flag, or the name of a choice.
        labels: The labels of a choice, the default first; none when the parts are merely there or not.
        offset: Where it is named first.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a statement that is there when `names` are given, or when `label` is chosen for the one name.

    `start` and `end` enclose its tokens; `marks` are the comments that mark it.
    """

    names: tuple[str, ...]
    label: str | None
    start: int
    end: int
    marks: tuple[Cut, ...]
    offset: int


class WrongSwitch(ValueError):
    """A mark that cannot be understood, and where it stands."""

    def __init__(self, message: str, offset: int, length: int) -> None:
        super().__init__(message)
        self.offset = offset
        self.length = length


Setting = bool | str
"""Of a switch: whether its parts are there, or the label that is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """The switches of a statement, and the parts that they decide on."""

    switches: tuple[Switch, ...]
    parts: tuple[Part, ...]

    def settings(self) -> Iterator[tuple[Setting, ...]]:
        """Yield every combination, a setting for each switch: first the one with all parts and the default labels."""
        yield from itertools.product(*(switch.labels or (True, False) for switch in self.switches))

    def cuts(self, text: str, scanned: Sequence[Token], settings: Sequence[Setting]) -> list[Cut]:
        """Return what is left out of a statement, of which `scanned` are the tokens, under these settings."""
        chosen = dict(zip((switch.names for switch in self.switches), settings, strict=True))
        dropped = [part for part in self.parts if chosen[part.names] != (True if part.label is None else part.label)]
        cuts = [mark for part in self.parts if part not in dropped for mark in part.marks]
        cuts += (_whole(text, part) for part in dropped)
        cuts += _needless_commas(text, scanned, dropped)
        return sorted(cuts, key=lambda cut: cut.start)


def find_switches(text: str, scanned: Sequence[Token]) -> Switches:
    """Return the switches of a statement; `scanned` are its tokens, up to the end of the line that it ends on.

    Errors: WrongSwitch.
    """
    parts = tuple(_parts(text, scanned))
    switches: dict[tuple[str, ...], Switch] = {}
    for part in parts:
        known = switches.get(part.names)
        others = {name for names in switches if names != part.names for name in names}
        if shared := [name for name in part.names if name in others]:
            raise WrongSwitch(f"`{shared[0]}` decides together with other names elsewhere", part.offset, 1)
        if known is not None and bool(known.labels) != (part.label is not None):
            raise WrongSwitch(f"`{part.names[0]}` is chosen in one place and given in another", part.offset, 1)
        labels = () if known is None else known.labels
        if part.label is not None and part.label not in labels:
            labels = (*labels, part.label)
        offset = part.offset if known is None else known.offset
        switches[part.names] = Switch(names=part.names, labels=labels, offset=offset)
    found = tuple(switches.values())
    count = 1
    for switch in found:
        count *= len(switch.labels) or 2
    if count > MOST_VARIANTS:
        message = f"{count} combinations of optional parts are more than {MOST_VARIANTS}: make it several queries"
        raise WrongSwitch(message, found[-1].offset, 1)
    return Switches(switches=found, parts=parts)


def check_switches(found: Switches, parameters: Sequence[str], text: str, scanned: Sequence[Token]) -> None:
    """Hold the names of switches against the parameters of the whole statement.

    Errors: WrongSwitch.
    """
    if found.switches and any(token.kind is TokenKind.PARAMETER for token in scanned):
        raise WrongSwitch("optional parts need named parameters", found.switches[0].offset, 1)
    for switch in found.switches:
        given = [name for name in switch.names if name in parameters]
        first, length = switch.names[0], len(switch.names[0])
        if switch.labels and given:
            raise WrongSwitch(f"`{first}` is a parameter, and cannot be a choice too", switch.offset, length)
        unknown = [name for name in switch.names if name not in given]
        if unknown and len(switch.names) > 1:
            raise WrongSwitch(f"there is no parameter `{unknown[0]}`", switch.offset, length)
        own = [part for part in found.parts if part.names == switch.names]
        for token in scanned:
            used = text[token.start + 1 : token.end] if token.kind is TokenKind.NAMED_PARAMETER else ""
            if used in given and not any(part.start <= token.start < part.end for part in own):
                message = f"`{used}` makes a part optional, so it cannot be used outside of that part"
                raise WrongSwitch(message, token.start, token.end - token.start)


def _parts(text: str, scanned: Sequence[Token]) -> Iterator[Part]:
    line: list[Token] = []  # the tokens of the line so far, without space and comments
    opened: Token | None = None
    inside: list[Token] = []
    for token in scanned:
        word = text[token.start : token.end]
        if token.kind is TokenKind.SPACE:
            line = [] if "\n" in word or "\r" in word else line
        elif token.kind is not TokenKind.COMMENT:
            line.append(token)
            inside.append(token)
        elif word.startswith(_LINE):
            names, label, offset = _spec(text, token)
            if opened is not None:
                raise WrongSwitch("a marked line inside of a marked part", token.start, len(_LINE))
            if not line:
                raise WrongSwitch("there is nothing before this mark on its line", token.start, len(_LINE))
            end = line[-1].end
            mark = Cut(start=end, end=token.end)
            yield Part(names=names, label=label, start=line[0].start, end=end, marks=(mark,), offset=offset)
            line = []
        elif word.startswith(_OPEN) and word[len(_OPEN) : -2].strip():
            if opened is not None:
                raise WrongSwitch("a marked part inside of another: end that with `/*?*/`", token.start, len(_OPEN))
            opened, inside = token, []
        elif word.startswith(_OPEN):
            if opened is None or not inside:
                raise WrongSwitch("this ends a marked part that is not there", token.start, token.end - token.start)
            names, label, offset = _spec(text, opened)
            marks = tuple(Cut(start=mark.start, end=mark.end, replacement=" ") for mark in (opened, token))
            yield Part(names=names, label=label, start=inside[0].start, end=inside[-1].end, marks=marks, offset=offset)
            opened, line = None, []
    if opened is not None:
        raise WrongSwitch("this part does not end: put `/*?*/` behind it", opened.start, len(_OPEN))


def _spec(text: str, token: Token) -> tuple[tuple[str, ...], str | None, int]:
    """Return the names of a mark, its label, and where they stand."""
    end = token.end - len("*/") if text[token.start] == "/" else token.end
    spec = text[token.start + len(_LINE) : end]
    offset = token.start + len(_LINE) + len(spec) - len(spec.lstrip())
    choice = _CHOICE.fullmatch(spec.strip())
    if choice is not None:
        return (choice[1],), choice[2], offset
    if _NAMES.fullmatch(spec.strip()) is None:
        message = "write `--? name`, `--? name, other` or `--? name = label`"
        raise WrongSwitch(message, token.start, len(_LINE))
    return tuple(name.strip() for name in spec.split(",")), None, offset


def _whole(text: str, part: Part) -> Cut:
    """Return the cut that takes away a part with its marks; of a line also the line end before it."""
    end = part.marks[-1].end
    if len(part.marks) > 1:
        return Cut(start=part.marks[0].start, end=end, replacement=" ")
    return Cut(start=len(text[: part.start].rstrip()), end=end)


def _needless_commas(text: str, scanned: Sequence[Token], dropped: Sequence[Part]) -> Iterator[Cut]:
    """Yield the commas that would be left over: one at an end of a list whose last or first items are dropped."""
    kept: Token | None = None
    run: list[Token] = []
    for token in (*(token for token in scanned if token.kind not in _BLANK), None):
        if token is not None and any(part.start <= token.start < part.end for part in dropped):
            run.append(token)
            continue
        has_own = bool(run) and (_is_comma(text, run[0]) or _is_comma(text, run[-1]))
        for comma in (kept, token) if run and not has_own else ():
            if comma is not None and _is_comma(text, comma):
                yield Cut(start=comma.start, end=comma.end)
                break
        kept, run = token, []


def _is_comma(text: str, token: Token) -> bool:
    return text[token.start : token.end] == ","
