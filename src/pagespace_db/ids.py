"""Collision-resistant text ids made by the application: cuid2 (24 lower-case letters and digits).

The format is that of https://github.com/paralleldrive/cuid2: a random first letter, then the base-36 digits of a
SHA3-512 over the time, a salt, a per-process counter and a fingerprint of the process.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import secrets
import string
import time
from typing import Final

LENGTH: Final = 24
_ALPHABET: Final = string.digits + string.ascii_lowercase
_counter = itertools.count(secrets.randbelow(476_782_367))


def create_id() -> str:
    """Return a new cuid2 of 24 characters; safe across threads, processes and forks."""
    salt = secrets.token_bytes(32)
    facts = f"{time.time_ns()}:{next(_counter)}:{os.getpid()}".encode()
    digest = hashlib.sha3_512(facts + salt).digest()
    return secrets.choice(string.ascii_lowercase) + _base36(int.from_bytes(digest, "big"))[: LENGTH - 1]


def _base36(number: int) -> str:
    digits: list[str] = []
    while number:
        number, digit = divmod(number, 36)
        digits.append(_ALPHABET[digit])
    return "".join(digits)
