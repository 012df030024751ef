"""A booking from request to confirmed or waiting; places are taken by one conditional update."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Principal
from access.roles import FIELD_STAFF
from access.row_policies import act_for, widen
from activities.bookings import queries
from activities.bookings.domain import (
    BookingState,
    Debtor,
    Guest,
    Offer,
    PricedPlace,
    Raced,
    SessionFull,
    UnknownParticipants,
    Wish,
    debtor_of,
    price_places,
)
from activities.bookings.queries import BookingFacts, BookingWithPlaces, SessionFacts
from activities.bookings.tables import Booking, BookingDecision, Place
from activities.sessions.domain import SessionState, UnknownSession, check_open, check_walk_in
from activities.sessions.queries import get_session
from activities.sessions.tables import PlannedSession
from activities.sessions.use_cases import cost_shares_of
from common.clock import now
from common.idempotency import OnceKey, check_same_request
from common.ids import new_id
from common.outbox import outbox_row, publish
from common.tracing import current_traceparent
from contracts.activities import BookedPlace, BookingConfirmed, BookingWaitlisted, Payer

_ASKED = """
    with asked as (
      select * from jsonb_to_record($1::jsonb) as (
        booking_id uuid, session_id uuid, session_version bigint, organisation_id uuid, state text,
        booked_by_organisation_id uuid, contact_id uuid, payer_kind text, payer_id uuid, currency text,
        waiting_since timestamptz, explanation jsonb, places_count bigint, places jsonb,
        event_id uuid, wire_type text, topic text, key uuid, traceparent text, caller text, once_key text)),"""
_SEATS = """
    seats as (
      update session_places p set taken = taken + places_count from asked
       where p.session_id = asked.session_id and p.session_version = asked.session_version
         and taken + places_count <= capacity
      returning asked.*)"""
_WRITTEN = """
    booking as (
      insert into bookings (id, organisation_id, version, session_id, state, booked_by_organisation_id, contact_id,
                            payer_kind, payer_id, currency, waiting_since)
      select booking_id, organisation_id, 1, session_id, state, booked_by_organisation_id, contact_id,
             payer_kind, payer_id, currency, waiting_since from granted),
    places as (
      insert into booked_places (booking_id, participant_id, organisation_id, session_id, home_organisation_id, age,
                                 price_category, price_minor)
      select booking_id, place.participant_id, organisation_id, session_id, place.home_organisation_id, place.age,
             place.price_category, place.price_minor
        from granted, jsonb_to_recordset(granted.places) as place (
             participant_id uuid, home_organisation_id uuid, age bigint, price_category text, price_minor bigint)),
    decision as (
      insert into booking_decisions (organisation_id, booking_id, decision, explanation)
      select organisation_id, booking_id, state, explanation from granted),
    event as (
      insert into outbox_events (event_id, wire_type, topic, key, organisation_id, payload, traceparent)
      select event_id, wire_type, topic, key, organisation_id, $2, traceparent from granted),
    answered as (
      insert into idempotency_keys (caller, key, fingerprint, status, answer)
      select caller, once_key, $4, 201, $3 from granted)
    select count(*) from granted"""

# The seat row is locked first and everything else hangs on it: no seat, no booking, no event, no answer.
TAKE_PLACES = _ASKED + _SEATS.replace("seats as", "granted as") + "," + _WRITTEN
JOIN_WAITING_LIST = _ASKED + " granted as (select * from asked)," + _WRITTEN
LOCK_PLACES = "select capacity, taken, session_version from session_places where session_id = $1 for update"


@dataclass(frozen=True)
class BookingRequest:
    """What somebody asks for; `accepts_waiting` is whether they join the list when the session is full."""

    session_id: UUID
    wishes: Sequence[Wish]
    booked_by_organisation_id: UUID | None
    accepts_waiting: bool
    walked_in: bool = False


@dataclass(frozen=True)
class NewBooking:
    """A request that the rules grant; only the places decide now between confirmed and waiting."""

    id: UUID
    session: SessionFacts
    places: Sequence[PricedPlace]
    debtor: Debtor
    contact_id: UUID | None
    booked_by_organisation_id: UUID | None
    state: BookingState = BookingState.confirmed
    waiting_since: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """The answer's text as it is stored under the request's key, and whether it was given before."""

    text: str
    replayed: bool


Render = Callable[[NewBooking], str]


async def book_places(
    connection: asyncpg.Connection, caller: Principal, request: BookingRequest, once_key: OnceKey, render: Render
) -> Answer:
    """Confirm the booking, or put it on the waiting list when too few places are free; once per key.

    On the bare driver, because this is the path that a crowd takes: one statement reads, one writes.
    Raises UnknownSession, SessionNotOpen, UnknownParticipants, NamedTwice, UnknownPriceCategory, NotEligible,
    SeveralHouseholds, SessionFull when the caller does not want to wait, and Raced when it must be tried again.
    """
    ids = [wish.participant_id for wish in request.wishes]
    facts = await queries.find_booking_facts(connection, request.session_id, ids, caller.key, once_key.key)
    if facts.answered is not None:
        fingerprint, _status, text = facts.answered
        check_same_request(once_key, fingerprint)
        return Answer(text, replayed=True)
    booking = _check_request(caller, request, facts)
    if not caller.may(booking.session.organisation_id, FIELD_STAFF):
        await widen(connection, booking.session.organisation_id, "booking a session that is open to the caller")
    try:
        if await _write(connection, TAKE_PLACES, booking, caller, once_key, render(booking)):
            return Answer(render(booking), replayed=False)
        return await _wait_for_places(connection, caller, request, booking, once_key, render)
    except asyncpg.UniqueViolationError as error:
        raise Raced("A participant is booked on this session, or waits for it.") from error


def _check_request(caller: Principal, request: BookingRequest, facts: BookingFacts) -> NewBooking:
    """Check everything but the places, and freeze the prices."""
    session = facts.session
    if session is None:
        raise UnknownSession("There is no such session.")
    if request.walked_in:
        check_walk_in(SessionState(session.state), session.open_door)
    else:
        check_open(SessionState(session.state), session.starts_at, now())
    guests = {
        guest_id: guest
        for guest_id, guest in facts.guests.items()
        if _may_book_for(caller, guest, request.booked_by_organisation_id)
    }
    places = price_places(_offer_of(session), request.wishes, guests)
    contacts = {guest.contact_id for guest in guests.values()}
    return NewBooking(
        id=new_id(),
        session=session,
        places=places,
        debtor=debtor_of(list(guests.values()), request.booked_by_organisation_id),
        contact_id=contacts.pop() if len(contacts) == 1 else None,
        booked_by_organisation_id=request.booked_by_organisation_id,
    )


def _may_book_for(caller: Principal, guest: Guest, booked_by_organisation_id: UUID | None) -> bool:
    if booked_by_organisation_id is not None:
        return guest.home_organisation_id == booked_by_organisation_id
    return guest.participant_id in caller.persons or caller.may(guest.home_organisation_id, FIELD_STAFF)


def _offer_of(session: SessionFacts) -> Offer:
    day = session.starts_at.astimezone(ZoneInfo(session.time_zone)).date()
    return Offer(day, session.age_from, session.age_to, session.prices)


async def _wait_for_places(
    connection: asyncpg.Connection,
    caller: Principal,
    request: BookingRequest,
    booking: NewBooking,
    once_key: OnceKey,
    render: Render,
) -> Answer:
    """Lock the places and look again; then join the waiting list, or raise SessionFull."""
    hot = await connection.fetchrow(LOCK_PLACES, request.session_id)
    free = hot["capacity"] - hot["taken"]
    if hot["session_version"] != booking.session.version or free >= len(booking.places):
        raise Raced("The session has changed meanwhile.")
    if not request.accepts_waiting:
        raise SessionFull(f"{free} of {hot['capacity']} places are free.")
    position = await connection.fetchval(queries.COUNT_WAITING, request.session_id) + 1
    waiting = replace(booking, state=BookingState.waiting, waiting_since=now())
    explanation = {"rule": "too_few_places_free", "free": free, "wanted": len(booking.places), "position": position}
    await _write(
        connection, JOIN_WAITING_LIST, waiting, caller, once_key, render(waiting), **explanation
    )
    return Answer(render(waiting), replayed=False)


async def _write(
    connection: asyncpg.Connection,
    statement: str,
    booking: NewBooking,
    caller: Principal,
    once_key: OnceKey,
    answer: str,
    **explanation: Any,
) -> bool:
    """Write the booking, its places, the decision, the event and the answer in one statement; False when no seat."""
    event = _event_of(booking, explanation.get("position"))
    session = booking.session
    asked = {
        "booking_id": booking.id,
        "session_id": session.id,
        "session_version": session.version,
        "state": booking.state,
        "booked_by_organisation_id": booking.booked_by_organisation_id,
        "contact_id": booking.contact_id,
        "payer_kind": booking.debtor.kind,
        "payer_id": booking.debtor.id,
        "currency": session.currency,
        "waiting_since": booking.waiting_since,
        "explanation": explanation or {"rule": "places_free"},
        "places_count": len(booking.places),
        "places": [asdict(place) for place in booking.places],
        "caller": caller.key,
        "once_key": once_key.key,
        **outbox_row(event, current_traceparent()),
    }
    payload = asked.pop("payload")
    written = await connection.fetchval(
        statement, json.dumps(asked, default=str), payload, answer, once_key.fingerprint
    )
    return bool(written)


def _event_of(booking: NewBooking, position: int | None) -> BookingConfirmed | BookingWaitlisted:
    session = booking.session
    facts = {
        "organisation_id": session.organisation_id,
        "booking_id": booking.id,
        "version": 1,
        "session_id": session.id,
        "activity_id": session.activity_id,
        "title": session.title,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "time_zone": session.time_zone,
        "cost_shares": [{"organisation_id": bearer, "basis_points": points} for bearer, points in session.cost_shares],
        "booked_by_organisation_id": booking.booked_by_organisation_id,
        "contact_id": booking.contact_id,
        "payer": asdict(booking.debtor),
        "currency": session.currency,
        "places": [asdict(place) for place in booking.places],
    }
    if booking.state is BookingState.waiting:
        return BookingWaitlisted.model_validate({**facts, "position": position})
    return BookingConfirmed.model_validate(facts)


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
