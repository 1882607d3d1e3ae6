"""People and what they sign in with."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from examples.demo.workspace.chance import BASE_TIME, Chance, words
from examples.demo.workspace.rows import Row, TableRows, table_rows, to_json

USER_COUNT: Final = 1_000
SYSTEM_ID: Final = "system"
DEMO_EMAIL: Final = "ada.lovelace@example.com"

_FIRST_NAMES: Final = words(
    "Ada Alan Alma Amara Anil Aya Barbara Björn Carla Chen Dana Dennis Dorothy Edsger Elena Emil Fatima Frances "
    "Grace Hana Hedy Ida Igor Ines Ivan Jean Jonas Kaito Katherine Lena Leslie Lin Luca Malik Margaret Maria Mei "
    "Niklaus Noor Olga Omar Priya Radia Rosa Sofia Tariq Tim Uma Vera Wei Yuki Zoë"
)
_LAST_NAMES: Final = words(
    "Allen Backus Borg Clarke Codd Conway Dijkstra Engelbart Estrin Feinler Floyd Goldberg Hamilton Hoare Hopper "
    "Jennings Johnson Kay Knuth Lamarr Lamport Liskov McCarthy Milner Nakamura Okafor Perlman Ritchie Sammet "
    "Shannon Silva Stroustrup Tanaka Thompson Turing Wirth"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who owns drives, writes pages and talks."""

    id: str
    name: str
    email: str
    joined_at: datetime


def make_people() -> list[Person]:
    """Return everybody but the system account, Ada Lovelace first."""
    chance = Chance("people")
    names = ["Ada Lovelace"]
    names += [f"{chance.one_of(_FIRST_NAMES)} {chance.one_of(_LAST_NAMES)}" for _ in range(USER_COUNT - 2)]
    people: list[Person] = []
    taken: dict[str, int] = {}
    for name in names:
        local_part = name.lower().replace(" ", ".").replace("ö", "oe").replace("ë", "e")
        taken[local_part] = taken.get(local_part, 0) + 1
        suffix = "" if taken[local_part] == 1 else str(taken[local_part])
        joined_at = BASE_TIME - timedelta(days=400) if not people else chance.moment(days=400)
        people.append(Person(id=chance.id(), name=name, email=f"{local_part}{suffix}@example.com", joined_at=joined_at))
    return people


def user_rows(people: list[Person], system_settings: dict[str, object]) -> TableRows:
    """Return the rows of users: the system account, which holds `system_settings`, then `people`."""
    chance = Chance("users")
    since = BASE_TIME - timedelta(days=500)
    system: Row = (SYSTEM_ID, "System", "system@example.com", None, None, "admin", None)
    rows: list[Row] = [(*system, "UTC", to_json(system_settings), since, since)]
    for number, person in enumerate(people):
        rows.append(
            (
                person.id,
                person.name,
                person.email,
                person.joined_at if chance.happens(0.95) else None,
                _password_hash(chance),
                "admin" if number < 3 else "user",
                chance.sentence() if chance.happens(0.4) else None,
                chance.one_of(("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Africa/Lagos")),
                to_json({"theme": chance.one_of(("light", "dark", "system"))}),
                person.joined_at,
                person.joined_at,
            )
        )
    columns = "id name email email_verified_at password_hash role bio time_zone settings created_at updated_at"
    return table_rows("users", columns, rows)


def credential_rows(people: list[Person]) -> list[TableRows]:
    """Return sessions and tokens of some of the people."""
    chance = Chance("credentials")
    sessions: list[Row] = []
    refresh_tokens: list[Row] = []
    api_tokens: list[Row] = []
    verification_tokens: list[Row] = []
    for person in people:
        seen_at = chance.moment(days=30, since=person.joined_at)
        until = seen_at + timedelta(days=30)
        if chance.happens(0.8):
            address = f"203.0.113.{chance.number(1, 254)}"
            agent = chance.one_of(("Firefox/145.0", "Chrome/142.0", "Safari/26.1"))
            sessions.append((chance.id(), person.id, chance.digest(), address, agent, seen_at, seen_at, until))
        if chance.happens(0.6):
            device = chance.one_of(("iPhone", "Pixel", "MacBook", "ThinkPad"))
            refresh_tokens.append((chance.id(), person.id, chance.digest(), device, seen_at, until))
        if chance.happens(0.1):
            key = (chance.id(), person.id, "sync", f"ps_{chance.number(1000, 9999)}", chance.digest())
            api_tokens.append((*key, ["pages:read", "files:read"], seen_at))
        if chance.happens(0.05):
            link = (chance.id(), person.id, "verify_email", person.email, chance.digest())
            verification_tokens.append((*link, seen_at, seen_at + timedelta(days=1)))
    return [
        table_rows(
            "sessions", "id user_id token_hash ip_address user_agent created_at last_seen_at expires_at", sessions
        ),
        table_rows("refresh_tokens", "id user_id token_hash device created_at expires_at", refresh_tokens),
        table_rows("api_tokens", "id user_id name prefix token_hash scopes created_at", api_tokens),
        table_rows(
            "verification_tokens", "id user_id purpose sent_to token_hash created_at expires_at", verification_tokens
        ),
    ]


def _password_hash(chance: Chance) -> str:
    """Return a hash in the form of Argon2id that belongs to no password."""
    salt, key = (base64.b64encode(chance.digest()).decode().rstrip("=") for _ in range(2))
    return f"$argon2id$v=19$m=19456,t=2,p=1${salt[:22]}${key}"
