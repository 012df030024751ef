"""Agreements as the partners service announced them, and the sessions held under them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from activities.database import Base


class KnownAgreement(Base):
    """An agreement that was sent to its sides; the organisation is the one that keeps it."""

    __tablename__ = "known_agreements"

    agreement_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int]
    state: Mapped[str]
    title: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    party_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))


class SessionAgreement(Base):
    """Under which agreement a session is held; both its sides see that."""

    __tablename__ = "session_agreements"
    __table_args__ = (Index(None, "agreement_id", "session_id"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    agreement_id: Mapped[UUID]
