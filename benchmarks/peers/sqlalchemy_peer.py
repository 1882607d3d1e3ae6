"""SQLAlchemy: Core with a kept connection, and the ORM with a session a call, both over psycopg."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload

from benchmarks.harness import Timed, timed
from benchmarks.peers.work import FAMILIES, USERS, tag_ids, tag_rows, user_ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Base(DeclarativeBase):
    """The mapped classes."""

    type_annotation_map = {datetime: sa.DateTime(timezone=True), dict[str, Any]: JSONB}  # noqa: RUF012 -- its own way


class SaUser(Base):
    """The table users."""

    __tablename__ = "users"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    email_verified_at: Mapped[datetime | None]
    password_hash: Mapped[str | None]
    role: Mapped[str]
    bio: Mapped[str | None]
    avatar_url: Mapped[str | None]
    time_zone: Mapped[str]
    settings: Mapped[dict[str, Any]]
    token_version: Mapped[int]
    suspended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    tokens: Mapped[list[SaToken]] = relationship()
    drives: Mapped[list[SaDrive]] = relationship()


class SaToken(Base):
    """The table refresh_tokens."""

    __tablename__ = "refresh_tokens"
    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(sa.ForeignKey("users.id"))
    token_hash: Mapped[bytes]
    replaced_by_id: Mapped[str | None]
    device: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SaDrive(Base):
    """The table drives."""

    __tablename__ = "drives"
    id: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(sa.ForeignKey("users.id"))
    name: Mapped[str]
    slug: Mapped[str]
    description: Mapped[str | None]
    home_page_id: Mapped[str | None]
    storage_quota_bytes: Mapped[int]
    trashed_at: Mapped[datetime | None]
    is_trashed: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    pages: Mapped[list[SaPage]] = relationship()


class SaPage(Base):
    """The table pages."""

    __tablename__ = "pages"
    id: Mapped[str] = mapped_column(primary_key=True)
    drive_id: Mapped[str] = mapped_column(sa.ForeignKey("drives.id"))
    parent_id: Mapped[str | None]
    kind: Mapped[str]
    title: Mapped[str]
    content: Mapped[dict[str, Any]]
    plain_text: Mapped[str]
    position: Mapped[float]
    revision: Mapped[int]
    file_id: Mapped[str | None]
    created_by: Mapped[str | None]
    trashed_at: Mapped[datetime | None]
    is_trashed: Mapped[bool]
    search: Mapped[str] = mapped_column(TSVECTOR)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class SaTag(Base):
    """The table tags."""

    __tablename__ = "tags"
    id: Mapped[str] = mapped_column(primary_key=True)
    drive_id: Mapped[str]
    name: Mapped[str]
    color: Mapped[str] = mapped_column(server_default="#6b7280")
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


@contextmanager
def contenders(url: str) -> Iterator[Mapping[str, Mapping[str, Timed]]]:
    """Yield what SQLAlchemy does, by work and by name."""
    engine = sa.create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(url), isolation_level="AUTOCOMMIT"
    )
    users, tags = SaUser.__table__, SaTag.__table__
    with engine.connect() as connection:
        ids, core_tags, orm_tags = user_ids(), tag_ids("core"), tag_ids("orm")
        rows = tag_rows()

        def core_lookup() -> object:
            return connection.execute(sa.select(users).where(users.c.id == next(ids))).one()

        def orm_lookup() -> object:
            with Session(connection) as session:
                return session.scalars(sa.select(SaUser).where(SaUser.id == next(ids))).one()

        def core_many(count: int) -> Timed:
            return timed(lambda: connection.execute(sa.select(users).order_by(users.c.id).limit(count)).all())

        def orm_many(count: int) -> Timed:
            def read() -> object:
                with Session(connection) as session:
                    return session.scalars(sa.select(SaUser).order_by(SaUser.id).limit(count)).all()

            return timed(read)

        def selectin() -> object:
            statement = sa.select(SaUser).where(SaUser.id.in_(FAMILIES))
            options = selectinload(SaUser.tokens), selectinload(SaUser.drives).selectinload(SaDrive.pages)
            with Session(connection) as session:
                return session.scalars(statement.options(*options)).all()

        def core_insert() -> object:
            values = {"id": (name := next(core_tags)), "drive_id": "d1-1", "name": name}
            return connection.execute(sa.insert(tags).values(values).returning(tags)).one()

        def orm_insert() -> object:
            with Session(connection, expire_on_commit=False) as session:
                session.add(tag := SaTag(id=(name := next(orm_tags)), drive_id="d1-1", name=name))
                session.flush()
                return tag.color

        def core_bulk() -> None:
            connection.execute(sa.delete(tags))
            connection.execute(sa.insert(tags), rows)

        def orm_bulk() -> None:
            with Session(connection) as session:
                session.execute(sa.delete(SaTag))
                session.add_all([SaTag(**row) for row in rows])
                session.flush()

        yield {
            "point lookup": {"SQLAlchemy Core": timed(core_lookup), "SQLAlchemy ORM": timed(orm_lookup)},
            "100 rows": {"SQLAlchemy Core": core_many(100), "SQLAlchemy ORM": orm_many(100)},
            "10,000 rows": {"SQLAlchemy Core": core_many(USERS), "SQLAlchemy ORM": orm_many(USERS)},
            "relational load": {"SQLAlchemy ORM, selectinload": timed(selectin)},
            "insert one, returning": {"SQLAlchemy Core": timed(core_insert), "SQLAlchemy ORM": timed(orm_insert)},
            "insert 10,000": {"SQLAlchemy Core": timed(core_bulk), "SQLAlchemy ORM": timed(orm_bulk)},
        }
    engine.dispose()
