"""Giving places up: what comes back follows the terms, and freed places go to those who wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from activities.bookings.domain import BookingState
from activities.bookings.queries import BookingWithPlaces, list_live_booking_ids
from activities.bookings.use_cases import booked_places, facts_of, give_up_places, lock_booking
from activities.cancellations.domain import given_back, hours_before
from activities.programmes.domain import CancellationTerms
from activities.programmes.queries import get_activity, terms_of
from activities.sessions.domain import SessionFacts, check_open
from activities.sessions.queries import find_cancellation_reason, get_facts, lock_places
from common.clock import now
from common.outbox import publish
from contracts.activities import BookingCancelled, CancellationReason, GivenBack

CANCELLED_AT_ONCE = 50


@dataclass(frozen=True)
class Cancelled:
    """What is left of a booking, and what is given back for each place that was given up."""

    remaining: BookingWithPlaces
    given_back: Sequence[GivenBack]


async def cancel_booking(session: AsyncSession, booking_id: UUID, participant_ids: Sequence[UUID] | None) -> Cancelled:
    """Give up some places of a booking, or all (None), as long as the session has not begun.

    Raises SessionNotOpen, or NothingToCancel when none of the places is left.
    """
    found = await lock_booking(session, booking_id)
    planned = await get_facts(session, found.booking.session_id)
    check_open(planned.state, planned.starts_at, now())
    return await cancel_locked_booking(session, found, participant_ids, CancellationReason.by_request)


async def cancel_locked_booking(
    session: AsyncSession,
    found: BookingWithPlaces,
    participant_ids: Sequence[UUID] | None,
    reason: CancellationReason,
    session_cancellation_reason: str | None = None,
) -> Cancelled:
    """Give up places of a locked booking for a reason, and say what is given back: all when the session fell away."""
    planned = await get_facts(session, found.booking.session_id)
    terms = terms_of(await get_activity(session, planned.activity_id))
    cancelled_at = now()
    facts = _explanation(terms, planned, reason, cancelled_at)
    given_up = await give_up_places(session, found, participant_ids, facts)
    back: list[GivenBack] = []
    if given_up.previous is BookingState.confirmed:
        back = [
            GivenBack(
                participant_id=place.participant_id,
                amount_minor=place.price_minor
                if reason is CancellationReason.session_cancelled
                else given_back(place.price_minor, terms, planned.starts_at, cancelled_at),
            )
            for place in given_up.gone.places
        ]
    cancelled = BookingCancelled(
        **facts_of(given_up.remaining, planned),
        reason=reason,
        session_cancellation_reason=session_cancellation_reason,
        previous_state=given_up.previous,
        cancelled_places=tuple(booked_places(given_up.gone.places)),
        given_back=tuple(back),
    )
    await publish(session, cancelled)
    return Cancelled(given_up.remaining, back)


def _explanation(
    terms: CancellationTerms, planned: SessionFacts, reason: CancellationReason, cancelled_at: datetime
) -> dict[str, Any]:
    return {
        "rule": "cancellation_terms",
        "reason": reason,
        "terms": [[step.hours_before, step.percent] for step in terms.steps],
        "hours_before": round(hours_before(planned.starts_at, cancelled_at), 2),
    }


async def cancel_some_of_session(session: AsyncSession, session_id: UUID) -> bool:
    """Cancel up to 50 bookings of a session that was called off; False when none was left."""
    await lock_places(session, session_id)
    why = await find_cancellation_reason(session, session_id)
    booking_ids = await list_live_booking_ids(session, session_id, CANCELLED_AT_ONCE)
    for booking_id in booking_ids:
        found = await lock_booking(session, booking_id)
        await cancel_locked_booking(session, found, None, CancellationReason.session_cancelled, why)
    return bool(booking_ids)
