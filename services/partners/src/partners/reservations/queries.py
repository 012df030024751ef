"""What is asked about reservations. The row policies show those of one's own resources, and those made for oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from partners.reservations.domain import LIVE, ReservationNotFound, ReservationState, hours_of
from partners.reservations.tables import Reservation

LIVE_STATES = [str(state) for state in LIVE]


@dataclass(frozen=True)
class ReservationFilter:
    """Which reservations are wanted; what is None does not matter. `starts_before` is not included."""

    organisation_id: UUID | None = None
    resource_id: UUID | None = None
    reserved_by_organisation_id: UUID | None = None
    session_id: UUID | None = None
    agreement_id: UUID | None = None
    state: ReservationState | None = None
    ends_after: datetime | None = None
    starts_before: datetime | None = None


async def get_reservation(session: AsyncSession, reservation_id: UUID) -> Reservation:
    """The reservation. Raises ReservationNotFound."""
    reservation = await session.get(Reservation, reservation_id, populate_existing=True)
    if reservation is None:
        raise ReservationNotFound("There is no such reservation.")
    return reservation


async def lock_reservation(session: AsyncSession, reservation_id: UUID) -> Reservation:
    """The reservation as it is now, held until the transaction ends; the context must name the resource's owner."""
    statement = select(Reservation).where(Reservation.id == reservation_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one()


async def list_reservations(
    session: AsyncSession, wanted: ReservationFilter, after: UUID | None, rows_max: int
) -> Sequence[Reservation]:
    """Reservations that the caller may see, in order of their ids, those after `after`."""
    statement = select(Reservation).order_by(Reservation.id).limit(rows_max)
    for name in (
        "organisation_id",
        "resource_id",
        "reserved_by_organisation_id",
        "session_id",
        "agreement_id",
        "state",
    ):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(getattr(Reservation, name) == value)
    if wanted.ends_after is not None:
        statement = statement.where(Reservation.ends_at > wanted.ends_after)
    if wanted.starts_before is not None:
        statement = statement.where(Reservation.starts_at < wanted.starts_before)
    if after is not None:
        statement = statement.where(Reservation.id > after)
    return (await session.scalars(statement)).all()


async def list_live_of_hold(session: AsyncSession, hold_id: UUID, version_max: int) -> Sequence[Reservation]:
    """What up to this version of a hold keeps others away, in order of ids; stable while the hold is locked."""
    statement = select(Reservation).where(
        Reservation.hold_id == hold_id,
        Reservation.hold_version <= version_max,
        Reservation.state.in_(LIVE_STATES),
    )
    return (await session.scalars(statement.order_by(Reservation.id).execution_options(populate_existing=True))).all()


async def list_live_of_resource(
    session: AsyncSession, resource_id: UUID, from_at: datetime, until_at: datetime
) -> Sequence[Reservation]:
    """Who has a resource in this time, in order of ids; stable while the resource is locked."""
    statement = select(Reservation).where(
        Reservation.resource_id == resource_id,
        Reservation.ends_at > from_at,
        Reservation.starts_at < until_at,
        Reservation.state.in_(LIVE_STATES),
    )
    return (await session.scalars(statement.order_by(Reservation.id).execution_options(populate_existing=True))).all()


async def hours_used(
    session: AsyncSession, resource_id: UUID, organisation_id: UUID, from_at: datetime, before: datetime
) -> float:
    """How many hours an association has of a resource that begin in this time."""
    statement = select(Reservation.starts_at, Reservation.ends_at).where(
        Reservation.resource_id == resource_id,
        Reservation.reserved_by_organisation_id == organisation_id,
        Reservation.state.in_(LIVE_STATES),
        Reservation.starts_at >= from_at,
        Reservation.starts_at < before,
    )
    return sum(hours_of(row.starts_at, row.ends_at) for row in (await session.execute(statement)).all())
