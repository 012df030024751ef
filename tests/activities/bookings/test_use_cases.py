"""Bookings in the database: rows, decisions, events, and the counts of the places."""

from __future__ import annotations

import secrets
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text

from access.principals import Account, Principal
from activities.bookings import queries
from activities.bookings.domain import (
    NotEligible,
    Raced,
    SessionFull,
    SeveralHouseholds,
    UnknownBooking,
    UnknownParticipants,
)
from activities.bookings.queries import BookingFilter, BookingWithPlaces
from activities.bookings.use_cases import check_may_change, lock_booking
from activities.sessions.domain import SessionNotOpen, UnknownSession
from activities.sessions.queries import get_session
from activities.sessions.use_cases import OFFER_FREE_PLACES, SessionChange, cancel_session, change_session
from common.ids import new_id
from contracts.activities import BookingConfirmed, BookingWaitlisted
from contracts.partners import Role
from tests.activities.conftest import Desk


def somebody(*persons: UUID, roles: dict[UUID, frozenset[Role]] | None = None) -> Principal:
    return Principal(Account("https://sign-in.example.org", secrets.token_hex(6)), roles or {}, frozenset(persons))


async def counts_of(desk: Desk, session_id: UUID) -> tuple[int, int]:
    """Places taken, bookings waiting; and the same counted from the bookings."""
    places = (await get_session(desk.session, session_id)).places
    await desk.session.refresh(places)
    counted = await desk.session.execute(
        text(
            """select count(*) filter (where state in ('confirmed', 'offered') and cancelled_at is null),
                      count(distinct b.id) filter (where state = 'waiting')
                 from bookings b join booked_places p on p.booking_id = b.id where b.session_id = :session_id"""
        ),
        {"session_id": session_id},
    )
    assert tuple(counted.one()) == (places.taken, places.waiting_count)
    return places.taken, places.waiting_count


async def test_a_confirmed_booking_is_announced_with_frozen_prices(desk: Desk) -> None:
    session_id = await desk.planned(cost_shares=[(desk.organisation_id, 10_000)])
    household_id, contact_id = await desk.household()
    child = await desk.participant(household_id, date(2017, 5, 1))
    found = await desk.book(session_id, child)
    assert (found.booking.state, found.booking.payer_id, found.booking.contact_id) == (
        "confirmed",
        household_id,
        contact_id,
    )
    (event,) = await desk.events(BookingConfirmed)
    assert (event.booking_id, event.version, event.organisation_id) == (found.booking.id, 1, desk.organisation_id)
    assert event.session_version == 1
    assert (event.payer.kind, event.payer.id, event.contact_id) == ("household", household_id, contact_id)
    assert [(place.participant_id, place.price_minor) for place in event.places] == [(child, 500)]
    assert event.cost_shares[0].basis_points == 10_000
    (decision,) = await queries.list_decisions(desk.session, found.booking.id)
    assert (decision.decision, decision.explanation) == ("confirmed", {"rule": "places_free"})
    assert await counts_of(desk, session_id) == (1, 0)


async def test_who_comes_too_late_waits_and_is_told_the_position(desk: Desk) -> None:
    session_id = await desk.planned(capacity=1)
    await desk.book(session_id, await desk.participant())
    for position in (1, 2):
        found = await desk.book(session_id, await desk.participant())
        assert (found.booking.state, found.booking.waiting_since is not None) == ("waiting", True)
        assert (await desk.events(BookingWaitlisted))[-1].position == position
    assert await counts_of(desk, session_id) == (1, 2)
    assert await desk.due(OFFER_FREE_PLACES) == []


async def test_a_newcomer_waits_behind_those_who_wait_and_offers_become_due(desk: Desk) -> None:
    session_id = await desk.planned(capacity=2)
    await desk.book(session_id, await desk.participant())
    pair = [await desk.participant() for _ in range(2)]
    await desk.book(session_id, *pair, booked_by=desk.organisation_id)
    newcomer = await desk.book(session_id, await desk.participant())
    (decision,) = await queries.list_decisions(desk.session, newcomer.booking.id)
    assert decision.explanation == {"rule": "others_wait_already", "free": 1, "wanted": 1, "position": 2}
    assert await desk.due(OFFER_FREE_PLACES) == [session_id]
    assert await counts_of(desk, session_id) == (1, 2)


async def test_who_does_not_wait_leaves_nothing(desk: Desk) -> None:
    session_id = await desk.planned(capacity=1)
    await desk.book(session_id, await desk.participant())
    with pytest.raises(SessionFull):
        await desk.book(session_id, await desk.participant(), accepts_waiting=False)
    assert len(await queries.list_bookings(desk.session, None, 10, BookingFilter(session_id=session_id))) == 1


async def test_nobody_is_booked_by_what_a_session_was_before(desk: Desk) -> None:
    session_id = await desk.planned()
    await cancel_session(desk.session, session_id, "No animator.", 1)
    with pytest.raises(SessionNotOpen):
        await desk.book(session_id, await desk.participant())
    # A request that read the session before it was cancelled finds no seat row of that version.
    await desk.session.execute(
        text("update sessions set state = 'scheduled', version = 1 where id = :id"), {"id": session_id}
    )
    with pytest.raises(Raced):
        await desk.book(session_id, await desk.participant())
    assert await counts_of(desk, session_id) == (0, 0)


async def test_the_session_must_be_there_and_still_to_come(desk: Desk) -> None:
    child = await desk.participant()
    with pytest.raises(UnknownSession):
        await desk.book(new_id(), child)
    session_id = await desk.planned()
    await desk.begin(session_id)
    with pytest.raises(SessionNotOpen):
        await desk.book(session_id, child)


