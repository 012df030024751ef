"""One row per session that has ever asked for something, and one per session that has rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from activities.database import Base
from activities.holds.domain import HoldState
from common.ids import new_id


class Hold(Base):
    """What a session has asked for at the newest version, and what was answered to that.

    `resources_held` and `people_held` are true, false, or null for no answer yet; `held` and `refusals` say it in full,
    as the answers did.
    """

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint(f"state in ({', '.join(repr(str(state)) for state in HoldState)})", name="state"),
        UniqueConstraint("session_id"),
        Index(None, "organisation_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=0)
    session_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default=HoldState.released)
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str]
    wishes: Mapped[dict[str, Any]]
    answer_by: Mapped[datetime | None]
    resources_held: Mapped[bool | None]
    people_held: Mapped[bool | None]
    held: Mapped[dict[str, Any]]
    refusals: Mapped[list[Any]]
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    decided_at: Mapped[datetime | None]


class SessionRooms(Base):
    """The names of the rooms that are held for a session, for everybody who may see the session."""

    __tablename__ = "session_rooms"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    names: Mapped[list[str]] = mapped_column(ARRAY(Text))
