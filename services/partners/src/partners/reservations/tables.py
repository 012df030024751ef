"""Reservations of resources."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, column, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.ids import new_id
from partners.database import Base
from partners.reservations.domain import LIVE, ReservationState

STATES = ", ".join(repr(str(state)) for state in ReservationState)
LIVE_STATES = ", ".join(repr(str(state)) for state in LIVE)


class Reservation(Base):
    """A resource, or some pieces of it, for an association and a time; belongs to the owner of the resource.

    `alone`: the resource exists once, and PostgreSQL itself refuses a second live reservation of the same moment.
    """

    __tablename__ = "reservations"
    __table_args__ = (
        CheckConstraint(f"state in ({STATES})", name="state"),
        CheckConstraint("ends_at > starts_at", name="period"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("(hold_id is null) = (hold_version is null)", name="hold"),
        ExcludeConstraint(
            (column("resource_id"), "="),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            where=text(f"alone and state in ({LIVE_STATES})"),
            name="reservations_no_overlap",
        ),
        Index(None, "resource_id", "ends_at"),
        Index(None, "hold_id"),
        Index(None, "agreement_id"),
        Index(None, "organisation_id", "id"),
        Index(None, "reserved_by_organisation_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resources.id"))
    reserved_by_organisation_id: Mapped[UUID]
    hold_id: Mapped[UUID | None]
    hold_version: Mapped[int | None]
    session_id: Mapped[UUID | None]
    agreement_id: Mapped[UUID | None] = mapped_column(ForeignKey("agreements.id"))
    title: Mapped[str]
    quantity: Mapped[int]
    alone: Mapped[bool]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str]
    price_minor: Mapped[int]
    currency: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
