"""Types of an application, which tests give to columns of json and of other types."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Literal, NewType, NotRequired, TypedDict
from uuid import UUID

from pydantic import BaseModel, Field


class Level(Enum):
    LOW = 1
    HIGH = 2


class Status(StrEnum):
    OPEN = "open"
    DONE = "done"


UserId = NewType("UserId", str)


@dataclass
class Text:
    text: str
    kind: Literal["text"] = "text"


@dataclass
class Image:
    url: str
    kind: Literal["image"] = "image"


@dataclass(frozen=True, slots=True)
class PageContent:
    title: str
    blocks: list[Text | Image] = field(default_factory=list[Text | Image])
    at: dt.datetime | None = None
    id: UUID | None = None
    level: Level = Level.LOW
    price: Decimal = Decimal(0)
    children: list[PageContent] = field(default_factory=list["PageContent"])
    by_day: dict[dt.date, int] = field(default_factory=dict[dt.date, int])


class Settings(TypedDict):
    theme: str
    size: NotRequired[int]


class Meta(BaseModel):
    title: str
    tag_names: list[str] = Field(alias="tagNames")
    published: dt.datetime | None = None
