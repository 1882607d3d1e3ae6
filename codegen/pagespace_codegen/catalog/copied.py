r"""Data inside of a schema file: what stands between `COPY ... FROM stdin;` and `\.` is no SQL."""

from __future__ import annotations

import re
from typing import Final

from pagespace_db.sqltext import TokenKind, tokens

_HINT: Final = re.compile(r"\bfrom\s+stdin\b", re.IGNORECASE)
_LAST_LINE: Final = re.compile(r"^\\\.[ \t]*\r?$", re.MULTILINE)
_NOT_A_LINE_END: Final = re.compile(r"[^\r\n]")


def without_copied_data(text: str) -> str:
    """Return `text` with spaces in the place of every COPY from stdin and its data; lines and offsets stay."""
    position = 0
    while _HINT.search(text, position):
        found = _next_copy(text, position)
        if found is None:
            break
        start, end = found
        last = _LAST_LINE.search(text, end)
        position = len(text) if last is None else last.end()
        text = text[:start] + _NOT_A_LINE_END.sub(" ", text[start:position]) + text[position:]
    return text


def _next_copy(text: str, position: int) -> tuple[int, int] | None:
    """Return where the first COPY from stdin at or after `position` starts, and where its data does."""
    words: list[str] = []
    first = -1
    for kind, start, end in tokens(text[position:]):
        if kind is TokenKind.IDENTIFIER:
            first = start if not words else first
            words.append(text[position + start : position + end].lower())
        elif kind is TokenKind.PUNCTUATION and text[position + start] == ";":
            if words[:1] == ["copy"] and words[-2:] != ["to", "stdout"] and "stdin" in words:
                return position + first, position + end
            words = []
        elif kind is TokenKind.META_COMMAND:
            words = []
    return None
