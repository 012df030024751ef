"""Searches for a substitute."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from common.ids import new_id
from staffing.database import Base
from staffing.substitutes.domain import RequestState


class SubstituteRequest(Base):
    """Who is asked to take a place on a shift. With an assignment, the one who has it stays until somebody does."""

    __tablename__ = "substitute_requests"
    __table_args__ = (
        Index("substitute_requests_shift_id_index", "shift_id"),
        Index("substitute_requests_open_index", "organisation_id", "id", postgresql_where=text("state = 'open'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[RequestState] = mapped_column(Text, default=RequestState.open)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"))
    absent_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignments.id"))
    in_return_assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignments.id"))
    asked_person_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    taken_by_person_id: Mapped[UUID | None]
    title: Mapped[str]
    role: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str]
