"""Leases of premises."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from common.database import one_of
from common.ids import new_id
from partners.database import Base
from partners.leases.domain import RentPeriod, Side


class Lease(Base):
    """What the association has agreed with the other side about a room or a ground; nobody else reads it."""

    __tablename__ = "leases"
    __table_args__ = (
        one_of("side", Side),
        one_of("rent_period", RentPeriod),
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("rent_minor >= 0 and deposit_minor >= 0 and notice_months >= 0", name="amounts"),
        Index(None, "resource_id", "starts_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resources.id"))
    side: Mapped[str]
    other_side: Mapped[str]
    reference: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    notice_months: Mapped[int]
    rent_minor: Mapped[int]
    rent_period: Mapped[str]
    deposit_minor: Mapped[int]
    currency: Mapped[str]
