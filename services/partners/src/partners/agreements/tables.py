"""Agreements, what each side brings, and the signatures; every row is the keeping association's."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from partners.database import Base


class Agreement(Base):
    """An agreement; the sides in `party_ids` see it from the moment it is sent to them."""

    __tablename__ = "agreements"
    __table_args__ = (
        Index("agreements_organisation_id_id_index", "organisation_id", "id"),
        Index("agreements_party_ids_index", "party_ids", postgresql_using="gin"),
        CheckConstraint("state in ('draft', 'sent', 'signed', 'ended')", name="state"),
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("renewal_notice_days between 0 and 730", name="notice"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    version: Mapped[int]
    state: Mapped[str]
    title: Mapped[str]
    scope: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    renewal_notice_days: Mapped[int] = mapped_column(Integer)
    party_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    sent_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class AgreementContribution(Base):
    """What one side brings."""

    __tablename__ = "agreement_contributions"
    __table_args__ = (
        Index("agreement_contributions_agreement_id_index", "agreement_id", "position"),
        CheckConstraint("(amount_minor is null) = (currency is null)", name="amount"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreements.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    party_id: Mapped[UUID]
    kind: Mapped[str]
    description: Mapped[str]
    amount_minor: Mapped[int | None]
    currency: Mapped[str | None]


class AgreementSignature(Base):
    """That a side has signed, by whom and when; `recorded_by_organisation_id` is the keeper for what came on paper."""

    __tablename__ = "agreement_signatures"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreements.id"), primary_key=True)
    party_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    signed_by: Mapped[str]
    signed_on: Mapped[date]
    recorded_by_organisation_id: Mapped[UUID]
    recorded_at: Mapped[datetime]
