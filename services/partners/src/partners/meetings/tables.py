"""Meetings, who was there, and tasks; every row is one association's and nobody else's."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from partners.database import Base


class Meeting(Base):
    """A meeting, or a representation: agenda before it, minutes and decisions after it."""

    __tablename__ = "meetings"
    __table_args__ = (
        Index("meetings_organisation_id_id_index", "organisation_id", "id"),
        CheckConstraint("kind in ('meeting', 'representation')", name="kind"),
        CheckConstraint("ends_at > starts_at", name="period"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    version: Mapped[int]
    kind: Mapped[str]
    title: Mapped[str]
    place: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    partner_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    agenda: Mapped[str]
    minutes: Mapped[str]
    decisions: Mapped[list[str]] = mapped_column(ARRAY(Text))


class MeetingAttendance(Base):
    """Who was there, and for which organisation."""

    __tablename__ = "meeting_attendances"
    __table_args__ = (Index("meeting_attendances_meeting_id_index", "meeting_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str]
    for_organisation_id: Mapped[UUID]


class Task(Base):
    """What somebody promised to do until the end of a day; it may come from a meeting, and outlives who promised."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index("tasks_organisation_id_id_index", "organisation_id", "id"),
        Index("tasks_meeting_id_index", "meeting_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    version: Mapped[int]
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meetings.id"))
    title: Mapped[str]
    owner_membership_id: Mapped[UUID | None] = mapped_column(ForeignKey("memberships.id"))
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
