"""Shifts and who does them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, column, func, text
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.ids import new_id
from staffing.coverage.domain import Engagement
from staffing.database import Base
from staffing.shifts.domain import AssignmentState, ShiftRole, ShiftState


class Shift(Base):
    """A time in which people in a role are needed; that of a session begins and ends minutes before and after it."""

    __tablename__ = "shifts"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", "times"),
        CheckConstraint("places > 0", "places"),
        Index("shifts_organisation_id_starts_at_index", "organisation_id", "starts_at"),
        Index("shifts_session_id_index", "session_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[ShiftState] = mapped_column(Text, default=ShiftState.planned)
    session_id: Mapped[UUID | None]
    session_version: Mapped[int | None]
    activity_id: Mapped[UUID | None]
    title: Mapped[str]
    role: Mapped[ShiftRole] = mapped_column(Text)
    places: Mapped[int] = mapped_column(Integer)
    required: Mapped[list[str]] = mapped_column(ARRAY(Text))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    lead_minutes: Mapped[int] = mapped_column(Integer, default=0)
    tail_minutes: Mapped[int] = mapped_column(Integer, default=0)
    time_zone: Mapped[str]
    jurisdiction: Mapped[str]
    is_open: Mapped[bool]


class Assignment(Base):
    """Somebody on a shift, with its times; PostgreSQL lets no human be on two at once, in whichever associations."""

    __tablename__ = "assignments"
    __table_args__ = (
        ExcludeConstraint(
            (column("human_id"), "="),
            (func.tstzrange(column("starts_at"), column("ends_at")), "&&"),
            where=text("state in ('held', 'assigned')"),
            name="assignments_human_excl",
        ),
        Index("assignments_shift_id_index", "shift_id"),
        Index("assignments_person_id_starts_at_index", "person_id", "starts_at"),
        Index("assignments_hold_id_index", "hold_id", postgresql_where=text("hold_id is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    human_id: Mapped[UUID]
    engagement: Mapped[Engagement] = mapped_column(Text)
    state: Mapped[AssignmentState] = mapped_column(Text)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    activity_id: Mapped[UUID | None]
    findings: Mapped[list[Any]]
    because: Mapped[str | None]
    released_because: Mapped[str | None]
    hold_id: Mapped[UUID | None]
    extra_cost_minor: Mapped[int] = mapped_column(default=0, server_default="0")
    cost_currency: Mapped[str | None]
