"""Reservations of rooms and equipment, as partners announces them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from common.reactions import Reaction
from contracts.partners import ReservationConfirmed, ReservationReleased
from finance.lending.domain import Lending
from finance.lending.use_cases import bill_lodger


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


LENDING = Reaction(
    group="finance.lending",
    handlers={
        ReservationConfirmed: bill_confirmed_reservation,
        ReservationReleased: take_back_released_reservation,
    },
)
