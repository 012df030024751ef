"""A booking from request to confirmed or waiting; places are taken by one conditional update."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

import asyncpg
from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Principal
from access.roles import FIELD_STAFF
from access.row_policies import act_for, widened
from activities.bookings import queries
from activities.bookings.domain import (
    OTHERS_WAIT,
    BookingRequest,
    BookingState,
    Crowd,
    Guest,
    NewBooking,
    NothingToCancel,
    PricedPlace,
    Raced,
    UnknownParticipants,
    check_may_wait,
    concerned_associations,
    debtor_of,
    is_served_now,
    offer_of,
    price_places,
    waiting_explanation,
)
from activities.bookings.queries import BookingFacts, BookingWithPlaces
from activities.bookings.tables import Booking, BookingDecision, Place
from activities.sessions.domain import SessionFacts, UnknownSession, check_open, check_walk_in
from activities.sessions.queries import lock_places
from activities.sessions.use_cases import (
    OFFER_FREE_PLACES,
    cost_shares_of,
    free_places,
    shorten_waiting_list,
)
from common.clock import now
from common.database import IN_CONTEXT
from common.idempotency import OnceKey, check_same_request
from common.ids import new_id
from common.outbox import outbox_row, publish
from common.tracing import current_traceparent
from contracts.activities import BookedPlace, BookingConfirmed, BookingWaitlisted

_ASKED = f"""
    with {IN_CONTEXT},
    asked as materialized (
      select told.* from context, jsonb_to_record($2::jsonb) as told (
        booking_id uuid, session_id uuid, session_version bigint, organisation_id uuid, state text,
        booked_by_organisation_id uuid, contact_id uuid, payer_kind text, payer_id uuid, currency text,
        waiting_since timestamptz, explanation jsonb, places_count bigint, places jsonb, walked_in boolean,
        offers_are_due boolean, because text,
        event_id uuid, wire_type text, topic text, key uuid, traceparent text, caller text, once_key text)),"""
_SEATS = """
    granted as (
      update session_places p set taken = taken + places_count from asked
       where p.session_id = asked.session_id and p.session_version = asked.session_version
         and taken + places_count <= capacity and (waiting_count = 0 or walked_in)
      returning asked.*)"""
_LIST = f"""
    granted as (
      update session_places p set waiting_count = waiting_count + 1 from asked where p.session_id = asked.session_id
      returning asked.*),
    offers as (
      insert into due_rows (kind, subject_id, organisation_id, due_at)
      select '{OFFER_FREE_PLACES}', session_id, organisation_id, now() from granted where offers_are_due
      on conflict (kind, subject_id) do update set due_at = excluded.due_at, attempts = 0)"""
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
      select event_id, wire_type, topic, key, organisation_id, $3, traceparent from granted),
    answered as (
      insert into idempotency_keys (caller, key, fingerprint, status, answer)
      select caller, once_key, $5, 201, $4 from granted)
    select booking_id, case when because is not null then audit_widening(organisation_id, because) end from granted"""

# The seat row is locked first and everything else hangs on it: no seat, no booking, no event, no answer.
TAKE_PLACES = _ASKED + _SEATS + "," + _WRITTEN
JOIN_WAITING_LIST = _ASKED + _LIST + "," + _WRITTEN
LOCK_PLACES = f"""
    with {IN_CONTEXT}
    select session_version, capacity, taken, waiting_count from context, session_places p
     where session_id = $2 for update of p"""


@dataclass(frozen=True)
class Answer:
    """The answer's text as it is stored under the request's key, and whether it was given before."""

    text: str
    replayed: bool


@dataclass(frozen=True)
class Asked:
    """A checked booking and the context (JSON) to write it in; `because` says why that is wider than the caller's."""

    booking: NewBooking
    caller_key: str
    context: str
    because: str | None


@dataclass(frozen=True)
class GivenUp:
    """What a booking was, which places it gave up, and what is left of it."""

    previous: BookingState
    gone: BookingWithPlaces
    remaining: BookingWithPlaces


Render = Callable[[NewBooking], str]


async def book_places(
    connection: asyncpg.Connection, caller: Principal, request: BookingRequest, once_key: OnceKey, render: Render
) -> Answer | None:
    """Confirm the booking, once per key; None when too few places are free.

    On the bare driver, because this is the path that a crowd takes: one statement reads, one writes, and each is a
    transaction of its own. Raises UnknownSession, SessionNotOpen, UnknownParticipants, NamedTwice,
    UnknownPriceCategory, NotEligible, SeveralHouseholds, and Raced when it must be tried again.
    """
    asked = await _ask(connection, caller, request, once_key)
    if isinstance(asked, Answer):
        return asked
    answer = render(asked.booking)
    if not await _write(connection, TAKE_PLACES, asked, once_key, answer):
        return None
    return Answer(answer, replayed=False)


