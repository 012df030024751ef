"""Attestations that families have asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, func
from sqlalchemy.orm import Mapped, deferred, mapped_column

from activities.database import Base
from common.ids import new_id


class Attestation(Base):
    """What an organiser attests of a participant, frozen when it is asked for; the file is kept as it was made.

    It belongs to the participant's home association, so that it goes with the participant.
    """

    __tablename__ = "attestations"
    __table_args__ = (
        CheckConstraint("(pdf is null) = (made_at is null)", name="made"),
        CheckConstraint("language in ('fr', 'nl', 'de', 'en')", name="language"),
        Index(None, "organisation_id", "id"),
        Index(None, "participant_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("participants.id"))
    organiser_id: Mapped[UUID]
    year: Mapped[int]
    language: Mapped[str]
    facts: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    made_at: Mapped[datetime | None]
    pdf: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
