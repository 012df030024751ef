"""Places held for a guest: confirmed, shown and given up by the link, or given back when nobody follows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from activities.bookings.domain import BookingState
from activities.cancellations.use_cases import cancel_booking
from activities.guests.domain import (
    HoldGivenBack,
    HoldState,
    NoPlaceForGuest,
    UnknownGuestCode,
    UnknownPriceForGuest,
)
from activities.guests.use_cases import (
    END_GUEST_HOLD,
    GuestRequest,
    cancel_guest_booking,
    confirm_guest_booking,
    end_hold,
    hold_for_guest,
    show_guest_booking,
)
from activities.sessions.domain import SessionNotOpen
from activities.waiting.domain import NoOffer
from activities.waiting.use_cases import answer_offer_of_guest, offer_free_places
from contracts.activities import (
    BookingCancelled,
    BookingConfirmed,
    BookingOffered,
    BookingWaitlisted,
    CancellationReason,
    ContactChanged,
    GuestPlacesHeld,
    LinkPurpose,
)
from tests.activities.conftest import Desk


def request(session_id: UUID, *names: str, **changes: Any) -> GuestRequest:
    people = [(name, "Byron", "standard") for name in names or ("Ada",)]
    return GuestRequest(**{"session_id": session_id, "email": "ada@example.org", "language": "en", "people": people,
                           **changes})  # fmt: skip


async def taken_in(desk: Desk, session_id: UUID) -> int:
    """Places taken; and the same counted from bookings and holds."""
    counted = text(
        """select taken, (select count(*) from booked_places b
                           where b.session_id = p.session_id and cancelled_at is null)
              + (select coalesce(sum(places_count), 0) from guest_holds h
                  where h.session_id = p.session_id and h.state = 'held') as counted
             from session_places p where session_id = :session_id"""
    )
    row = (await desk.session.execute(counted, {"session_id": session_id})).one()
    assert row.taken == row.counted
    return int(row.taken)


async def code_of(desk: Desk) -> str:
    return (await desk.events(GuestPlacesHeld))[-1].code


async def make_late(desk: Desk, hold_id: UUID) -> None:
    late = {"id": hold_id, "at": datetime.now(UTC) - timedelta(seconds=1)}
    await desk.session.execute(text("update guest_holds set expires_at = :at where id = :id"), late)
    desk.session.expire_all()


async def test_places_are_held_and_the_link_is_announced(desk: Desk) -> None:
    session_id = await desk.planned()
    hold = await hold_for_guest(desk.session, request(session_id, "Ada", "Grace"))
    assert await taken_in(desk, session_id) == 2
    [told] = await desk.events(GuestPlacesHeld)
    assert (told.booking_id, told.places, told.price_minor, told.expires_at) == (hold.id, 2, 1000, hold.expires_at)
    [contact] = await desk.events(ContactChanged)
    assert (contact.contact_id, contact.email, contact.persons) == (told.contact_id, "ada@example.org", ())
    assert await desk.events(BookingConfirmed) == []
    assert await desk.due(END_GUEST_HOLD) == [hold.id]


async def test_the_link_confirms_once(desk: Desk) -> None:
    session_id = await desk.planned()
    hold = await hold_for_guest(desk.session, request(session_id, "Ada", "Grace"))
    code = await code_of(desk)
    first = await confirm_guest_booking(desk.session, code)
    again = await confirm_guest_booking(desk.session, code)
    assert first.booking is not None
    assert again.booking is not None
    assert (first.booking.booking.id, first.booking.booking.state) == (hold.id, BookingState.confirmed)
    assert await taken_in(desk, session_id) == 2
    [confirmed] = await desk.events(BookingConfirmed)
    assert [place.price_minor for place in confirmed.places] == [500, 500]
    assert (confirmed.payer.kind, confirmed.payer.id) == ("household", hold.household_id)
    assert [person.given_name for person in (await desk.events(ContactChanged))[-1].persons] == ["Ada", "Grace"]
    assert await desk.due(END_GUEST_HOLD) == []


async def test_what_nobody_confirms_is_given_back_and_forgotten(desk: Desk) -> None:
    session_id = await desk.planned()
    hold = await hold_for_guest(desk.session, request(session_id))
    hold_id, household_id = hold.id, hold.household_id
    await end_hold(desk.session, hold_id)
    assert await taken_in(desk, session_id) == 1
    await make_late(desk, hold_id)
    await end_hold(desk.session, hold_id)
    await end_hold(desk.session, hold_id)
    assert await taken_in(desk, session_id) == 0
    left = text("select count(*) from households where id = :id")
    assert await desk.session.scalar(left, {"id": household_id}) == 0
    found = await show_guest_booking(desk.session, await code_of(desk))
    assert (found.hold.state, found.hold.people, found.booking) == ("given_back", [], None)
    with pytest.raises(HoldGivenBack):
        await confirm_guest_booking(desk.session, await code_of(desk))


async def test_a_late_link_confirms_nothing_even_before_the_worker_came(desk: Desk) -> None:
    hold = await hold_for_guest(desk.session, request(await desk.planned()))
    await make_late(desk, hold.id)
    with pytest.raises(HoldGivenBack):
        await confirm_guest_booking(desk.session, await code_of(desk))


async def test_asking_again_replaces_what_the_address_holds(desk: Desk) -> None:
    session_id = await desk.planned(capacity=3)
    await hold_for_guest(desk.session, request(session_id, "Ada", "Grace"))
    first_code = await code_of(desk)
    await hold_for_guest(desk.session, request(session_id, "Ada", "Grace", "Joan", email=" ADA@example.org"))
    assert await taken_in(desk, session_id) == 3
    with pytest.raises(HoldGivenBack):
        await confirm_guest_booking(desk.session, first_code)


async def test_a_full_session_and_one_for_which_others_wait_hold_nothing(desk: Desk) -> None:
    session_id = await desk.planned(capacity=1)
    await desk.book(session_id, await desk.participant(), booked_by=desk.organisation_id)
    with pytest.raises(NoPlaceForGuest):
        await hold_for_guest(desk.session, request(session_id))


async def full_session(desk: Desk) -> tuple[UUID, UUID]:
    """A session of one place that is taken, and the booking that has it."""
    session_id = await desk.planned(capacity=1)
    booked = await desk.book(session_id, await desk.participant(), booked_by=desk.organisation_id)
    return session_id, booked.booking.id


async def waiting_guest(desk: Desk, session_id: UUID) -> str:
    """A guest on the waiting list; gives the code that led there."""
    await hold_for_guest(desk.session, request(session_id, accepts_waiting=True))
    code = await code_of(desk)
    await confirm_guest_booking(desk.session, code)
    return code


async def offered_guest(desk: Desk) -> tuple[UUID, str, str]:
    """A guest to whom the place that became free is offered: the session, the code before, and that of the offer."""
    session_id, booking_id = await full_session(desk)
    before = await waiting_guest(desk, session_id)
    await cancel_booking(desk.session, booking_id, None)
    assert await offer_free_places(desk.session, session_id) == 1
    return session_id, before, await code_of(desk)


async def test_the_link_of_a_full_session_joins_the_waiting_list_once(desk: Desk) -> None:
    session_id, _ = await full_session(desk)
    hold = await hold_for_guest(desk.session, request(session_id, accepts_waiting=True))
    assert (hold.state, await taken_in(desk, session_id)) == (HoldState.asked, 1)
    [told] = await desk.events(GuestPlacesHeld)
    assert told.purpose is LinkPurpose.wait
    assert await waiting_in(desk, session_id) == 0, "nobody waits before the link is followed"
    first = await confirm_guest_booking(desk.session, told.code)
    again = await confirm_guest_booking(desk.session, told.code)
    assert first.booking is not None
    assert again.booking is not None
    assert (first.booking.booking.id, first.booking.booking.state) == (hold.id, BookingState.waiting)
    assert await waiting_in(desk, session_id) == 1
    [waitlisted] = await desk.events(BookingWaitlisted)
    assert (waitlisted.position, len(waitlisted.places)) == (1, 1)
    assert await desk.due(END_GUEST_HOLD) == []


async def waiting_in(desk: Desk, session_id: UUID) -> int:
    """Bookings that wait; and the same counted."""
    counted = text(
        """select waiting_count, (select count(*) from bookings b
                                   where b.session_id = p.session_id and b.state = 'waiting') as counted
             from session_places p where session_id = :session_id"""
    )
    row = (await desk.session.execute(counted, {"session_id": session_id})).one()
    assert row.waiting_count == row.counted
    return int(row.waiting_count)


async def test_a_place_that_became_free_before_the_link_was_followed_is_booked(desk: Desk) -> None:
    session_id, booking_id = await full_session(desk)
    await hold_for_guest(desk.session, request(session_id, accepts_waiting=True))
    await cancel_booking(desk.session, booking_id, None)
    found = await confirm_guest_booking(desk.session, await code_of(desk))
    assert found.booking is not None
    assert found.booking.booking.state == BookingState.confirmed
    assert (await taken_in(desk, session_id), await waiting_in(desk, session_id)) == (1, 0)


async def test_who_asked_to_wait_and_never_followed_the_link_is_forgotten(desk: Desk) -> None:
    session_id, _ = await full_session(desk)
    hold = await hold_for_guest(desk.session, request(session_id, accepts_waiting=True))
    hold_id, household_id = hold.id, hold.household_id
    await make_late(desk, hold_id)
    with pytest.raises(HoldGivenBack):
        await confirm_guest_booking(desk.session, await code_of(desk))
    await end_hold(desk.session, hold_id)
    assert await taken_in(desk, session_id) == 1
    left = text("select count(*) from households where id = :id")
    assert await desk.session.scalar(left, {"id": household_id}) == 0


async def test_more_than_the_session_can_ever_give_is_refused(desk: Desk) -> None:
    session_id, _ = await full_session(desk)
    with pytest.raises(NoPlaceForGuest):
        await hold_for_guest(desk.session, request(session_id, "Ada", "Grace", accepts_waiting=True))


async def test_an_offer_sends_the_guest_a_link_of_its_own(desk: Desk) -> None:
    session_id, before, code = await offered_guest(desk)
    assert code != before
    told, [offered] = (await desk.events(GuestPlacesHeld))[-1], await desk.events(BookingOffered)
    assert (told.purpose, told.expires_at, told.booking_id) == (
        LinkPurpose.take_offer, offered.expires_at, offered.booking_id,
    )  # fmt: skip
    assert offered.is_told_by_link
    with pytest.raises(UnknownGuestCode):
        await show_guest_booking(desk.session, before)
    found = await show_guest_booking(desk.session, code)
    assert found.booking is not None
    assert found.booking.booking.state == BookingState.offered
    assert await taken_in(desk, session_id) == 1


async def test_an_offer_is_taken_by_the_link(desk: Desk) -> None:
    session_id, _, code = await offered_guest(desk)
    taken = await answer_offer_of_guest(desk.session, code, is_taken=True)
    assert taken.booking.state == BookingState.confirmed
    assert (await desk.events(BookingConfirmed))[-1].booking_id == taken.booking.id
    with pytest.raises(NoOffer):
        await answer_offer_of_guest(desk.session, code, is_taken=True)
    assert (await taken_in(desk, session_id), await waiting_in(desk, session_id)) == (1, 0)


async def test_an_offer_is_left_by_the_link(desk: Desk) -> None:
    session_id, _, code = await offered_guest(desk)
    left = await answer_offer_of_guest(desk.session, code, is_taken=False)
    assert left.booking.state == BookingState.cancelled
    assert (await desk.events(BookingCancelled))[-1].reason == CancellationReason.offer_declined
    assert (await taken_in(desk, session_id), await waiting_in(desk, session_id)) == (0, 0)


async def test_who_waits_leaves_the_list_by_the_link(desk: Desk) -> None:
    session_id, _ = await full_session(desk)
    code = await waiting_guest(desk, session_id)
    with pytest.raises(NoOffer):
        await answer_offer_of_guest(desk.session, code, is_taken=True)
    await cancel_guest_booking(desk.session, code)
    assert await waiting_in(desk, session_id) == 0


async def test_an_offer_to_a_family_is_told_as_before(desk: Desk) -> None:
    session_id, booking_id = await full_session(desk)
    household_id, _contact = await desk.household()
    await desk.book(session_id, await desk.participant(household_id))
    await cancel_booking(desk.session, booking_id, None)
    await offer_free_places(desk.session, session_id)
    [offered] = await desk.events(BookingOffered)
    assert not offered.is_told_by_link
    assert await desk.events(GuestPlacesHeld) == []


async def test_what_makes_no_sense_is_refused(desk: Desk) -> None:
    session_id = await desk.planned()
    with pytest.raises(UnknownPriceForGuest):
        await hold_for_guest(desk.session, request(session_id, people=[("Ada", "Byron", "child")]))
    with pytest.raises(UnknownGuestCode):
        await show_guest_booking(desk.session, "no-such-code-at-all-here")
    await desk.begin(session_id)
    with pytest.raises(SessionNotOpen):
        await hold_for_guest(desk.session, request(session_id))


async def test_the_link_gives_up_a_booking_by_its_terms_and_a_hold_at_once(desk: Desk) -> None:
    session_id = await desk.planned()
    await hold_for_guest(desk.session, request(session_id))
    booked = await code_of(desk)
    await confirm_guest_booking(desk.session, booked)
    await hold_for_guest(desk.session, request(session_id, email="other@example.org"))
    held = await code_of(desk)
    cancelled = await cancel_guest_booking(desk.session, booked)
    await cancel_guest_booking(desk.session, booked)
    await cancel_guest_booking(desk.session, held)
    assert await taken_in(desk, session_id) == 0
    assert cancelled.booking is not None
    assert cancelled.booking.booking.state == BookingState.cancelled
    [event] = await desk.events(BookingCancelled)
    assert [back.amount_minor for back in event.given_back] == [500]