async def join_waiting_list(
    connection: asyncpg.Connection, caller: Principal, request: BookingRequest, once_key: OnceKey, render: Render
) -> Answer:
    """Lock the places and look again: put the booking on the waiting list, once per key, in one transaction.

    Raises what `book_places` does, SessionFull when the caller does not want to wait or waiting would never help,
    and Raced when places are free after all.
    """
    asked = await _ask(connection, caller, request, once_key)
    if isinstance(asked, Answer):
        return asked
    hot = await connection.fetchrow(LOCK_PLACES, asked.context, request.session_id)
    crowd, wanted = Crowd(hot["capacity"], hot["taken"], hot["waiting_count"]), len(asked.booking.places)
    is_changed = hot["session_version"] != asked.booking.session.version
    if is_changed or is_served_now(crowd, wanted, request.walked_in):
        raise Raced("The session has changed meanwhile.")
    check_may_wait(crowd, wanted, request.accepts_waiting)
    explanation = waiting_explanation(crowd, wanted)
    waiting = replace(asked.booking, state=BookingState.waiting, waiting_since=now(), explanation=explanation)
    answer = render(waiting)
    await _write(connection, JOIN_WAITING_LIST, replace(asked, booking=waiting), once_key, answer)
    return Answer(answer, replayed=False)


async def _ask(
    connection: asyncpg.Connection, caller: Principal, request: BookingRequest, once_key: OnceKey
) -> Asked | Answer:
    """Read the facts and check everything but the places; or give the answer that was given before."""
    context = caller.context(FIELD_STAFF)
    ids = [wish.participant_id for wish in request.wishes]
    told = to_json(context).decode()
    facts = await queries.find_booking_facts(connection, told, request.session_id, ids, caller.key, once_key.key)
    if facts.answered is not None:
        fingerprint, _status, text = facts.answered
        check_same_request(once_key, fingerprint)
        return Answer(text, replayed=True)
    booking = _check_request(caller, request, facts)
    organiser_id = booking.session.organisation_id
    if caller.may(organiser_id, FIELD_STAFF):
        return Asked(booking, caller.key, told, because=None)
    told = to_json(widened(context, organiser_id)).decode()
    return Asked(booking, caller.key, told, because="booking a session that is open to the caller")


def _check_request(caller: Principal, request: BookingRequest, facts: BookingFacts) -> NewBooking:
    """Check everything but the places, and freeze the prices."""
    session = facts.session
    if session is None:
        raise UnknownSession("There is no such session.")
    if request.walked_in:
        check_walk_in(session.state, session.starts_at, session.open_door, now())
    else:
        check_open(session.state, session.starts_at, now())
    guests = {
        guest_id: guest
        for guest_id, guest in facts.guests.items()
        if _may_book_for(caller, guest, request.booked_by_organisation_id)
    }
    places = price_places(offer_of(session), request.wishes, guests)
    contacts = {guest.contact_id for guest in guests.values()}
    debtor = debtor_of(list(guests.values()), request.booked_by_organisation_id)
    return NewBooking(
        id=new_id(),
        session=session,
        places=places,
        payer_kind=debtor.kind,
        payer_id=debtor.id,
        contact_id=contacts.pop() if len(contacts) == 1 else None,
        booked_by_organisation_id=request.booked_by_organisation_id,
        walked_in=request.walked_in,
    )


def _may_book_for(caller: Principal, guest: Guest, booked_by_organisation_id: UUID | None) -> bool:
    if booked_by_organisation_id is not None:
        return guest.home_organisation_id == booked_by_organisation_id
    return guest.participant_id in caller.persons or caller.may(guest.home_organisation_id, FIELD_STAFF)


async def _write(connection: asyncpg.Connection, statement: str, asked: Asked, once_key: OnceKey, answer: str) -> bool:
    """Write the booking, its places, the decision, the event and the answer in one statement; False when no seat."""
    booking = asked.booking
    session = booking.session
    row = {
        "booking_id": booking.id,
        "session_id": session.id,
        "session_version": session.version,
        "state": booking.state,
        "booked_by_organisation_id": booking.booked_by_organisation_id,
        "contact_id": booking.contact_id,
        "payer_kind": booking.payer_kind,
        "payer_id": booking.payer_id,
        "currency": session.currency,
        "waiting_since": booking.waiting_since,
        "explanation": booking.explanation,
        "places_count": len(booking.places),
        "places": booking.places,
        "walked_in": booking.walked_in,
        "offers_are_due": booking.explanation["rule"] == OTHERS_WAIT,
        "because": asked.because,
        "caller": asked.caller_key,
        "once_key": once_key.key,
        **outbox_row(_event_of(booking), current_traceparent()),
    }
    payload = row.pop("payload")
    told = to_json(row).decode()
    try:
        written = await connection.fetchrow(statement, asked.context, told, payload, answer, once_key.fingerprint)
    except asyncpg.UniqueViolationError as error:
        raise Raced("A participant is booked on this session, or waits for it.") from error
    return written is not None


def _event_of(booking: NewBooking) -> BookingConfirmed | BookingWaitlisted:
    facts = _facts(booking, booking.session.organisation_id, booking.places, booking.session)
    if booking.state is BookingState.waiting:
        return BookingWaitlisted(**facts, position=booking.explanation["position"])
    return BookingConfirmed(**facts)


