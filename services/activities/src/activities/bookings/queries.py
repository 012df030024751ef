"""Questions about bookings."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from activities.bookings.domain import BookingState, Guest, UnknownBooking
from activities.bookings.tables import Booking, BookingDecision, Place
from activities.sessions.domain import SessionFacts, SessionState
from common.database import IN_CONTEXT, written_out

# All that a booking request is judged by, in one round trip: a row per participant whom the caller may see (at least
# one row if they may see the session), and the answer that was stored under the request's Idempotency-Key.
BOOKING_FACTS = f"""
    with {IN_CONTEXT}
    select s.organisation_id, s.version, s.activity_id, s.site_id, s.title, s.starts_at, s.ends_at, s.time_zone,
           s.state, s.age_from, s.age_to, s.prices::text, s.currency, s.cost_shares::text, s.open_door,
           (select r.names from session_rooms r where r.session_id = s.id) as rooms,
           p.id as participant_id, p.organisation_id as home_organisation_id, p.household_id, p.born_on,
           (select c.id from contacts c where c.household_id = p.household_id order by c.id limit 1) as contact_id,
           k.fingerprint, k.status, k.answer
      from context
      left join sessions s on s.id = $2
      left join participants p on p.id = any($3::uuid[])
      left join idempotency_keys k on k.caller = $4 and k.key = $5"""

BOOKINGS_TO_COME = text(
    """select count(distinct p.booking_id) from booked_places p
         join bookings b on b.id = p.booking_id and b.state <> 'cancelled'
         join sessions s on s.id = p.session_id and s.ends_at > :at and s.state = 'scheduled'
        where p.participant_id = any(:participant_ids) and p.cancelled_at is null"""
)


@dataclass(frozen=True)
class BookingFacts:
    """The session, the participants by id, and what was answered under this key before: fingerprint, status, text."""

    session: SessionFacts | None
    guests: dict[UUID, Guest]
    answered: tuple[bytes, int, str] | None


@dataclass(frozen=True)
class BookingWithPlaces:
    """A booking and its live places."""

    booking: Booking
    places: Sequence[Place]


@dataclass(frozen=True)
class BookingFilter:
    """Which bookings somebody looks for; None does not restrict. A participant's are those with a live place."""

    session_id: UUID | None = None
    state: BookingState | None = None
    payer_id: UUID | None = None
    booked_by_organisation_id: UUID | None = None
    participant_id: UUID | None = None


@dataclass(frozen=True)
class ConfirmedPlace:
    """A place that somebody has for certain."""

    booking_id: UUID
    participant_id: UUID
    home_organisation_id: UUID
    price_minor: int


async def find_booking_facts(
    connection: asyncpg.Connection,
    context: str,
    session_id: UUID,
    participant_ids: Sequence[UUID],
    caller: str,
    key: str,
) -> BookingFacts:
    """What is known of a request in a context (JSON); participants whom the caller may not see are left out."""
    rows = await connection.fetch(BOOKING_FACTS, context, session_id, participant_ids, caller, key)
    first = rows[0]
    answered = (first["fingerprint"], first["status"], first["answer"]) if first["answer"] is not None else None
    guests = {
        row["participant_id"]: Guest(
            row["participant_id"], row["home_organisation_id"], row["household_id"], row["born_on"], row["contact_id"]
        )
        for row in rows
        if row["participant_id"] is not None
    }
    return BookingFacts(_session_facts(session_id, first), guests, answered)


def _session_facts(session_id: UUID, row: Mapping[str, Any]) -> SessionFacts | None:
    if row["organisation_id"] is None:
        return None
    return SessionFacts(
        id=session_id,
        organisation_id=row["organisation_id"],
        version=row["version"],
        activity_id=row["activity_id"],
        site_id=row["site_id"],
        title=row["title"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        time_zone=row["time_zone"],
        state=SessionState(row["state"]),
        age_from=row["age_from"],
        age_to=row["age_to"],
        prices=json.loads(row["prices"]),
        currency=row["currency"],
        cost_shares=json.loads(row["cost_shares"]),
        open_door=row["open_door"],
        rooms=tuple(row["rooms"] or ()),
    )


async def get_booking(session: AsyncSession, booking_id: UUID) -> BookingWithPlaces:
    """The booking as it stands. Raises UnknownBooking."""
    found = await find_booking(session, booking_id)
    if found is None:
        raise UnknownBooking("There is no such booking.")
    return found


async def find_booking(session: AsyncSession, booking_id: UUID) -> BookingWithPlaces | None:
    """The booking as it stands, if there is one."""
    booking = await session.get(Booking, booking_id)
    return None if booking is None else BookingWithPlaces(booking, await list_places(session, booking_id))


async def get_session_of_booking(session: AsyncSession, booking_id: UUID) -> UUID:
    """The session that the booking is for, which never changes. Raises UnknownBooking."""
    session_id = await session.scalar(select(Booking.session_id).where(Booking.id == booking_id))
    if session_id is None:
        raise UnknownBooking("There is no such booking.")
    return session_id


async def lock_booking(session: AsyncSession, booking_id: UUID) -> BookingWithPlaces:
    """The booking, locked for a change; the places of its session are locked already. Raises UnknownBooking."""
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
    session: AsyncSession, after: UUID | None, limit: int, wanted: BookingFilter
) -> Sequence[Booking]:
    """Up to `limit + 1` bookings that the caller may see, oldest first."""
    statement = select(Booking).order_by(Booking.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Booking.id > after)
    if wanted.state is not None:
        statement = statement.where(Booking.state == written_out(wanted.state))
    for name in ("session_id", "payer_id", "booked_by_organisation_id"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(getattr(Booking, name) == value)
    if wanted.participant_id is not None:
        live = (Place.participant_id == wanted.participant_id, Place.cancelled_at.is_(None))
        statement = statement.where(exists().where(Place.booking_id == Booking.id, *live))
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
    """Everybody who waits for the session, in the order of arrival. The places are locked, so nobody leaves."""
    statement = (
        select(Booking)
        .where(Booking.session_id == session_id, Booking.state == BookingState.waiting)
        .order_by(Booking.waiting_since, Booking.id)
    )
    bookings = (await session.scalars(statement.execution_options(populate_existing=True))).all()
    places = await list_places_of_bookings(session, [booking.id for booking in bookings])
    return [BookingWithPlaces(booking, places[booking.id]) for booking in bookings]


async def list_decisions(session: AsyncSession, booking_id: UUID) -> Sequence[BookingDecision]:
    """Every decision on a booking, in order."""
    statement = select(BookingDecision).where(BookingDecision.booking_id == booking_id).order_by(BookingDecision.id)
    return (await session.scalars(statement)).all()


async def map_confirmed_places(session: AsyncSession, session_id: UUID) -> dict[UUID, ConfirmedPlace]:
    """The confirmed places of a session by participant."""
    statement = (
        select(Place.booking_id, Place.participant_id, Place.home_organisation_id, Place.price_minor)
        .join(Booking, Booking.id == Place.booking_id)
        .where(
            Place.session_id == session_id,
            Place.cancelled_at.is_(None),
            Booking.state == BookingState.confirmed,
        )
    )
    return {row.participant_id: ConfirmedPlace(*row) for row in await session.execute(statement)}


async def count_bookings_to_come(session: AsyncSession, participant_ids: Collection[UUID], at: datetime) -> int:
    """How many live bookings, those that wait among them, these participants have in sessions that end after `at`."""
    values = {"participant_ids": list(participant_ids), "at": at}
    return int((await session.execute(BOOKINGS_TO_COME, values)).scalar_one())