async def test_age_and_household_are_checked(desk: Desk) -> None:
    session_id = await desk.planned(age_from=6)
    with pytest.raises(NotEligible):
        await desk.book(session_id, await desk.participant(born_on=date(2024, 1, 1)))
    households = [(await desk.household())[0] for _ in range(2)]
    children = [await desk.participant(household_id) for household_id in households]
    with pytest.raises(SeveralHouseholds):
        await desk.book(session_id, *children)
    assert (await desk.book(session_id, *children, booked_by=desk.organisation_id)).booking.state == "confirmed"


async def test_somebody_is_booked_once_per_session(desk: Desk) -> None:
    session_id, child = await desk.planned(), await desk.participant()
    await desk.book(session_id, child)
    async with desk.session.begin_nested() as savepoint:
        with pytest.raises(Raced):
            await desk.book(session_id, child)
        await savepoint.rollback()
    assert await counts_of(desk, session_id) == (1, 0)


async def test_people_of_others_are_unknown(desk: Desk) -> None:
    session_id, child = await desk.planned(), await desk.participant()
    for caller in (somebody(), somebody(new_id()), somebody(roles={new_id(): frozenset({Role.director})})):
        with pytest.raises(UnknownParticipants):
            await desk.book(session_id, child, caller=caller)
    with pytest.raises(UnknownParticipants):
        await desk.book(session_id, child, booked_by=new_id())
    with pytest.raises(UnknownParticipants):
        await desk.book(session_id, new_id())


async def test_a_walk_in_comes_to_an_open_door_before_those_who_wait(desk: Desk) -> None:
    session_id = await desk.planned(open_door=True, capacity=2)
    child = await desk.participant()
    with pytest.raises(SessionNotOpen):
        await desk.book(session_id, child, walked_in=True)
    first = await desk.participant()
    await desk.book(session_id, first)
    pair = [await desk.participant() for _ in range(2)]
    await desk.book(session_id, *pair, booked_by=desk.organisation_id)
    await desk.begin(session_id)
    walked_in = await desk.book(session_id, child, walked_in=True, accepts_waiting=False)
    assert walked_in.booking.state == "confirmed"
    with pytest.raises(SessionFull):
        await desk.book(session_id, await desk.participant(), walked_in=True, accepts_waiting=False)
    assert await counts_of(desk, session_id) == (2, 1)


async def test_a_closed_door_takes_no_walk_ins(desk: Desk) -> None:
    session_id = await desk.planned(open_door=False)
    await desk.begin(session_id)
    with pytest.raises(SessionNotOpen):
        await desk.book(session_id, await desk.participant(), walked_in=True)


async def test_who_pays_and_whose_people_they_are_may_change_a_booking(desk: Desk) -> None:
    session_id = await desk.planned()
    household_id, _ = await desk.household()
    child = await desk.participant(household_id)
    found = await desk.book(session_id, child)
    check_may_change(desk.director, found)
    check_may_change(somebody(household_id), found)
    for caller in (somebody(child), somebody(), somebody(roles={desk.organisation_id: frozenset({Role.volunteer})})):
        with pytest.raises(UnknownParticipants):
            check_may_change(caller, found)


async def test_a_parent_of_one_changes_no_booking_of_an_association(desk: Desk) -> None:
    session_id = await desk.planned()
    household_id, _ = await desk.household()
    people = [await desk.participant(household_id), await desk.participant()]
    found = await desk.book(session_id, *people, booked_by=desk.organisation_id)
    seen_by_parent = BookingWithPlaces(
        found.booking, [place for place in found.places if place.participant_id == people[0]]
    )
    with pytest.raises(UnknownParticipants):
        check_may_change(somebody(household_id, people[0]), seen_by_parent)


async def test_bookings_are_listed_by_what_somebody_looks_for(desk: Desk) -> None:
    activity_id = await desk.activity()
    one, other = await desk.planned(activity_id), await desk.planned(activity_id, capacity=1)
    household_id, _ = await desk.household()
    child, resident = await desk.participant(household_id), await desk.participant()
    first = (await desk.book(one, child)).booking.id
    second = (await desk.book(other, child)).booking.id
    third = (await desk.book(other, resident, booked_by=desk.organisation_id)).booking.id
    for wanted, expected in [
        (BookingFilter(), [first, second, third]),
        (BookingFilter(session_id=other), [second, third]),
        (BookingFilter(payer_id=household_id), [first, second]),
        (BookingFilter(participant_id=resident), [third]),
        (BookingFilter(booked_by_organisation_id=desk.organisation_id), [third]),
    ]:
        assert [booking.id for booking in await queries.list_bookings(desk.session, None, 10, wanted)] == expected
    waiting = BookingFilter(state=queries.BookingState.waiting)
    assert [booking.id for booking in await queries.list_bookings(desk.session, second, 10, waiting)] == [third]


async def test_a_raised_capacity_is_seen_at_once(desk: Desk) -> None:
    session_id = await desk.planned(capacity=1)
    await desk.book(session_id, await desk.participant())
    await change_session(desk.session, session_id, SessionChange(capacity=2), 1)
    assert (await desk.book(session_id, await desk.participant())).booking.state == "confirmed"


async def test_unknown_bookings_are_unknown(desk: Desk) -> None:
    for question in (queries.get_booking, queries.get_session_of_booking, queries.lock_booking, lock_booking):
        with pytest.raises(UnknownBooking):
            await question(desk.session, new_id())
