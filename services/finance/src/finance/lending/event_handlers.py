"""Reservations of rooms and equipment as partners announces them, hours of lent people as staffing does."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from common.reactions import Reaction
from contracts.partners import ReservationConfirmed, ReservationReleased
from contracts.staffing import LentHoursApproved
from finance.lending.domain import Lending, LentHours
from finance.lending.use_cases import bill_borrower, bill_lodger


async def bill_confirmed_reservation(session: AsyncSession, event: ReservationConfirmed) -> None:
    """The lodger owes the price."""
    await bill_lodger(session, _lending(event, event.price_minor))


async def take_back_released_reservation(session: AsyncSession, event: ReservationReleased) -> None:
    """The lodger owes nothing any more."""
    await bill_lodger(session, _lending(event, 0))


def _lending(event: ReservationConfirmed | ReservationReleased, amount_minor: int) -> Lending:
    day = event.starts_at.astimezone(ZoneInfo(event.time_zone)).date()
    return Lending(
        reservation_id=event.reservation_id,
        version=event.version,
        owner_id=event.organisation_id,
        lodger_id=event.reserved_by_organisation_id,
        amount_minor=amount_minor,
        currency=event.currency,
        day=day,
        description=f"{event.resource_name}: {event.title}, {day.isoformat()}",
    )


async def bill_lent_hours(session: AsyncSession, event: LentHoursApproved) -> None:
    """Whoever borrowed the person owes his association the price of the hours."""
    hours = LentHours(
        hours_id=event.hours_id,
        owner_id=event.lent_by_organisation_id,
        lodger_id=event.organisation_id,
        amount_minor=event.amount_minor,
        currency=event.currency,
        day=event.worked_on,
        description=f"{event.title}, {event.worked_on.isoformat()}",
    )
    await bill_borrower(session, hours)


LENDING = Reaction(
    group="finance.lending",
    handlers={
        ReservationConfirmed: bill_confirmed_reservation,
        ReservationReleased: take_back_released_reservation,
        LentHoursApproved: bill_lent_hours,
    },
)
