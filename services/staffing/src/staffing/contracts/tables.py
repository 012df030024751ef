"""Who an association is before the law, and the documents that it gives to its people."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, deferred, mapped_column

from common.ids import new_id
from staffing.contracts.domain import DocumentKind, DocumentState
from staffing.database import Base


class EmployerDetails(Base):
    """Who an association is before the law and how it is insured; what documents say from then on."""

    __tablename__ = "employer_details"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    legal_name: Mapped[str]
    legal_form: Mapped[str]
    enterprise_number: Mapped[str]
    address: Mapped[str]
    social_purpose: Mapped[str]
    contact_name: Mapped[str]
    contact_role: Mapped[str]
    insurer_name: Mapped[str]
    policy_number: Mapped[str]
    accident_insurer_name: Mapped[str | None]
    accident_policy_number: Mapped[str | None]
    is_confidential: Mapped[bool]


class Document(Base):
    """A document of a person: what it says is frozen when it is asked for, and the file is kept as it was made."""

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint("(pdf is null) = (state = 'asked' or made_on is null)", "made"),
        Index("documents_organisation_id_id_index", "organisation_id", "id"),
        Index("documents_person_id_index", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[DocumentKind] = mapped_column(Text)
    language: Mapped[str]
    state: Mapped[DocumentState] = mapped_column(Text, default=DocumentState.asked)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    made_on: Mapped[date | None]
    handed_over_on: Mapped[date | None]
    signed_on: Mapped[date | None]
    pdf: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
