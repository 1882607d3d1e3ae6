"""Types of an application, which the configuration beside this file gives to columns of `documents`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType, NotRequired, TypedDict

from pydantic import BaseModel

OwnerId = NewType("OwnerId", str)


class Status(StrEnum):
    DRAFT = "draft"
    DONE = "done"


@dataclass
class Block:
    text: str


@dataclass
class Content:
    title: str
    blocks: list[Block] = field(default_factory=list[Block])


class Settings(TypedDict):
    theme: str
    size: NotRequired[int]


class Meta(BaseModel):
    author: str
