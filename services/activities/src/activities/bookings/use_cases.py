"""A booking from request to confirmed or waiting; places are taken by one conditional update."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Principal
from access.roles import FIELD_STAFF
from access.row_policies import act_for
from activities.bookings import queries
from activities.bookings.domain import (
    AlreadyBooked,
    BookingState,
    Debtor,
    Guest,
    Offer,
    PricedPlace,
    SessionFull,
    UnknownParticipants,
    Wish,
    debtor_of,
    price_places,
)
from activities.bookings.queries import BookingWithPlaces
from activities.bookings.tables import Booking, BookingDecision, Place
from activities.sessions.domain import SessionState, check_open, check_walk_in
from activities.sessions.queries import get_session, lock_places
from activities.sessions.tables import PlannedSession
from activities.sessions.use_cases import cost_shares_of
from common.clock import now
from common.ids import new_id
from common.outbox import outbox_row, publish
from common.tracing import current_traceparent
from contracts.activities import (
    BookedPlace,
    BookingConfirmed,
    BookingWaitlisted,
    Payer,
)

# The seat row is locked first and everything else hangs on it: no seat, no booking, no event.
TAKE_PLACES = text(
    """with seats as (
         update session_places set taken = taken + :places_count
          where session_id = :session_id and taken + :places_count <= capacity returning session_id),
       booking as (
         insert into bookings (id, organisation_id, version, session_id, state, booked_by_organisation_id,
                               contact_id, payer_kind, payer_id, currency)
         select :booking_id, :organisation_id, 1, session_id, 'confirmed', :booked_by_organisation_id,
                :contact_id, :payer_kind, :payer_id, :currency from seats),
       places as (
         insert into booked_places (booking_id, participant_id, organisation_id, session_id, home_organisation_id,
                                    age, price_category, price_minor)
         select :booking_id, place.participant_id, :organisation_id, session_id, place.home_organisation_id,
                place.age, place.price_category, place.price_minor
           from seats, unnest(cast(:participant_ids as uuid[]), cast(:home_ids as uuid[]), cast(:ages as bigint[]),
                              cast(:categories as text[]), cast(:prices as bigint[]))
                as place(participant_id, home_organisation_id, age, price_category, price_minor)),
       decision as (
         insert into booking_decisions (organisation_id, booking_id, decision, explanation)
         select :organisation_id, :booking_id, 'confirmed', cast(:explanation as jsonb) from seats),
       event as (
         insert into outbox_events (event_id, wire_type, topic, key, organisation_id, payload, traceparent)
         select :event_id, :wire_type, :topic, :key, :organisation_id, :payload, :traceparent from seats)
       select count(*) from seats"""
)
PLACES_WERE_FREE = '{"rule": "places_free", "sentence": "Enough places were free."}'


@dataclass(frozen=True)
class BookingRequest:
    """What somebody asks for; `accepts_waiting` is whether they join the list when the session is full."""

    session_id: UUID
    wishes: Sequence[Wish]
    booked_by_organisation_id: UUID | None
    accepts_waiting: bool


@dataclass(frozen=True)
class Checked:
    """A request that may be granted as far as rules go; only the places decide now."""

    booking_id: UUID
    planned: PlannedSession
    places: Sequence[PricedPlace]
    debtor: Debtor
    contact_id: UUID | None
    booked_by_organisation_id: UUID | None


async def book_places(session: AsyncSession, caller: Principal, request: BookingRequest) -> BookingWithPlaces:
    """Confirm the booking, or put it on the waiting list when too few places are free.

    Raises UnknownSession, SessionNotOpen, UnknownParticipants, NamedTwice, UnknownPriceCategory, NotEligible,
    SeveralHouseholds, AlreadyBooked, and SessionFull when the caller does not want to wait.
    """
    planned = await get_session(session, request.session_id)
    check_open(SessionState(planned.state), planned.starts_at, now())
    return await _book(session, caller, request, planned)


async def book_walk_in(session: AsyncSession, caller: Principal, request: BookingRequest) -> BookingWithPlaces:
    """Confirm people who came to an open-door session without a booking. Raises SessionNotOpen, SessionFull."""
    planned = await get_session(session, request.session_id)
    check_walk_in(SessionState(planned.state), planned.open_door)
    return await _book(session, caller, request, planned)


async def _book(
    session: AsyncSession, caller: Principal, request: BookingRequest, planned: PlannedSession
) -> BookingWithPlaces:
    checked = await _check_request(session, caller, request, planned)
    async with _for_organiser(session, caller, checked.planned):
        try:
            if not await _take_places(session, checked):
                await _wait_for_places(session, checked, request.accepts_waiting)
        except IntegrityError as error:
            _raise_already_booked(error)
        return await queries.get_booking(session, checked.booking_id)


async def _check_request(
    session: AsyncSession, caller: Principal, request: BookingRequest, planned: PlannedSession
) -> Checked:
    """Check everything but the places."""
    visible = await queries.list_guests(session, [wish.participant_id for wish in request.wishes])
    guests = {
        guest_id: guest
        for guest_id, guest in visible.items()
        if _may_book_for(caller, guest, request.booked_by_organisation_id)
    }
    places = price_places(_offer_of(planned), request.wishes, guests)
    contacts = {guest.contact_id for guest in guests.values()}
    return Checked(
        booking_id=new_id(),
        planned=planned,
        places=places,
        debtor=debtor_of(list(guests.values()), request.booked_by_organisation_id),
        contact_id=contacts.pop() if len(contacts) == 1 else None,
        booked_by_organisation_id=request.booked_by_organisation_id,
    )


def _may_book_for(caller: Principal, guest: Guest, booked_by_organisation_id: UUID | None) -> bool:
    if booked_by_organisation_id is not None:
        return guest.home_organisation_id == booked_by_organisation_id
    return guest.participant_id in caller.persons or caller.may(guest.home_organisation_id, FIELD_STAFF)


def _offer_of(planned: PlannedSession) -> Offer:
    day = planned.starts_at.astimezone(ZoneInfo(planned.time_zone)).date()
    return Offer(day, planned.age_from, planned.age_to, planned.prices)


def _for_organiser(
    session: AsyncSession, caller: Principal, planned: PlannedSession
) -> AbstractAsyncContextManager[None]:
    """The seats belong to the organiser; a guest association or a parent may take them because the session is open."""
    if caller.may(planned.organisation_id, FIELD_STAFF):
        return nullcontext()
    return act_for(session, planned.organisation_id, because="booking places of a session that is open to the caller")


async def _take_places(session: AsyncSession, checked: Checked) -> bool:
    """Take the places and write the confirmed booking with its event, all in one statement; False when too few."""
    planned, places = checked.planned, checked.places
    event = BookingConfirmed(**_facts(checked))
    taken = await session.execute(
        TAKE_PLACES,
        {
            "places_count": len(places),
            "session_id": planned.id,
            "booking_id": checked.booking_id,
            "booked_by_organisation_id": checked.booked_by_organisation_id,
            "contact_id": checked.contact_id,
            "payer_kind": checked.debtor.kind,
            "payer_id": checked.debtor.id,
            "currency": planned.currency,
            "participant_ids": [place.participant_id for place in places],
            "home_ids": [place.home_organisation_id for place in places],
            "ages": [place.age for place in places],
            "categories": [place.price_category for place in places],
            "prices": [place.price_minor for place in places],
            "explanation": PLACES_WERE_FREE,
            **outbox_row(event, current_traceparent()),
        },
    )
    return bool(taken.scalar_one())


async def _wait_for_places(session: AsyncSession, checked: Checked, accepts_waiting: bool) -> None:
    """Lock the places and look again; then join the waiting list, or raise SessionFull."""
    hot = await lock_places(session, checked.planned.id)
    if hot.capacity - hot.taken >= len(checked.places) and await _take_places(session, checked):
        return
    if not accepts_waiting:
        raise SessionFull(f"{hot.capacity - hot.taken} of {hot.capacity} places are free.")
    position = await queries.count_waiting(session, checked.planned.id) + 1
    session.add(
        Booking(
            id=checked.booking_id,
            organisation_id=checked.planned.organisation_id,
            session_id=checked.planned.id,
            state=BookingState.waiting,
            booked_by_organisation_id=checked.booked_by_organisation_id,
            contact_id=checked.contact_id,
            payer_kind=checked.debtor.kind,
            payer_id=checked.debtor.id,
            currency=checked.planned.currency,
            waiting_since=now(),
        )
    )
    await session.flush()
    session.add_all(_waiting_places(checked))
    await session.flush()
    facts = {"free": hot.capacity - hot.taken, "wanted": len(checked.places), "position": position}
    await record_decision(
        session, checked.planned.organisation_id, checked.booking_id, "waiting", "too_few_places_free", facts
    )
    await publish(session, BookingWaitlisted(**_facts(checked), position=position))


def _waiting_places(checked: Checked) -> list[Place]:
    return [
        Place(
            booking_id=checked.booking_id,
            participant_id=place.participant_id,
            organisation_id=checked.planned.organisation_id,
            session_id=checked.planned.id,
            home_organisation_id=place.home_organisation_id,
            age=place.age,
            price_category=place.price_category,
            price_minor=place.price_minor,
        )
        for place in checked.places
    ]


def _raise_already_booked(error: IntegrityError) -> None:
    if getattr(error.driver_exception, "constraint_name", None) == "booked_places_live_key":
        raise AlreadyBooked("A participant is booked on this session, or waits for it.") from error
    raise error


async def record_decision(
    session: AsyncSession, organisation_id: UUID, booking_id: UUID, decision: str, rule: str, facts: dict[str, Any]
) -> None:
    """Keep why something was decided; never changed afterwards."""
    explanation = {"rule": rule, **facts}
    session.add(
        BookingDecision(
            organisation_id=organisation_id, booking_id=booking_id, decision=decision, explanation=explanation
        )
    )
    await session.flush()


def _facts(checked: Checked) -> dict[str, Any]:
    """The fields of an event about a new booking."""
    planned = checked.planned
    return {
        "organisation_id": planned.organisation_id,
        "booking_id": checked.booking_id,
        "version": 1,
        **_session_facts(planned),
        "booked_by_organisation_id": checked.booked_by_organisation_id,
        "contact_id": checked.contact_id,
        "payer": Payer(
            kind="household" if checked.debtor.kind == "household" else "organisation", id=checked.debtor.id
        ),
        "currency": planned.currency,
        "places": tuple(
            BookedPlace(
                participant_id=place.participant_id,
                home_organisation_id=place.home_organisation_id,
                age=place.age,
                price_category=place.price_category,
                price_minor=place.price_minor,
            )
            for place in checked.places
        ),
    }


def _session_facts(planned: PlannedSession) -> dict[str, Any]:
    return {
        "session_id": planned.id,
        "activity_id": planned.activity_id,
        "title": planned.title,
        "starts_at": planned.starts_at,
        "ends_at": planned.ends_at,
        "time_zone": planned.time_zone,
        "cost_shares": cost_shares_of(planned),
    }


def facts_of(booking: Booking, places: Sequence[Place], planned: PlannedSession) -> dict[str, Any]:
    """The fields that every booking event carries, of a booking as it stands."""
    return {
        "organisation_id": booking.organisation_id,
        "booking_id": booking.id,
        "version": booking.version,
        **_session_facts(planned),
        "booked_by_organisation_id": booking.booked_by_organisation_id,
        "contact_id": booking.contact_id,
        "payer": Payer.model_validate({"kind": booking.payer_kind, "id": booking.payer_id}),
        "currency": booking.currency,
        "places": tuple(booked_place(place) for place in places),
    }


def booked_place(place: Place) -> BookedPlace:
    """A place as events tell of it."""
    return BookedPlace(
        participant_id=place.participant_id,
        home_organisation_id=place.home_organisation_id,
        age=place.age,
        price_category=place.price_category,
        price_minor=place.price_minor,
    )


async def confirm_offered(session: AsyncSession, booking_id: UUID) -> BookingWithPlaces:
    """Turn an offer into a confirmed booking: its places were set aside when it was made. The booking is locked."""
    found = await queries.lock_booking(session, booking_id)
    booking = found.booking
    planned = await get_session(session, booking.session_id)
    check_open(SessionState(planned.state), planned.starts_at, now())
    booking.state, booking.offer_expires_at = BookingState.confirmed, None
    booking.version += 1
    await session.flush()
    await record_decision(session, booking.organisation_id, booking.id, "confirmed", "offer_accepted", {})
    await publish(session, BookingConfirmed(**facts_of(booking, found.places, planned)))
    return found


def check_may_change(caller: Principal, found: BookingWithPlaces) -> None:
    """Organiser's staff, the association that booked, and who answers for all its participants may change a booking.

    Raises UnknownParticipants for everybody else, who may see it at most.
    """
    booking = found.booking
    if caller.may(booking.organisation_id, FIELD_STAFF):
        return
    if booking.booked_by_organisation_id and caller.may(booking.booked_by_organisation_id, FIELD_STAFF):
        return
    own = all(place.participant_id in caller.persons for place in found.places)
    home = all(caller.may(place.home_organisation_id, FIELD_STAFF) for place in found.places)
    if not found.places or not (own or home):
        raise UnknownParticipants("Ask the association that booked.")


def for_organiser(session: AsyncSession, caller: Principal, booking: Booking) -> AbstractAsyncContextManager[None]:
    """Write the organiser's rows for somebody who may change the booking."""
    if caller.may(booking.organisation_id, FIELD_STAFF):
        return nullcontext()
    return act_for(session, booking.organisation_id, because="changing a booking of the caller's participants")
