"""The waiting list: free places are offered by the activity's rule, and an offer is taken, declined, or expires."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from activities.bookings.domain import BookingState
from activities.bookings.queries import BookingWithPlaces, list_waiting, lock_booking
from activities.bookings.use_cases import confirm_offered, facts_of, record_decision
from activities.cancellations.use_cases import cancel_booking
from activities.programmes.domain import WaitingRule
from activities.programmes.queries import get_activity
from activities.sessions.domain import SessionState
from activities.sessions.queries import get_session, lock_places
from activities.sessions.use_cases import set_places_aside
from activities.waiting.domain import NoOffer, Waiting, check_offer, choose_offers, offer_expires_at
from common import due_rows
from common.clock import now
from common.outbox import publish
from contracts.activities import BookingOffered, CancellationReason

EXPIRE_OFFER = "expire_offer"


async def offer_free_places(session: AsyncSession, session_id: UUID) -> int:
    """Offer what is free to those who wait, by the activity's rule; returns how many bookings got an offer."""
    planned = await get_session(session, session_id)
    if planned.state != SessionState.scheduled or planned.starts_at <= now():
        return 0
    places = await lock_places(session, session_id)
    activity = await get_activity(session, planned.activity_id)
    waiting = await list_waiting(session, session_id)
    rule = WaitingRule(activity.waiting_rule)
    chosen = choose_offers(_seen_by_rule(waiting), places.capacity - places.taken, rule)
    by_id = {found.booking.id: found for found in waiting}
    for item in chosen:
        found = by_id[item.booking_id]
        expires_at = offer_expires_at(now(), activity.offer_hours, planned.starts_at)
        found.booking.state, found.booking.offer_expires_at = BookingState.offered, expires_at
        found.booking.version += 1
        await session.flush()
        await set_places_aside(session, session_id, item.places)
        await due_rows.schedule(session, EXPIRE_OFFER, item.booking_id, planned.organisation_id, expires_at)
        facts = {"waiting_rule": rule, "free": places.capacity - places.taken, "waiting": len(waiting)}
        await record_decision(session, planned.organisation_id, item.booking_id, "offered", "places_became_free", facts)
        offered = BookingOffered(**facts_of(found.booking, found.places, planned), expires_at=expires_at)
        await publish(session, offered)
    return len(chosen)


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
    """Confirm an offered booking. Raises NoOffer or OfferExpired."""
    found = await lock_booking(session, booking_id)
    check_offer(_expiry_of(found), now())
    await due_rows.complete(session, EXPIRE_OFFER, booking_id)
    return await confirm_offered(session, booking_id)


async def decline_offer(session: AsyncSession, booking_id: UUID) -> BookingWithPlaces:
    """Give an offer up; its places go to the next. Raises NoOffer."""
    found = await lock_booking(session, booking_id)
    if found.booking.state != BookingState.offered:
        raise NoOffer("There is no open offer for this booking.")
    await due_rows.complete(session, EXPIRE_OFFER, booking_id)
    return await cancel_booking(session, booking_id, None, CancellationReason.offer_declined)


async def expire_offer(session: AsyncSession, booking_id: UUID) -> None:
    """End an offer that nobody answered; one that was answered meanwhile stays as it is."""
    found = await lock_booking(session, booking_id)
    if found.booking.state == BookingState.offered:
        await cancel_booking(session, booking_id, None, CancellationReason.offer_expired)


def _expiry_of(found: BookingWithPlaces) -> datetime | None:
    return found.booking.offer_expires_at if found.booking.state == BookingState.offered else None