def facts_of(found: BookingWithPlaces, planned: SessionFacts) -> dict[str, Any]:
    """The fields that every booking event carries, of a booking as it stands."""
    return _facts(found.booking, found.booking.organisation_id, found.places, planned)


def _facts(
    booking: NewBooking | Booking,
    organisation_id: UUID,
    places: Sequence[PricedPlace | Place],
    planned: SessionFacts,
) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id,
        "booking_id": booking.id,
        "version": booking.version,
        "session_id": planned.id,
        "session_version": planned.version,
        "activity_id": planned.activity_id,
        "site_id": planned.site_id,
        "rooms": planned.rooms,
        "title": planned.title,
        "starts_at": planned.starts_at,
        "ends_at": planned.ends_at,
        "time_zone": planned.time_zone,
        "booked_by_organisation_id": booking.booked_by_organisation_id,
        "contact_id": booking.contact_id,
        "payer": {"kind": booking.payer_kind, "id": booking.payer_id},
        "currency": planned.currency,
        "places": booked_places(places),
        "cost_shares": cost_shares_of(planned.cost_shares),
    }


def booked_places(places: Sequence[PricedPlace | Place]) -> list[BookedPlace]:
    """Places as events tell of them."""
    return [BookedPlace.model_validate(place, from_attributes=True) for place in places]


async def add_booking(session: AsyncSession, booking: NewBooking) -> None:
    """Keep a booking whose places, or whose waiting, the session counts already."""
    planned = booking.session
    kept = (
        "id", "version", "state", "payer_kind", "payer_id", "contact_id", "booked_by_organisation_id", "waiting_since",
    )  # fmt: skip
    common = {"organisation_id": planned.organisation_id, "session_id": planned.id}
    row = Booking(**{name: getattr(booking, name) for name in kept}, **common, currency=planned.currency)
    session.add(row)
    await session.flush()
    places = [Place(booking_id=booking.id, **common, **asdict(place)) for place in booking.places]
    session.add_all(places)
    await record_decision(session, BookingWithPlaces(row, places), booking.state, booking.explanation)
    await publish(session, _event_of(booking))


async def lock_booking(session: AsyncSession, booking_id: UUID) -> BookingWithPlaces:
    """The booking, locked for a change: first the places of its session, then itself, as everybody does it."""
    await lock_places(session, await queries.get_session_of_booking(session, booking_id))
    return await queries.lock_booking(session, booking_id)


async def give_up_places(
    session: AsyncSession, found: BookingWithPlaces, participant_ids: Collection[UUID] | None, facts: Mapping[str, Any]
) -> GivenUp:
    """Take some places of a locked booking away, or all (None), and give them back to the session.

    Raises NothingToCancel when none of them is left. The event is for the caller, who knows what is given back.
    """
    booking = found.booking
    gone = [place for place in found.places if participant_ids is None or place.participant_id in participant_ids]
    if booking.state == BookingState.cancelled or not gone:
        raise NothingToCancel("These places were given up before.")
    previous = BookingState(booking.state)
    remaining = [place for place in found.places if place not in gone]
    for place in gone:
        place.cancelled_at = now()
    booking.version += 1
    if not remaining:
        booking.state, booking.offer_expires_at = BookingState.cancelled, None
    await record_decision(session, found, "cancelled", facts)
    if previous is not BookingState.waiting:
        await free_places(session, booking.session_id, booking.organisation_id, len(gone))
    else:
        bookings_gone = 0 if remaining else 1
        await shorten_waiting_list(session, booking.session_id, booking.organisation_id, bookings_gone)
    return GivenUp(previous, BookingWithPlaces(booking, gone), BookingWithPlaces(booking, remaining))


async def record_decision(
    session: AsyncSession, found: BookingWithPlaces, decision: str, explanation: Mapping[str, Any]
) -> None:
    """Save the booking, and keep why something was decided on it; never changed afterwards."""
    booking = found.booking
    session.add(
        BookingDecision(
            organisation_id=booking.organisation_id,
            booking_id=booking.id,
            decision=decision,
            explanation=dict(explanation),
        )
    )
    await session.flush()


def check_may_change(caller: Principal, found: BookingWithPlaces) -> None:
    """Raise UnknownParticipants for those who may see a booking at most: parents of one child among many, say."""
    booking = found.booking
    homes = {place.home_organisation_id for place in found.places}
    associations = concerned_associations(booking.organisation_id, booking.booked_by_organisation_id, homes)
    staff = any(caller.may(organisation_id, FIELD_STAFF) for organisation_id in associations)
    if not staff and booking.payer_id not in caller.persons:
        raise UnknownParticipants("Ask the association that booked.")


def for_organiser(
    session: AsyncSession, caller: Principal, found: BookingWithPlaces
) -> AbstractAsyncContextManager[None]:
    """Write the organiser's rows for somebody who may change the booking."""
    organisation_id = found.booking.organisation_id
    if caller.may(organisation_id, FIELD_STAFF):
        return nullcontext()
    return act_for(session, organisation_id, because="changing a booking of the caller's participants")
