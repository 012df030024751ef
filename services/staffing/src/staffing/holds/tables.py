"""Holds of the activities service, as far as people are concerned."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from staffing.database import Base
from staffing.holds.domain import HoldState


class PeopleHold(Base):
    """The newest version of a hold, what became of it, and the shifts that were made for it."""

    __tablename__ = "people_holds"

    hold_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    session_id: Mapped[UUID]
    version: Mapped[int]
    state: Mapped[HoldState] = mapped_column(Text)
    shift_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
