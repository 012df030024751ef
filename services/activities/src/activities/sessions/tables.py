"""Sessions and the places in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from activities.database import Base
from activities.sessions.domain import SessionState
from common.ids import new_id


class PlannedSession(Base):
    """One meeting of an activity at a site; times in UTC, `time_zone` is the site's."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="period"),
        CheckConstraint(f"state in ({', '.join(repr(str(state)) for state in SessionState)})", name="state"),
        Index(None, "organisation_id", "id"),
        Index(None, "activity_id", "starts_at"),
        Index(None, "starts_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"))
    programme_id: Mapped[UUID]
    series_id: Mapped[UUID | None]
    site_id: Mapped[UUID]
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str]
    state: Mapped[str] = mapped_column(default=SessionState.scheduled)
    cancellation_reason: Mapped[str | None]
    minimum: Mapped[int]
    age_from: Mapped[int | None]
    age_to: Mapped[int | None]
    accessibility: Mapped[list[str]] = mapped_column(ARRAY(Text))
    prices: Mapped[dict[str, Any]]
    currency: Mapped[str]
    jurisdiction: Mapped[str]
    supervision: Mapped[str]
    cost_shares: Mapped[list[Any]]
    open_door: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SessionPlaces(Base):
    """How many places a session has and how many are taken or set aside; nothing refers to this hot row.

    `session_version` moves with the session, so that nobody takes a place by what the session was before;
    `waiting_count` counts the bookings that wait, so that nobody takes a free place before them.
    """

    __tablename__ = "session_places"
    __table_args__ = (
        CheckConstraint("taken between 0 and capacity", name="taken"),
        CheckConstraint("waiting_count >= 0", name="waiting_count"),
    )

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    session_version: Mapped[int] = mapped_column(default=1)
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    waiting_count: Mapped[int] = mapped_column(default=0)
