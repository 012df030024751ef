"""The holds that reservations were made for."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partners.database import Base
from partners.holds.domain import HoldState


class KnownHold(Base):
    """A hold that a session has asked for, at the newest version seen, and what was answered to that."""

    __tablename__ = "known_holds"
    __table_args__ = (
        CheckConstraint(f"state in ({', '.join(repr(str(state)) for state in HoldState)})", name="state"),
    )

    hold_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int]
    session_id: Mapped[UUID]
    state: Mapped[str]
