"""The reference under which a payer pays an organiser; a trigger on charges gives one with the first charge."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Computed, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.database import Base


class PaymentReference(Base):
    """Always the same for a payer and an organiser; twelve digits, the last two a check (OGM)."""

    __tablename__ = "payment_references"
    __table_args__ = (
        UniqueConstraint(
            "organisation_id", "payer_kind", "payer_id", name="payment_references_organisation_id_payer_key"
        ),
        UniqueConstraint("number", name="payment_references_number_key"),
        Index("payment_references_payer_id_index", "payer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    payer_kind: Mapped[str]
    payer_id: Mapped[UUID]
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(Computed("", persisted=True))
