"""Debts between associations, line by line."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from finance.database import Base


class SettlementLine(Base):
    """What one charge, reservation or hours of lent people make one association owe another; both sides see it.

    It belongs to the organiser of what was booked, to the owner of what was reserved, or to who lent the people.
    """

    __tablename__ = "settlement_lines"
    __table_args__ = (
        Index("settlement_lines_debtor_id_quarter_index", "debtor_id", "quarter"),
        Index("settlement_lines_creditor_id_quarter_index", "creditor_id", "quarter"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    debtor_id: Mapped[UUID]
    creditor_id: Mapped[UUID]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    quarter: Mapped[str]
    booking_id: Mapped[UUID | None]
    charge_id: Mapped[UUID | None]
    reservation_id: Mapped[UUID | None]
    hours_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime]
