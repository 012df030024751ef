"""The waiting list: free places are offered by the activity's rule, and an offer is taken, declined, or expires."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from access.row_policies import act_for
from activities.bookings.domain import BookingState
from activities.bookings.queries import BookingWithPlaces, find_booking, list_waiting
from activities.bookings.use_cases import facts_of, lock_booking, record_decision
from activities.cancellations.use_cases import Cancelled, cancel_locked_booking
from activities.guests.queries import get_owner_of_code
from activities.guests.use_cases import BY_THE_LINK, send_offer_link
from activities.programmes.domain import WaitingRule
from activities.programmes.queries import get_activity
from activities.sessions.domain import SessionFacts, SessionState, check_open
from activities.sessions.queries import get_facts, lock_places
from activities.sessions.use_cases import set_places_aside
from activities.waiting.domain import NoOffer, Waiting, check_offer, choose_offers, offer_expires_at
from common import due_rows
from common.clock import now
from common.outbox import publish
from contracts.activities import BookingConfirmed, BookingOffered, CancellationReason

EXPIRE_OFFER = "expire_offer"


async def offer_free_places(session: AsyncSession, session_id: UUID) -> int:
    """Offer what is free to those who wait, by the activity's rule; returns how many bookings got an offer."""
    places = await lock_places(session, session_id)
    planned = await get_facts(session, session_id)
    if planned.state is not SessionState.scheduled or planned.starts_at <= now():
        return 0
    activity = await get_activity(session, planned.activity_id)
    waiting = await list_waiting(session, session_id)
    rule, free = WaitingRule(activity.waiting_rule), places.capacity - places.taken
    chosen = choose_offers(_seen_by_rule(waiting), places.capacity, free, rule)
    by_id = {found.booking.id: found for found in waiting}
    for item in chosen:
        expires_at = offer_expires_at(now(), activity.offer_hours, planned.starts_at)
        facts = {"waiting_rule": rule, "free": free, "waiting": len(waiting)}
        await _offer_places(session, by_id[item.booking_id], planned, expires_at, facts)
        await due_rows.schedule(session, EXPIRE_OFFER, item.booking_id, planned.organisation_id, expires_at)
    return len(chosen)


async def _offer_places(
    session: AsyncSession,
    found: BookingWithPlaces,
    planned: SessionFacts,
    expires_at: datetime,
    facts: Mapping[str, Any],
) -> None:
    """Set places aside for a booking that waits, which is locked."""
    booking = found.booking
    booking.state, booking.offer_expires_at = BookingState.offered, expires_at
    booking.version += 1
    await set_places_aside(session, booking.session_id, len(found.places))
    await record_decision(session, found, "offered", {"rule": "places_became_free", **facts})
    by_link = await send_offer_link(session, booking.id, planned, expires_at)
    await publish(session, BookingOffered(**facts_of(found, planned), expires_at=expires_at, is_told_by_link=by_link))


def _seen_by_rule(waiting: Sequence[BookingWithPlaces]) -> list[Waiting]:
    return [
        Waiting(
            found.booking.id,
            len(found.places),
            all(place.home_organisation_id == found.booking.organisation_id for place in found.places),
        )
        for found in waiting
    ]


async def accept_offer(session: AsyncSession, booking_id: UUID) -> BookingWithPlaces:
    """Confirm an offered booking, whose places were set aside. Raises NoOffer, OfferExpired or SessionNotOpen."""
    found = await _lock_offered(session, booking_id)
    booking = found.booking
    check_offer(booking.offer_expires_at, now())
    await due_rows.complete(session, EXPIRE_OFFER, booking_id)
    planned = await get_facts(session, booking.session_id)
    check_open(planned.state, planned.starts_at, now())
    booking.state, booking.offer_expires_at = BookingState.confirmed, None
    booking.version += 1
    await record_decision(session, found, "confirmed", {"rule": "offer_accepted"})
    await publish(session, BookingConfirmed(**facts_of(found, planned)))
    return found


async def decline_offer(session: AsyncSession, booking_id: UUID) -> Cancelled:
    """Give an offer up; its places go to the next. Raises NoOffer."""
    found = await _lock_offered(session, booking_id)
    await due_rows.complete(session, EXPIRE_OFFER, booking_id)
    return await cancel_locked_booking(session, found, None, CancellationReason.offer_declined)


async def answer_offer_of_guest(session: AsyncSession, code: str, *, is_taken: bool) -> BookingWithPlaces:
    """Take or leave an offer by the link that was sent for it. Raises UnknownGuestCode, and what the others do."""
    owner = await get_owner_of_code(session, code)
    async with act_for(session, owner.organisation_id, because=BY_THE_LINK):
        if await find_booking(session, owner.hold_id) is None:
            raise NoOffer("Nothing is booked under this link yet.")
        if is_taken:
            return await accept_offer(session, owner.hold_id)
        return (await decline_offer(session, owner.hold_id)).remaining


async def _lock_offered(session: AsyncSession, booking_id: UUID) -> BookingWithPlaces:
    found = await lock_booking(session, booking_id)
    if found.booking.state != BookingState.offered:
        raise NoOffer("There is no open offer for this booking.")
    return found


async def expire_offer(session: AsyncSession, booking_id: UUID) -> None:
    """End an offer that nobody answered; one that was answered meanwhile stays as it is."""
    found = await lock_booking(session, booking_id)
    if found.booking.state == BookingState.offered:
        await cancel_locked_booking(session, found, None, CancellationReason.offer_expired)
