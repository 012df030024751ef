"""Bookings and moved sessions as activities told of them last."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from notifications.database import Base


class KnownBooking(Base):
    """A booking as activities told us last; `home_organisation_ids` are the associations of its participants."""

    __tablename__ = "known_bookings"
    __table_args__ = (Index("known_bookings_session_id_index", "session_id"),)

    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int]
    session_id: Mapped[UUID]
    state: Mapped[str]
    contact_id: Mapped[UUID | None]
    booked_by_organisation_id: Mapped[UUID | None]
    participant_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    home_organisation_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))


class KnownSession(Base):
    """When and where a session takes place that was moved: bookings made before it was may be heard of after."""

    __tablename__ = "known_sessions"

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    site_id: Mapped[UUID | None]
