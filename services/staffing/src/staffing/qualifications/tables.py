"""The papers of people."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from common.ids import new_id
from staffing.database import Base
from staffing.qualifications.domain import QualificationKind


class Qualification(Base):
    """A paper: who issued it and until when it holds, never a copy of it."""

    __tablename__ = "qualifications"
    __table_args__ = (
        CheckConstraint("expires_on >= issued_on", "dates"),
        Index("qualifications_person_id_index", "person_id"),
        Index(
            "qualifications_expires_on_index",
            "organisation_id",
            "expires_on",
            postgresql_where=text("expires_on is not null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[QualificationKind] = mapped_column(Text)
    issuer: Mapped[str]
    issued_on: Mapped[date]
    expires_on: Mapped[date | None]
    is_verified: Mapped[bool]
