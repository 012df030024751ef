"""What the activities service says about sessions and bookings."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from common.reactions import Reaction
from contracts.activities import (
    BookingCancelled,
    BookingConfirmed,
    BookingEvent,
    SessionCancelled,
    SessionCompleted,
    SessionEvent,
    SessionRescheduled,
    SessionScheduled,
)
from staffing.coverage import use_cases
from staffing.coverage.domain import SessionState

SESSION_FIELDS = {
    "session_id", "version", "title", "starts_at", "ends_at", "time_zone", "jurisdiction", "supervision",
    "activity_id",
}  # fmt: skip


async def plan_coverage(session: AsyncSession, event: SessionScheduled | SessionRescheduled) -> None:
    """Know a session, or its new time."""
    await _know_session(session, event, SessionState.scheduled)


async def forget_cancelled_session(session: AsyncSession, event: SessionCancelled) -> None:
    """Know that a session needs nobody any more."""
    await _know_session(session, event, SessionState.cancelled)


async def close_completed_session(session: AsyncSession, event: SessionCompleted) -> None:
    """Know that a session took place."""
    await _know_session(session, event, SessionState.completed)


async def cover_confirmed_booking(session: AsyncSession, event: BookingConfirmed) -> None:
    """Count the people of a booking."""
    await _cover_booking(session, event, [place.age for place in event.places])


async def uncover_cancelled_booking(session: AsyncSession, event: BookingCancelled) -> None:
    """Count those who remain; what remains of a waiting or offered booking is not confirmed."""
    places = event.places if event.previous_state == "confirmed" else ()
    await _cover_booking(session, event, [place.age for place in places])


async def _know_session(session: AsyncSession, event: SessionEvent, state: SessionState) -> None:
    bearers = {share.organisation_id for share in event.cost_shares}
    co_host_ids = sorted(bearers - {event.organisation_id})
    values = {**event.model_dump(include=SESSION_FIELDS), "state": state, "co_host_ids": co_host_ids}
    await use_cases.know_session(session, event.organisation_id, values)


async def _cover_booking(session: AsyncSession, event: BookingEvent, ages: list[int | None]) -> None:
    await use_cases.cover_booking(
        session,
        event.organisation_id,
        session_id=event.session_id,
        booking_id=event.booking_id,
        version=event.version,
        ages=ages,
    )


COVERAGE = Reaction(
    group="staffing.coverage",
    handlers={
        SessionScheduled: plan_coverage,
        SessionRescheduled: plan_coverage,
        SessionCancelled: forget_cancelled_session,
        SessionCompleted: close_completed_session,
        BookingConfirmed: cover_confirmed_booking,
        BookingCancelled: uncover_cancelled_booking,
    },
)
