"""Drives, who works in them, and the trees of pages that stand in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from examples.demo.workspace.chance import ADJECTIVES, BASE_TIME, NOUNS, Chance
from examples.demo.workspace.people import Person
from examples.demo.workspace.rows import Row, TableRows, table_rows, to_json

DRIVE_COUNT: Final = 200
PAGE_COUNT: Final = 20_000
_DEEPEST: Final = 7
_PAGES_THAT_EVERY_DRIVE_HAS: Final = 2

PageKind: TypeAlias = Literal["folder", "document", "channel", "ai_chat", "canvas", "file", "sheet"]
_KINDS: Final[tuple[PageKind, ...]] = ("folder", "document", "channel", "ai_chat", "canvas", "file", "sheet")
_KIND_WEIGHTS: Final = (22, 50, 4, 8, 4, 8, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page in its place in the tree."""

    id: str
    drive_id: str
    parent_id: str | None
    kind: PageKind
    title: str
    position: int
    depth: int
    file_id: str | None
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """A drive, its people (the owner first) and its pages (parents before children)."""

    id: str
    name: str
    slug: str
    created_at: datetime
    people: list[Person]
    pages: list[Page] = field(default_factory=list[Page])

    def of_kind(self, kind: PageKind) -> list[Page]:
        """Return the pages of one kind."""
        return [page for page in self.pages if page.kind == kind]


def make_drives(people: list[Person]) -> list[Drive]:
    """Return every drive with its tree; the first is Ada's, who also works in every tenth."""
    chance = Chance("drives")
    drives: list[Drive] = []
    for number in range(DRIVE_COUNT):
        members = chance.some_of(people[1:], chance.number(4, 24))
        if number == 0:
            members.insert(0, people[0])
        elif number % 10 == 0:
            members.append(people[0])
        first, second = chance.one_of(ADJECTIVES), chance.one_of(NOUNS)
        drives.append(
            Drive(
                id=chance.id(),
                name="Analytical Engine" if number == 0 else f"{first.capitalize()} {second}",
                slug="analytical-engine" if number == 0 else f"{first}-{second}-{number}",
                created_at=chance.moment(days=400, since=members[0].joined_at),
                people=members,
            )
        )
    _plant_trees(drives)
    return drives


def _plant_trees(drives: list[Drive]) -> None:
    """Fill the drives with PAGE_COUNT pages: a few large ones, many small ones."""
    chance = Chance("pages")
    for drive in drives:
        _add_page(chance, drive, parent=None, kind="document", title="Welcome")
        _add_page(chance, drive, parent=None, kind="channel", title="general")
    sizes = [4.0 if number % 10 == 0 else 1.0 for number in range(len(drives))]
    remaining = PAGE_COUNT - _PAGES_THAT_EVERY_DRIVE_HAS * len(drives)
    places = chance.weighted(drives, sizes, remaining)
    kinds = chance.weighted(_KINDS, _KIND_WEIGHTS, remaining)
    branches: dict[str, list[Page]] = {drive.id: [] for drive in drives}
    for drive, kind in zip(places, kinds, strict=True):
        parent = chance.one_of(branches[drive.id]) if branches[drive.id] and chance.happens(0.9) else None
        page = _add_page(chance, drive, parent=parent, kind=kind, title=chance.title())
        if kind == "folder" and page.depth < _DEEPEST:
            branches[drive.id].append(page)


def _add_page(chance: Chance, drive: Drive, *, parent: Page | None, kind: PageKind, title: str) -> Page:
    page = Page(
        id=chance.id(),
        drive_id=drive.id,
        parent_id=parent.id if parent else None,
        kind=kind,
        title=title,
        position=len(drive.pages) + 1,
        depth=parent.depth + 1 if parent else 0,
        file_id=chance.id() if kind == "file" else None,
        created_by=chance.one_of(drive.people).id,
        created_at=chance.moment(days=400, since=parent.created_at if parent else drive.created_at),
    )
    drive.pages.append(page)
    return page


