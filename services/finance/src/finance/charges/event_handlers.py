"""Bookings, attendance and sessions, as far as money follows from them: one consumer group, one transaction."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.activities import (
    AttendanceRecorded,
    AttendanceState,
    BookedPlace,
    BookingCancelled,
    BookingConfirmed,
    BookingEvent,
    SessionCancelled,
    SessionCompleted,
    SessionEvent,
    SessionRescheduled,
    SessionScheduled,
)
from finance.charges.domain import Booking, CostShare, PayerKind, Place, SessionState
from finance.charges.use_cases import (
    AttendanceNews,
    AttendedPlace,
    SessionNews,
    charge_places,
    know_session,
    record_attendance,
)


async def charge_confirmed_booking(session: AsyncSession, event: BookingConfirmed) -> None:
    """Charge every place of a confirmed booking."""
    await charge_places(session, _booking(event, tuple(_place(place) for place in event.places)))


async def reverse_cancelled_places(session: AsyncSession, event: BookingCancelled) -> None:
    """Give back what the terms give back; a booking that only waited was never charged."""
    if event.previous_state != "confirmed":
        return
    given_back = {given.participant_id: given.amount_minor for given in event.given_back}
    held = tuple(_place(place) for place in event.places)
    cancelled = tuple(_place(place, given_back.get(place.participant_id, 0)) for place in event.cancelled_places)
    await charge_places(session, _booking(event, held + cancelled))


async def adjust_for_attendance(session: AsyncSession, event: AttendanceRecorded) -> None:
    """Carry the attendance list, as it stands, into the charges of the session."""
    places = tuple(
        AttendedPlace(
            place.booking_id,
            place.participant_id,
            place.given_back_minor if place.state is AttendanceState.excused else 0,
        )
        for place in event.places
    )
    news = AttendanceNews(event.session_id, event.organisation_id, event.version, event.starts_at, places)
    await record_attendance(session, news)


async def know_planned_session(session: AsyncSession, event: SessionScheduled | SessionRescheduled) -> None:
    """Keep when a session takes place."""
    await know_session(session, _news(event, SessionState.scheduled))


async def know_cancelled_session(session: AsyncSession, event: SessionCancelled) -> None:
    """Keep that a session does not take place; its bookings are cancelled by events of their own."""
    await know_session(session, _news(event, SessionState.cancelled))


async def earn_completed_session(session: AsyncSession, event: SessionCompleted) -> None:
    """What is still owed for a completed session is earned."""
    await know_session(session, _news(event, SessionState.completed))


def _booking(event: BookingEvent, places: tuple[Place, ...]) -> Booking:
    return Booking(
        booking_id=event.booking_id,
        organisation_id=event.organisation_id,
        version=event.version,
        session_id=event.session_id,
        activity_id=event.activity_id,
        title=event.title,
        starts_at=event.starts_at,
        payer_kind=PayerKind(event.payer.kind),
        payer_id=event.payer.id,
        currency=event.currency,
        places=places,
        cost_shares=tuple(CostShare(share.organisation_id, share.basis_points) for share in event.cost_shares),
    )


def _place(place: BookedPlace, given_back_minor: int | None = None) -> Place:
    return Place(place.participant_id, place.home_organisation_id, place.price_minor, given_back_minor)


def _news(event: SessionEvent, state: SessionState) -> SessionNews:
    return SessionNews(event.session_id, event.organisation_id, event.version, state, event.starts_at)
