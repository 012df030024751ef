"""Offers: made by the rule, taken, declined, expired; and what happens to the places meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from activities.bookings.queries import get_booking, list_decisions
from activities.cancellations.use_cases import cancel_booking
from activities.programmes.domain import WaitingRule
from activities.sessions.domain import SessionNotOpen
from activities.sessions.use_cases import OFFER_FREE_PLACES, SessionChange, cancel_session, change_session
from activities.waiting.domain import NoOffer, OfferExpired
from activities.waiting.use_cases import (
    EXPIRE_OFFER,
    accept_offer,
    decline_offer,
    expire_offer,
    offer_free_places,
)
from contracts.activities import BookingCancelled, BookingConfirmed, BookingOffered
from tests.activities.bookings.test_use_cases import counts_of
from tests.activities.conftest import Desk


async def full_session(desk: Desk, *waiting: int, rule: WaitingRule = WaitingRule.arrival) -> tuple[UUID, list[UUID]]:
    """A session of three places, all taken by one booking, and bookings of these sizes that wait."""
    session_id = await desk.planned(await desk.activity(waiting_rule=rule), capacity=3)
    bookings = []
    for size in (3, *waiting):
        people = [await desk.participant() for _ in range(size)]
        bookings.append((await desk.book(session_id, *people, booked_by=desk.organisation_id)).booking.id)
    return session_id, bookings


async def free_some(desk: Desk, booking_id: UUID, count: int) -> None:
    found = await get_booking(desk.session, booking_id)
    await cancel_booking(desk.session, booking_id, [place.participant_id for place in found.places[:count]])


async def states(desk: Desk, bookings: list[UUID]) -> list[str]:
    return [str((await get_booking(desk.session, booking_id)).booking.state) for booking_id in bookings]


async def test_free_places_are_offered_in_order_and_set_aside(desk: Desk) -> None:
    session_id, bookings = await full_session(desk, 1, 1, 1)
    await free_some(desk, bookings[0], 2)
    assert await desk.due(OFFER_FREE_PLACES) == [session_id]
    assert await offer_free_places(desk.session, session_id) == 2
    assert await states(desk, bookings) == ["confirmed", "offered", "offered", "waiting"]
    assert await counts_of(desk, session_id) == (3, 1)
    offered = await desk.events(BookingOffered)
    assert [(event.booking_id, event.version) for event in offered] == [(bookings[1], 2), (bookings[2], 2)]
    assert sorted(await desk.due(EXPIRE_OFFER)) == sorted(bookings[1:3])
    decision = (await list_decisions(desk.session, bookings[1]))[-1]
    assert decision.explanation == {"rule": "places_became_free", "waiting_rule": "arrival", "free": 2, "waiting": 3}
    assert offered[0].expires_at - datetime.now(UTC) > timedelta(hours=47)
    assert await offer_free_places(desk.session, session_id) == 0


async def test_a_group_that_does_not_fit_holds_up_or_is_passed_over_as_the_rule_says(desk: Desk) -> None:
    for rule, expected in [
        (WaitingRule.arrival, ["confirmed", "waiting", "waiting"]),
        (WaitingRule.arrival_if_it_fits, ["confirmed", "waiting", "offered"]),
    ]:
        session_id, bookings = await full_session(desk, 2, 1, rule=rule)
        await free_some(desk, bookings[0], 1)
        await offer_free_places(desk.session, session_id)
        assert await states(desk, bookings) == expected


async def test_an_offer_is_taken_once(desk: Desk) -> None:
    session_id, bookings = await full_session(desk, 1)
    await free_some(desk, bookings[0], 1)
    await offer_free_places(desk.session, session_id)
    found = await accept_offer(desk.session, bookings[1])
    assert (found.booking.state, found.booking.version, found.booking.offer_expires_at) == ("confirmed", 3, None)
    confirmed = (await desk.events(BookingConfirmed))[-1]
    assert (confirmed.booking_id, confirmed.version, len(confirmed.places)) == (bookings[1], 3, 1)
    assert await desk.due(EXPIRE_OFFER) == []
    assert await counts_of(desk, session_id) == (3, 0)
    with pytest.raises(NoOffer):
        await accept_offer(desk.session, bookings[1])
    await expire_offer(desk.session, bookings[1])
    assert await states(desk, bookings) == ["confirmed", "confirmed"]


async def test_a_declined_offer_goes_to_the_next(desk: Desk) -> None:
    session_id, bookings = await full_session(desk, 1, 1)
    await free_some(desk, bookings[0], 1)
    await offer_free_places(desk.session, session_id)
    declined = await decline_offer(desk.session, bookings[1])
    assert (declined.remaining.booking.state, declined.given_back) == ("cancelled", [])
    event = (await desk.events(BookingCancelled))[-1]
    assert (event.reason, event.previous_state, event.given_back) == ("offer_declined", "offered", ())
    assert await counts_of(desk, session_id) == (2, 1)
    assert await offer_free_places(desk.session, session_id) == 1
    assert await states(desk, bookings) == ["confirmed", "cancelled", "offered"]


async def test_an_offer_that_nobody_answers_ends(desk: Desk) -> None:
    session_id, bookings = await full_session(desk, 1)
    await free_some(desk, bookings[0], 1)
    await offer_free_places(desk.session, session_id)
    past = text("update bookings set offer_expires_at = now() - interval '1 second' where id = :id")
    await desk.session.execute(past, {"id": bookings[1]})
    with pytest.raises(OfferExpired):
        await accept_offer(desk.session, bookings[1])
    await expire_offer(desk.session, bookings[1])
    event = (await desk.events(BookingCancelled))[-1]
    assert (event.booking_id, event.reason, event.previous_state) == (bookings[1], "offer_expired", "offered")
    assert await counts_of(desk, session_id) == (2, 0)
    await expire_offer(desk.session, bookings[1])
    assert len(await desk.events(BookingCancelled)) == 2


async def test_an_offer_before_the_start_never_reaches_into_the_session(desk: Desk) -> None:
    session_id, bookings = await full_session(desk, 1)
    await desk.begin(session_id, hours_ago=-3)
    await free_some(desk, bookings[0], 1)
    await offer_free_places(desk.session, session_id)
    (offered,) = await desk.events(BookingOffered)
    assert offered.expires_at == offered.starts_at


async def test_nothing_is_offered_once_the_session_has_begun_or_is_called_off(desk: Desk) -> None:
    session_id, bookings = await full_session(desk, 1)
    await free_some(desk, bookings[0], 1)
    await desk.begin(session_id)
    assert await offer_free_places(desk.session, session_id) == 0
    session_id, bookings = await full_session(desk, 1)
    await free_some(desk, bookings[0], 1)
    await cancel_session(desk.session, session_id, "No animator.", 1)
    assert await offer_free_places(desk.session, session_id) == 0


async def test_an_offer_of_a_session_that_was_called_off_is_not_taken(desk: Desk) -> None:
    session_id, bookings = await full_session(desk, 1)
    await free_some(desk, bookings[0], 1)
    await offer_free_places(desk.session, session_id)
    await cancel_session(desk.session, session_id, "No animator.", 1)
    with pytest.raises(SessionNotOpen):
        await accept_offer(desk.session, bookings[1])


async def test_more_places_are_offered_when_the_session_grows(desk: Desk) -> None:
    session_id, _ = await full_session(desk, 2, 1)
    await change_session(desk.session, session_id, SessionChange(capacity=6), 1)
    assert await offer_free_places(desk.session, session_id) == 2
    assert await counts_of(desk, session_id) == (6, 0)


async def test_who_leaves_the_list_makes_way_for_those_behind(desk: Desk) -> None:
    session_id, bookings = await full_session(desk, 2, 1)
    await free_some(desk, bookings[0], 1)
    assert await offer_free_places(desk.session, session_id) == 0
    await free_some(desk, bookings[1], 1)
    assert await offer_free_places(desk.session, session_id) == 1
    assert await states(desk, bookings) == ["confirmed", "offered", "waiting"]
    await cancel_booking(desk.session, bookings[2], None)
    assert await counts_of(desk, session_id) == (3, 0)
