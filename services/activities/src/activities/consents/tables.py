"""What households consent to, answer by answer, and the wordings that they answered."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from activities.consents.domain import Purpose
from activities.database import Base
from common.ids import new_id

PURPOSES = f"purpose in ({', '.join(repr(str(purpose)) for purpose in Purpose)})"


class ConsentWording(Base):
    """What exactly is asked from a day on, in each language; the same for everybody, so it has no organisation."""

    __tablename__ = "consent_wordings"
    __table_args__ = (CheckConstraint(PURPOSES, name="purpose"),)

    purpose: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    valid_from: Mapped[date]
    text_fr: Mapped[str]
    text_nl: Mapped[str]
    text_de: Mapped[str]
    text_en: Mapped[str]


class Consent(Base):
    """One answer, given or withdrawn; the newest of a subject and purpose holds, and none is ever changed.

    Only erasing somebody deletes their answers, or takes the account that answered.
    """

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint(PURPOSES, name="purpose"),
        CheckConstraint("(household_id is null) <> (participant_id is null)", name="subject"),
        Index(None, "organisation_id", "id"),
        Index(None, "household_id", "purpose", "id"),
        Index(None, "participant_id", "purpose", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    household_id: Mapped[UUID | None] = mapped_column(ForeignKey("households.id"))
    participant_id: Mapped[UUID | None] = mapped_column(ForeignKey("participants.id"))
    purpose: Mapped[str]
    wording_version: Mapped[int]
    is_given: Mapped[bool]
    is_by_staff: Mapped[bool]
    answered_by: Mapped[str]
    answered_at: Mapped[datetime] = mapped_column(server_default=func.now())
