"""The attendance list of a session."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from activities.database import Base


class AttendanceSheet(Base):
    """That a list exists, and how often it was changed."""

    __tablename__ = "attendance_sheets"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AttendanceMark(Base):
    """Whether one participant came."""

    __tablename__ = "attendance_marks"
    __table_args__ = (
        CheckConstraint("state in ('present', 'absent', 'excused')", name="state"),
        Index(None, "participant_id"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("attendance_sheets.session_id"), primary_key=True)
    participant_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    home_organisation_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    marked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    marked_by: Mapped[str | None]
    """The account, as the audit names it; None for marks from before it was kept."""


class AnonymousCount(Base):
    """Visitors of an open-door session whom nobody asked for a name."""

    __tablename__ = "anonymous_counts"
    __table_args__ = (CheckConstraint("count >= 0 and to_age >= from_age", name="count"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("attendance_sheets.session_id"), primary_key=True)
    from_age: Mapped[int] = mapped_column(primary_key=True)
    to_age: Mapped[int]
    organisation_id: Mapped[UUID]
    count: Mapped[int]
