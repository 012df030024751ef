"""Charges, the rules by which associations bear a part, and what is known of sessions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.database import Base


class Charge(Base):
    """What one payer owes the organiser for one booked place."""

    __tablename__ = "charges"
    __table_args__ = (
        UniqueConstraint(
            "booking_id", "participant_id", "payer_kind", "payer_id", name="charges_booking_id_participant_id_payer_key"
        ),
        Index("charges_session_id_index", "session_id"),
        Index("charges_organisation_id_id_index", "organisation_id", "id"),
        Index("charges_payer_id_id_index", "payer_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    booking_version: Mapped[int]
    participant_id: Mapped[UUID]
    home_organisation_id: Mapped[UUID]
    payer_kind: Mapped[str]
    payer_id: Mapped[UUID]
    session_id: Mapped[UUID]
    activity_id: Mapped[UUID]
    title: Mapped[str]
    currency: Mapped[str]
    price_minor: Mapped[int]
    charged_minor: Mapped[int]
    given_back_minor: Mapped[int]
    amount_minor: Mapped[int]
    state: Mapped[str]
    is_earned: Mapped[bool]
    session_on: Mapped[date]
    cost_shares: Mapped[list[Any]]
    cancelled_given_back_minor: Mapped[int | None]
    recorded_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ShareRule(Base):
    """The part of its people's places that an association bears, from a day to a day included; no two overlap."""

    __tablename__ = "share_rules"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    borne_percent: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    version: Mapped[int]


class KnownSession(Base):
    """A session as its events tell it, with its attendance list as it stands; both have versions of their own."""

    __tablename__ = "known_sessions"

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int]
    state: Mapped[str]
    starts_at: Mapped[datetime]
    attendance_version: Mapped[int]
    attended_places: Mapped[list[Any]]
