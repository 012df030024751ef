"""Places given up: rows, money, events, and what becomes due."""

from __future__ import annotations

import pytest

from activities.bookings.domain import NothingToCancel, UnknownBooking
from activities.bookings.queries import get_booking, list_decisions
from activities.cancellations.use_cases import cancel_booking, cancel_some_of_session
from activities.sessions.domain import SessionNotOpen
from activities.sessions.use_cases import OFFER_FREE_PLACES, cancel_session
from common.ids import new_id
from contracts.activities import BookingCancelled
from tests.activities.bookings.test_use_cases import counts_of
from tests.activities.conftest import Desk


async def test_some_places_are_given_up_and_the_rest_stays(desk: Desk) -> None:
    session_id = await desk.planned()
    people = [await desk.participant() for _ in range(3)]
    booking_id = (await desk.book(session_id, *people, booked_by=desk.organisation_id)).booking.id
    cancelled = await cancel_booking(desk.session, booking_id, people[:1])
    assert [place.participant_id for place in cancelled.remaining.places] == sorted(people[1:])
    assert [(back.participant_id, back.amount_minor) for back in cancelled.given_back] == [(people[0], 500)]
    (event,) = await desk.events(BookingCancelled)
    assert (event.reason, event.previous_state, event.version) == ("by_request", "confirmed", 2)
    assert event.session_cancellation_reason is None
    assert ([place.participant_id for place in event.places], len(event.cancelled_places)) == (sorted(people[1:]), 1)
    assert cancelled.remaining.booking.state == "confirmed"
    assert await desk.due(OFFER_FREE_PLACES) == [session_id]
    assert await counts_of(desk, session_id) == (2, 0)
    await cancel_booking(desk.session, booking_id, None)
    found = await get_booking(desk.session, booking_id)
    assert (found.booking.state, found.booking.version, found.places) == ("cancelled", 3, [])
    assert await counts_of(desk, session_id) == (0, 0)


@pytest.mark.parametrize(("in_hours", "back"), [(100, 500), (23, 250), (1, 0)])
async def test_what_is_given_back_depends_on_the_hour(desk: Desk, in_hours: float, back: int) -> None:
    session_id = await desk.planned(in_hours=in_hours)
    booking_id = (await desk.book(session_id, await desk.participant())).booking.id
    cancelled = await cancel_booking(desk.session, booking_id, None)
    assert [item.amount_minor for item in cancelled.given_back] == [back]
    decision = (await list_decisions(desk.session, booking_id))[-1]
    assert decision.decision == "cancelled"
    assert decision.explanation["terms"] == [[24, 100], [2, 50]]
    assert decision.explanation["reason"] == "by_request"
    assert decision.explanation["hours_before"] == pytest.approx(in_hours, abs=0.1)


async def test_who_waits_gives_nothing_up_but_the_wait(desk: Desk) -> None:
    session_id = await desk.planned(capacity=1)
    await desk.book(session_id, await desk.participant())
    waiting = (await desk.book(session_id, await desk.participant())).booking.id
    cancelled = await cancel_booking(desk.session, waiting, None)
    assert cancelled.given_back == []
    (event,) = await desk.events(BookingCancelled)
    assert (event.previous_state, event.given_back) == ("waiting", ())
    assert await counts_of(desk, session_id) == (1, 0)


async def test_nothing_is_given_up_twice(desk: Desk) -> None:
    session_id, person = await desk.planned(), await desk.participant()
    booking_id = (await desk.book(session_id, person)).booking.id
    with pytest.raises(NothingToCancel):
        await cancel_booking(desk.session, booking_id, [new_id()])
    await cancel_booking(desk.session, booking_id, [person])
    for participants in (None, [person]):
        with pytest.raises(NothingToCancel):
            await cancel_booking(desk.session, booking_id, participants)
    with pytest.raises(UnknownBooking):
        await cancel_booking(desk.session, new_id(), None)
    assert await counts_of(desk, session_id) == (0, 0)
    assert (await desk.book(session_id, person)).booking.state == "confirmed"


async def test_once_the_session_has_begun_attendance_decides(desk: Desk) -> None:
    session_id = await desk.planned()
    booking_id = (await desk.book(session_id, await desk.participant())).booking.id
    await desk.begin(session_id)
    with pytest.raises(SessionNotOpen):
        await cancel_booking(desk.session, booking_id, None)


async def test_all_is_given_back_when_the_session_is_called_off(desk: Desk) -> None:
    session_id = await desk.planned(capacity=2, in_hours=1)
    people = [await desk.participant() for _ in range(3)]
    bookings = [(await desk.book(session_id, person)).booking.id for person in people]
    await cancel_session(desk.session, session_id, "No animator.", 1)
    assert await cancel_some_of_session(desk.session, session_id)
    assert not await cancel_some_of_session(desk.session, session_id)
    events = {event.booking_id: event for event in await desk.events(BookingCancelled)}
    assert set(events) == set(bookings)
    assert {event.reason for event in events.values()} == {"session_cancelled"}
    assert {event.session_cancellation_reason for event in events.values()} == {"No animator."}
    back = [sum(item.amount_minor for item in events[booking].given_back) for booking in bookings]
    assert back == [500, 500, 0]
    assert await counts_of(desk, session_id) == (0, 0)
