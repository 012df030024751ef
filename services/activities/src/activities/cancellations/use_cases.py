"""Giving places up: what comes back follows the terms, and freed places go to those who wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from activities.bookings.domain import BookingState
from activities.bookings.queries import BookingWithPlaces, list_live_booking_ids, lock_booking
from activities.bookings.tables import Booking, Place
from activities.bookings.use_cases import booked_place, facts_of, record_decision
from activities.cancellations.domain import NothingToCancel, given_back
from activities.programmes.domain import CancellationTerms
from activities.programmes.queries import get_activity, terms_of
from activities.sessions.queries import get_session
from activities.sessions.use_cases import free_places
from common.clock import now
from common.outbox import publish
from contracts.activities import BookingCancelled, CancellationReason, GivenBack

CANCELLED_AT_ONCE = 50


async def cancel_booking(
    session: AsyncSession,
    booking_id: UUID,
    participant_ids: Sequence[UUID] | None,
    reason: CancellationReason,
) -> BookingWithPlaces:
    """Give up some places of a booking, or all (None); freed places are offered to those who wait.

    What is given back follows the activity's terms; all of it when the session or the offer fell away.
    Raises NothingToCancel when none of the places is left.
    """
    found = await lock_booking(session, booking_id)
    booking = found.booking
    given_up = [place for place in found.places if participant_ids is None or place.participant_id in participant_ids]
    if booking.state == BookingState.cancelled or not given_up:
        raise NothingToCancel("These places were given up before.")
    previous = BookingState(booking.state)
    planned = await get_session(session, booking.session_id)
    terms = terms_of(await get_activity(session, planned.activity_id))
    remaining = [place for place in found.places if place not in given_up]
    await _give_up(session, booking, given_up, remaining, previous)
    back = _given_back(given_up, previous, reason, terms, planned.starts_at)
    facts = {"terms": [[step.hours_before, step.percent] for step in terms.steps], "reason": reason}
    await record_decision(session, booking.organisation_id, booking.id, "cancelled", "cancellation_terms", facts)
    await publish(
        session,
        BookingCancelled(
            **facts_of(booking, remaining, planned),
            reason=reason,
            previous_state=previous,
            cancelled_places=tuple(booked_place(place) for place in given_up),
            given_back=back,
        ),
    )
    return BookingWithPlaces(booking, remaining)


async def _give_up(
    session: AsyncSession,
    booking: Booking,
    given_up: Sequence[Place],
    remaining: Sequence[Place],
    previous: BookingState,
) -> None:
    for place in given_up:
        place.cancelled_at = now()
    booking.version += 1
    if not remaining:
        booking.state, booking.offer_expires_at = BookingState.cancelled, None
    await session.flush()
    if previous is BookingState.waiting:
        return
    await free_places(session, booking.session_id, booking.organisation_id, len(given_up))


def _given_back(
    given_up: Sequence[Place],
    previous: BookingState,
    reason: CancellationReason,
    terms: CancellationTerms,
    starts_at: datetime,
) -> tuple[GivenBack, ...]:
    if previous is not BookingState.confirmed:
        return ()
    in_full = reason is CancellationReason.session_cancelled
    return tuple(
        GivenBack(
            participant_id=place.participant_id,
            amount_minor=place.price_minor if in_full else given_back(place.price_minor, terms, starts_at, now()),
        )
        for place in given_up
    )


async def cancel_some_of_session(session: AsyncSession, session_id: UUID) -> bool:
    """Cancel up to 50 bookings of a session that was called off; False when none was left."""
    booking_ids = await list_live_booking_ids(session, session_id, CANCELLED_AT_ONCE)
    for booking_id in booking_ids:
        await cancel_booking(session, booking_id, None, CancellationReason.session_cancelled)
    return bool(booking_ids)
