"""Booking with an e-mail address only: places are held; the link in the e-mail confirms, shows and gives them up."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from access.row_policies import act_for
from activities.bookings.domain import (
    OTHERS_WAIT,
    BookingState,
    Crowd,
    NewBooking,
    PricedPlace,
    is_served_now,
    waiting_explanation,
)
from activities.bookings.queries import BookingWithPlaces, get_booking
from activities.bookings.use_cases import add_booking
from activities.cancellations.use_cases import cancel_booking
from activities.guests import queries
from activities.guests.domain import (
    OPEN_STATES,
    GuestPlace,
    HoldState,
    NoPlaceForGuest,
    check_held,
    hold_expires_at,
    price_guests,
)
from activities.guests.tables import GuestHold
from activities.participants.domain import digest_of
from activities.participants.use_cases import (
    forget_contact_of_guest,
    register_contact,
    register_household,
    register_participant,
)
from activities.sessions.domain import SessionFacts, check_open
from activities.sessions.queries import get_facts, lock_places
from activities.sessions.use_cases import OFFER_FREE_PLACES, free_places, hold_places, lengthen_waiting_list
from common import due_rows
from common.clock import now
from common.outbox import publish
from contracts.activities import GuestPlacesHeld, LinkPurpose

END_GUEST_HOLD = "end_guest_hold"
CODE_BYTES = 24
BY_THE_LINK = "the link in an e-mail to a guest"


@dataclass(frozen=True)
class GuestRequest:
    """Who wants to come, as (given name, family name, price category), and where the link is sent."""

    session_id: UUID
    email: str
    language: str
    people: Sequence[tuple[str, str, str]]
    accepts_waiting: bool = False


@dataclass(frozen=True)
class GuestBooking:
    """What the link leads to; `booking` once it was followed."""

    hold: GuestHold
    booking: BookingWithPlaces | None


async def hold_for_guest(session: AsyncSession, request: GuestRequest) -> GuestHold:
    """Hold places of a published session and send the link that confirms them; an earlier hold of the address ends.

    When too few are free and the guest accepts it, nothing is held and the link joins the waiting list.
    Raises UnknownSession, SessionNotOpen, UnknownPriceForGuest, or NoPlaceForGuest.
    """
    planned = await get_facts(session, request.session_id)
    check_open(planned.state, planned.starts_at, now())
    places = price_guests(request.people, planned.prices)
    async with act_for(session, planned.organisation_id, because="a guest books a published session"):
        hot = await lock_places(session, planned.id)
        for hold_id in await queries.list_open_holds_of_email(session, planned.id, request.email):
            await _give_back(session, await queries.lock_hold(session, hold_id))
        hot = await lock_places(session, planned.id)
        if is_served_now(Crowd(hot.capacity, hot.taken, hot.waiting_count), len(places), walked_in=False):
            hold = await _ask(session, planned, request, places, LinkPurpose.confirm)
            await hold_places(session, planned.id, len(places))
            return hold
        if not request.accepts_waiting or len(places) > hot.capacity:
            raise NoPlaceForGuest(f"{max(0, hot.capacity - hot.taken)} of {hot.capacity} places are free.")
        return await _ask(session, planned, request, places, LinkPurpose.wait)


async def _ask(
    session: AsyncSession,
    planned: SessionFacts,
    request: GuestRequest,
    places: Sequence[GuestPlace],
    purpose: LinkPurpose,
) -> GuestHold:
    """Keep who wants to come and send the link; the places are counted by the caller."""
    first = places[0]
    household = await register_household(session, planned.organisation_id, first.family_name)
    display_name = f"{first.given_name} {first.family_name}"
    contact = await register_contact(session, household.id, display_name, request.email, request.language)
    code = secrets.token_urlsafe(CODE_BYTES)
    hold = GuestHold(
        organisation_id=planned.organisation_id,
        session_id=planned.id,
        household_id=household.id,
        contact_id=contact.id,
        people=[asdict(place) for place in places],
        places_count=len(places),
        currency=planned.currency,
        state=HoldState.held if purpose is LinkPurpose.confirm else HoldState.asked,
        code_digest=digest_of(code),
        expires_at=hold_expires_at(now(), planned.starts_at),
    )
    session.add(hold)
    await session.flush()
    await due_rows.schedule(session, END_GUEST_HOLD, hold.id, hold.organisation_id, hold.expires_at)
    await publish(session, _told(hold, planned, contact.id, code, hold.expires_at, purpose))
    return hold


async def send_offer_link(session: AsyncSession, booking_id: UUID, planned: SessionFacts, expires_at: datetime) -> bool:
    """Send a guest who waited the link that takes or leaves an offer; earlier links work no more.

    False when no guest made the booking, who is told in another way then.
    """
    hold = await queries.lock_hold_of_booking(session, booking_id)
    if hold is None or hold.contact_id is None:
        return False
    code = secrets.token_urlsafe(CODE_BYTES)
    hold.code_digest = digest_of(code)
    await session.flush()
    await publish(session, _told(hold, planned, hold.contact_id, code, expires_at, LinkPurpose.take_offer))
    return True


def _told(
    hold: GuestHold, planned: SessionFacts, contact_id: UUID, code: str, expires_at: datetime, purpose: LinkPurpose
) -> GuestPlacesHeld:
    return GuestPlacesHeld(
        organisation_id=hold.organisation_id,
        booking_id=hold.id,
        session_id=planned.id,
        site_id=planned.site_id,
        rooms=planned.rooms,
        title=planned.title,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        time_zone=planned.time_zone,
        contact_id=contact_id,
        places=hold.places_count,
        price_minor=sum(person["price_minor"] for person in hold.people),
        currency=hold.currency,
        expires_at=expires_at,
        code=code,
        purpose=purpose,
    )


async def show_guest_booking(session: AsyncSession, code: str) -> GuestBooking:
    """What is held or booked under the link. Raises UnknownGuestCode."""
    owner = await queries.get_owner_of_code(session, code)
    async with act_for(session, owner.organisation_id, because=BY_THE_LINK):
        return await _found(session, await queries.lock_hold(session, owner.hold_id))


async def _found(session: AsyncSession, hold: GuestHold) -> GuestBooking:
    is_booked = hold.state == HoldState.confirmed
    return GuestBooking(hold, await get_booking(session, hold.id) if is_booked else None)


async def confirm_guest_booking(session: AsyncSession, code: str) -> GuestBooking:
    """Turn the held places into a booking, or join the waiting list when none are held; again changes nothing.

    Raises UnknownGuestCode, HoldGivenBack or SessionNotOpen.
    """
    owner = await queries.get_owner_of_code(session, code)
    async with act_for(session, owner.organisation_id, because=BY_THE_LINK):
        hot = await lock_places(session, owner.session_id)
        hold = await queries.lock_hold(session, owner.hold_id)
        check_held(HoldState(hold.state), hold.expires_at, now())
        if hold.state in OPEN_STATES:
            await _confirm(session, hold, Crowd(hot.capacity, hot.taken, hot.waiting_count))
        return await _found(session, hold)


async def _confirm(session: AsyncSession, hold: GuestHold, crowd: Crowd) -> None:
    planned = await get_facts(session, hold.session_id)
    check_open(planned.state, planned.starts_at, now())
    is_served = hold.state == HoldState.held or is_served_now(crowd, hold.places_count, walked_in=False)
    booking = await _booking(session, hold, planned)
    if is_served and hold.state == HoldState.asked:
        await hold_places(session, planned.id, hold.places_count)
    if is_served:
        await add_booking(session, booking)
    else:
        await _join_waiting_list(session, booking, crowd)
    hold.state = HoldState.confirmed
    await due_rows.complete(session, END_GUEST_HOLD, hold.id)
    await session.flush()


async def _join_waiting_list(session: AsyncSession, booking: NewBooking, crowd: Crowd) -> None:
    why = waiting_explanation(crowd, len(booking.places))
    waiting = replace(booking, state=BookingState.waiting, waiting_since=now(), explanation=why)
    await add_booking(session, waiting)
    await lengthen_waiting_list(session, booking.session.id)
    if why["rule"] == OTHERS_WAIT:
        planned = booking.session
        await due_rows.schedule(session, OFFER_FREE_PLACES, planned.id, planned.organisation_id, now())


async def _booking(session: AsyncSession, hold: GuestHold, planned: SessionFacts) -> NewBooking:
    places = [await _place(session, hold, person) for person in hold.people]
    if hold.household_id is None:
        raise AssertionError("a hold that waits has a household")
    return NewBooking(
        id=hold.id,
        session=planned,
        places=places,
        payer_kind="household",
        payer_id=hold.household_id,
        contact_id=hold.contact_id,
        booked_by_organisation_id=None,
        walked_in=False,
        explanation={"rule": "guest_followed_link"},
    )


async def _place(session: AsyncSession, hold: GuestHold, person: dict[str, Any]) -> PricedPlace:
    participant = await register_participant(
        session, hold.organisation_id, hold.household_id, person["given_name"], person["family_name"], None
    )
    return PricedPlace(participant.id, hold.organisation_id, None, person["price_category"], person["price_minor"])


async def cancel_guest_booking(session: AsyncSession, code: str) -> GuestBooking:
    """Give up everything that is held or booked under the link, by the cancellation terms; again changes nothing.

    Raises UnknownGuestCode or SessionNotOpen.
    """
    owner = await queries.get_owner_of_code(session, code)
    async with act_for(session, owner.organisation_id, because=BY_THE_LINK):
        await lock_places(session, owner.session_id)
        hold = await queries.lock_hold(session, owner.hold_id)
        found = await _found(session, hold)
        if hold.state in OPEN_STATES:
            await _give_back(session, hold)
        elif found.booking is not None and found.booking.places:
            await cancel_booking(session, hold.id, None)
        return await _found(session, hold)


async def end_hold(session: AsyncSession, hold_id: UUID) -> None:
    """Give held places back when nobody followed the link in time, and forget who asked for them."""
    await lock_places(session, await queries.get_session_of_hold(session, hold_id))
    hold = await queries.lock_hold(session, hold_id)
    if hold.state in OPEN_STATES and hold.expires_at <= now():
        await _give_back(session, hold)


async def _give_back(session: AsyncSession, hold: GuestHold) -> None:
    household_id, contact_id, was_held = hold.household_id, hold.contact_id, hold.state == HoldState.held
    hold.state, hold.people = HoldState.given_back, []
    hold.household_id = hold.contact_id = None
    await session.flush()
    if was_held:
        await free_places(session, hold.session_id, hold.organisation_id, hold.places_count)
    await due_rows.complete(session, END_GUEST_HOLD, hold.id)
    if household_id is not None and contact_id is not None:
        await forget_contact_of_guest(session, household_id, contact_id)


async def forget_guests(session: AsyncSession, household_ids: Collection[UUID]) -> int:
    """Keep no name of guests who became these households, and let their links work no more; returns how many holds."""
    holds = await queries.lock_holds_of_households(session, household_ids)
    for hold in holds:
        hold.people, hold.contact_id = [], None
        hold.code_digest = digest_of(secrets.token_urlsafe(CODE_BYTES))
    await session.flush()
    return len(holds)
