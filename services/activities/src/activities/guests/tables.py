"""Places held for somebody without an account, until the link in their e-mail is followed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from activities.database import Base
from activities.guests.domain import HoldState
from common.ids import new_id


class GuestHold(Base):
    """Becomes a booking of the same id; `people` and the contact are forgotten when the places are given back."""

    __tablename__ = "guest_holds"
    __table_args__ = (
        CheckConstraint(f"state in ({', '.join(repr(str(state)) for state in HoldState)})", name="state"),
        CheckConstraint("places_count > 0", name="places_count"),
        Index(None, "code_digest", unique=True),
        Index(None, "session_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"))
    household_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    people: Mapped[list[Any]]
    places_count: Mapped[int]
    currency: Mapped[str]
    state: Mapped[str]
    code_digest: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
