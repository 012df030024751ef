"""Reservations of pooled resources and hours of lent people, as far as money follows from them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from finance.database import Base


class LentReservation(Base):
    """What is booked for a reservation, as of its newest version; belongs to the owner, the lodger sees it."""

    __tablename__ = "lent_reservations"

    reservation_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    lodger_id: Mapped[UUID]
    version: Mapped[int]
    amount_minor: Mapped[int]
    currency: Mapped[str]


class LentHours(Base):
    """What is booked for approved hours; belongs to who lent the person, the borrower sees it."""

    __tablename__ = "lent_hours"

    hours_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    borrower_id: Mapped[UUID]
    amount_minor: Mapped[int]
    currency: Mapped[str]