def drive_rows(drives: list[Drive]) -> list[TableRows]:
    """Return the rows of drives, members, invitations and tags."""
    chance = Chance("drive rows")
    members: list[Row] = []
    invitations: list[Row] = []
    for drive in drives:
        for person in drive.people[1:]:
            role = chance.one_of(("viewer", "editor", "editor", "admin"))
            joined_at = chance.moment(days=400, since=max(drive.created_at, person.joined_at))
            members.append((drive.id, person.id, role, drive.people[0].id, joined_at))
        for _ in range(2):
            asked_at = chance.moment(days=10, since=drive.created_at)
            asked = (chance.id(), drive.id, f"guest{len(invitations) + 1}@example.net", "editor", drive.people[0].id)
            invitations.append((*asked, chance.digest(), asked_at, asked_at + timedelta(days=14)))
    rows: list[Row] = [
        (d.id, d.people[0].id, d.name, d.slug, chance.sentence(), d.pages[0].id, d.created_at, d.created_at)
        for d in drives
    ]
    return [
        table_rows("drives", "id owner_id name slug description home_page_id created_at updated_at", rows),
        table_rows("drive_members", "drive_id user_id role invited_by joined_at", members),
        table_rows(
            "drive_invitations", "id drive_id email role invited_by token_hash created_at expires_at", invitations
        ),
    ]


def page_rows(drives: list[Drive]) -> list[TableRows]:
    """Return the rows of files and pages, which show them, and of earlier versions of the pages."""
    chance = Chance("page rows")
    files: list[Row] = []
    storage_events: list[Row] = []
    pages: list[Row] = []
    versions: list[Row] = []
    for page in (page for drive in drives for page in drive.pages):
        if page.file_id is not None:
            size = chance.number(2_000, 9_000_000)
            kept = (f"{page.title}.pdf", "application/pdf", size, chance.digest(), f"{page.drive_id}/{page.file_id}")
            files.append((page.file_id, page.drive_id, page.created_by, *kept, page.created_at))
            event = (page.drive_id, page.file_id, page.created_by, "upload", size, page.created_at)
            storage_events.append(event)
        text = chance.paragraph(3) if page.kind == "document" else ""
        content = to_json({"blocks": [{"text": text, "type": "paragraph"}]} if text else {})
        revision = chance.number(2, 9) if text and chance.happens(0.4) else 1
        place = (page.id, page.drive_id, page.parent_id, page.kind, page.title, content, text, page.position)
        state = (revision, page.file_id, page.created_by, page.created_at, chance.moment(since=page.created_at))
        pages.append((*place, *state))
        if revision > 1:
            label = "Before the review" if chance.happens(0.1) else None
            versions.append((page.id, 1, page.title, "{}", label, page.created_by, page.created_at))
    return [
        table_rows("files", "id drive_id uploaded_by name media_type size_bytes sha256 storage_key created_at", files),
        table_rows(
            "pages",
            "id drive_id parent_id kind title content plain_text position"
            " revision file_id created_by created_at updated_at",
            pages,
        ),
        table_rows("page_versions", "page_id revision title content label created_by created_at", versions),
        table_rows("storage_events", "drive_id file_id actor_id kind delta_bytes occurred_at", storage_events),
    ]


def marking_rows(drives: list[Drive]) -> list[TableRows]:
    """Return what people stick to pages: tags, favorites and permissions of single pages."""
    chance = Chance("markings")
    tags: list[Row] = []
    page_tags: list[Row] = []
    favorites: list[Row] = []
    permissions: list[Row] = []
    for drive in drives:
        own = [(chance.id(), name) for name in chance.some_of(NOUNS, 5)]
        tags += [
            (tag_id, drive.id, name, f"#{chance.number(0, 0xFFFFFF):06x}", drive.created_at) for tag_id, name in own
        ]
        page_tags += [
            (page.id, tag_id, drive.id, page.created_at)
            for page in chance.some_of(drive.pages, len(drive.pages) // 4)
            for tag_id, _ in chance.some_of(own, chance.number(1, 2))
        ]
        for person in drive.people:
            kept = chance.some_of(drive.pages, 2)
            favorites += [(person.id, page.id, place, BASE_TIME) for place, page in enumerate(kept)]
        for page in chance.some_of(drive.of_kind("document"), 5):
            person = chance.one_of(drive.people)
            access = chance.one_of(("view", "comment", "edit"))
            permissions.append((page.id, person.id, access, drive.people[0].id, page.created_at))
    return [
        table_rows("tags", "id drive_id name color created_at", tags),
        table_rows("page_tags", "page_id tag_id drive_id created_at", page_tags),
        table_rows("favorites", "user_id page_id position created_at", favorites),
        table_rows("page_permissions", "page_id user_id access granted_by created_at", permissions),
    ]
