"""Consents to be known beyond one's own association."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from staffing.database import Base


class Passport(Base):
    """A person's consent; on paper when he has no account. Withdrawn it opens nothing."""

    __tablename__ = "passports"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    consented_at: Mapped[datetime]
    is_on_paper: Mapped[bool]
    withdrawn_at: Mapped[datetime | None]
