"""Channels of LISTEN and NOTIFY, with payloads of one type each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pagespace_db.builder.flaws import encoded
from pagespace_db.errors import StatementError

T = TypeVar("T")

LONGEST_PAYLOAD: Final = 7_999
"""Bytes that NOTIFY takes (PostgreSQL's manual, NOTIFY)."""


@dataclass(frozen=True, slots=True)
class Channel(Generic[T]):
    """A channel whose payloads are T.

    Attributes:
        name: The channel's name on the server.
        encode: Makes the text that is sent.
        decode: Makes the payload from the text.
    """

    name: str
    encode: Callable[[T], str]
    decode: Callable[[str], T]


def text_channel(name: str) -> Channel[str]:
    """Return the channel whose payloads are texts."""
    return Channel(name, str, str)


def json_channel(name: str, decode: Callable[[Any], T], encode: Callable[[T], Any]) -> Channel[T]:
    """Return the channel whose payloads travel as JSON: `encode` makes what json.dumps() takes, `decode` takes it back.

    For a dataclass: `json_channel("moves", lambda value: Move(**value), dataclasses.asdict)`.
    """
    return Channel(
        name,
        lambda payload: json.dumps(encode(payload), ensure_ascii=False, separators=(",", ":")),
        lambda text: decode(json.loads(text)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification(Generic[T]):
    """One payload that was sent over a channel.

    Attributes:
        channel: The channel's name.
        payload: What was sent.
        sender_pid: The process id of the sender's backend.
    """

    channel: str
    payload: T
    sender_pid: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What was sent until now is unknown: listening begins here, for the first time or after a lost connection."""


def payload_of(channel: Channel[T], payload: T) -> bytes:
    """Return the payload as it is sent.

    Errors: StatementError when it is longer than NOTIFY takes, or has what PostgreSQL cannot hold.
    """
    text = encoded(channel.encode(payload), f"a payload for the channel {channel.name!r}")
    if len(text) > LONGEST_PAYLOAD:
        raise StatementError(
            f"a payload of {len(text)} bytes is too long for the channel {channel.name!r}",
            help=f"NOTIFY takes {LONGEST_PAYLOAD} bytes: send the key of a row that holds the rest",
        )
    return text
