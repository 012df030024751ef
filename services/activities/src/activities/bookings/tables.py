"""Bookings, the places in them, and why each decision was taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.bookings.domain import BookingState
from activities.database import Base
from common.ids import new_id


class Booking(Base):
    """One request for places, all or nothing; belongs to the organiser of the session."""

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint(f"state in ({', '.join(repr(str(state)) for state in BookingState)})", name="state"),
        CheckConstraint("payer_kind in ('household', 'organisation')", name="payer_kind"),
        Index(None, "session_id", "id"),
        Index(None, "organisation_id", "id"),
        Index(None, "payer_id"),
        Index("bookings_offered_index", "id", postgresql_where=text("state = 'offered'")),
        Index("bookings_waiting_index", "session_id", "waiting_since", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"))
    state: Mapped[str]
    booked_by_organisation_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    payer_kind: Mapped[str]
    payer_id: Mapped[UUID]
    currency: Mapped[str]
    waiting_since: Mapped[datetime | None]
    offer_expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Place(Base):
    """One participant's place in a booking, with its frozen price."""

    __tablename__ = "booked_places"
    __table_args__ = (
        Index(
            "booked_places_live_key",
            "session_id",
            "participant_id",
            unique=True,
            postgresql_where=text("cancelled_at is null"),
        ),
        Index(None, "participant_id"),
    )

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id"), primary_key=True)
    participant_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    session_id: Mapped[UUID]
    home_organisation_id: Mapped[UUID]
    age: Mapped[int | None]
    price_category: Mapped[str]
    price_minor: Mapped[int]
    cancelled_at: Mapped[datetime | None]


class BookingDecision(Base):
    """What was decided on a booking, when, and by which rule and facts; append-only."""

    __tablename__ = "booking_decisions"
    __table_args__ = (Index(None, "booking_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    organisation_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    decided_at: Mapped[datetime] = mapped_column(server_default=func.now())
    decision: Mapped[str]
    explanation: Mapped[dict[str, Any]]
