"""What every contender does, so that all do the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

USERS: Final = 10_000
FAMILIES: Final = [f"u{number}" for number in range(1, 101)]
"""The users whose tokens, drives and pages are loaded: 100 + 300 + 500 + 4,500 objects."""
INSERTED: Final = 10_000

OF_TAGS: Final = "id, drive_id, name, color, created_at"
OF_USERS: Final = (
    "id, name, email, email_verified_at, password_hash, role, bio, avatar_url, time_zone, settings, token_version, "
    "suspended_at, created_at, updated_at"
)
OF_TOKENS: Final = "id, user_id, token_hash, replaced_by_id, device, created_at, expires_at, revoked_at"
OF_DRIVES: Final = (
    "id, owner_id, name, slug, description, home_page_id, storage_quota_bytes, trashed_at, is_trashed, created_at, "
    "updated_at"
)
OF_PAGES: Final = (
    "id, drive_id, parent_id, kind, title, content, plain_text, position, revision, file_id, created_by, trashed_at, "
    "is_trashed, search, created_at, updated_at"
)

SEED: Final = """
INSERT INTO refresh_tokens (id, user_id, token_hash, expires_at)
  SELECT 't' || u || '-' || n, 'u' || u, sha256(convert_to(u || '-' || n, 'UTF8')), now() + interval '30 days'
  FROM generate_series(1, 100) u, generate_series(1, 3) n;
INSERT INTO drives (id, owner_id, name, slug)
  SELECT 'd' || u || '-' || n, 'u' || u, 'Drive ' || n, 'drive-' || n
  FROM generate_series(1, 100) u, generate_series(1, 5) n;
INSERT INTO pages (id, drive_id, kind, title, plain_text, created_by)
  SELECT 'p' || u || '-' || d || '-' || n, 'd' || u || '-' || d, 'document', 'Page ' || n, repeat('word ', 20), 'u' || u
  FROM generate_series(1, 100) u, generate_series(1, 5) d, generate_series(1, 9) n;
ANALYZE;
"""

TAG_CREATED: Final = datetime(2026, 1, 1, tzinfo=UTC)


def user_ids() -> Iterator[str]:
    """Yield ids of users, another one each time."""
    return itertools.cycle([f"u{number * 37 % USERS + 1}" for number in range(1, USERS)])


def tag_ids(prefix: str) -> Iterator[str]:
    """Yield ids of new tags that no other contender makes."""
    return (f"{prefix}{number}" for number in itertools.count())


def tag_rows() -> list[dict[str, Any]]:
    """Return the rows of the bulk insert."""
    return [
        {"id": f"bulk{n}", "drive_id": "d1-1", "name": f"tag {n}", "color": "#aabbcc", "created_at": TAG_CREATED}
        for n in range(INSERTED)
    ]
