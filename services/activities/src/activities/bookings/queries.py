"""Questions about bookings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from activities.bookings.domain import BookingState, Guest, UnknownBooking
from activities.bookings.tables import Booking, BookingDecision, Place

GUESTS = text(
    """select p.id, p.organisation_id, p.household_id, p.born_on, c.id as contact_id
         from participants p
         left join lateral (select id from contacts where contacts.household_id = p.household_id
                             order by id limit 1) c on true
        where p.id = any(:participant_ids)"""
)


@dataclass(frozen=True)
class BookingWithPlaces:
    """A booking and its live places."""

    booking: Booking
    places: Sequence[Place]


async def list_guests(session: AsyncSession, participant_ids: Sequence[UUID]) -> dict[UUID, Guest]:
    """The participants among these that the caller may see, by id."""
    rows = await session.execute(GUESTS, {"participant_ids": list(participant_ids)})
    return {row.id: Guest(row.id, row.organisation_id, row.household_id, row.born_on, row.contact_id) for row in rows}


async def get_booking(session: AsyncSession, booking_id: UUID) -> BookingWithPlaces:
    """The booking as it stands. Raises UnknownBooking."""
    booking = await session.get(Booking, booking_id)
    if booking is None:
        raise UnknownBooking("There is no such booking.")
    return BookingWithPlaces(booking, await list_places(session, booking_id))


async def lock_booking(session: AsyncSession, booking_id: UUID) -> BookingWithPlaces:
    """The booking, locked for a change. Raises UnknownBooking."""
    statement = select(Booking).where(Booking.id == booking_id).with_for_update()
    booking = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if booking is None:
        raise UnknownBooking("There is no such booking.")
    return BookingWithPlaces(booking, await list_places(session, booking_id))


async def list_places(session: AsyncSession, booking_id: UUID) -> Sequence[Place]:
    """The live places of a booking that the caller may see."""
    statement = (
        select(Place)
        .where(Place.booking_id == booking_id, Place.cancelled_at.is_(None))
        .order_by(Place.participant_id)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).all()


async def list_bookings(
    session: AsyncSession, after: UUID | None, limit: int, session_id: UUID | None, state: BookingState | None
) -> Sequence[Booking]:
    """Up to `limit + 1` bookings that the caller may see, oldest first."""
    statement = select(Booking).order_by(Booking.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Booking.id > after)
    if session_id is not None:
        statement = statement.where(Booking.session_id == session_id)
    if state is not None:
        statement = statement.where(Booking.state == state)
    return (await session.scalars(statement)).all()


async def list_places_of_bookings(session: AsyncSession, booking_ids: Sequence[UUID]) -> dict[UUID, list[Place]]:
    """The live places of several bookings."""
    statement = select(Place).where(Place.booking_id.in_(booking_ids), Place.cancelled_at.is_(None))
    places: dict[UUID, list[Place]] = {booking_id: [] for booking_id in booking_ids}
    for place in await session.scalars(statement.order_by(Place.participant_id)):
        places[place.booking_id].append(place)
    return places


async def list_live_booking_ids(session: AsyncSession, session_id: UUID, limit: int) -> Sequence[UUID]:
    """Some bookings of a session that are not cancelled, oldest first."""
    statement = (
        select(Booking.id)
        .where(Booking.session_id == session_id, Booking.state != BookingState.cancelled)
        .order_by(Booking.id)
        .limit(limit)
    )
    return (await session.scalars(statement)).all()


async def list_waiting(session: AsyncSession, session_id: UUID) -> Sequence[BookingWithPlaces]:
    """Everybody who waits for the session, in the order of arrival."""
    statement = (
        select(Booking)
        .where(Booking.session_id == session_id, Booking.state == BookingState.waiting)
        .order_by(Booking.waiting_since, Booking.id)
    )
    bookings = (await session.scalars(statement)).all()
    places = await list_places_of_bookings(session, [booking.id for booking in bookings])
    return [BookingWithPlaces(booking, places[booking.id]) for booking in bookings]


async def count_waiting(session: AsyncSession, session_id: UUID) -> int:
    """How many bookings wait for the session."""
    statement = select(func.count()).where(Booking.session_id == session_id, Booking.state == BookingState.waiting)
    return int((await session.execute(statement)).scalar_one())


async def list_decisions(session: AsyncSession, booking_id: UUID) -> Sequence[BookingDecision]:
    """Every decision on a booking, in order."""
    statement = select(BookingDecision).where(BookingDecision.booking_id == booking_id).order_by(BookingDecision.id)
    return (await session.scalars(statement)).all()


async def map_confirmed_places(session: AsyncSession, session_id: UUID) -> dict[UUID, Place]:
    """The confirmed places of a session by participant."""
    statement = (
        select(Place)
        .join(Booking, Booking.id == Place.booking_id)
        .where(
            Place.session_id == session_id,
            Place.cancelled_at.is_(None),
            Booking.state == BookingState.confirmed,
        )
    )
    return {place.participant_id: place for place in await session.scalars(statement)}
