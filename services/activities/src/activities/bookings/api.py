"""Bookings over HTTP: families, staff for people without an account, and associations for a group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller
from access.principals import Principal
from access.roles import FIELD_STAFF
from activities.bookings import domain, queries, use_cases
from activities.bookings.domain import BookingRequest, BookingState, NewBooking, Wish
from activities.bookings.queries import BookingWithPlaces
from activities.database import api_database
from activities.sessions.queries import get_facts
from common.idempotency import IdempotencyKey, OnceKey, told, told_again
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from common.turnstile import Turnstile

router = APIRouter(tags=["bookings"])
PROBLEMS: Problems = {
    domain.UnknownBooking: NOT_FOUND,
    domain.NotEligible: Problem(422, "not-eligible", "The session is for another age"),
    domain.UnknownPriceCategory: Problem(422, "unknown-price-category", "The session has no such price category"),
    domain.Raced: Problem(409, "already-booked", "A participant is booked on this session already"),
    domain.NothingToCancel: Problem(409, "nothing-to-cancel", "These places were given up before"),
    domain.SessionFull: Problem(409, "session-full", "Too few places are free"),
    domain.SeveralHouseholds: Problem(422, "several-households", "Book each household by itself"),
    domain.UnknownParticipants: Problem(403, "unknown-participants", "You do not answer for these participants"),
    domain.NamedTwice: Problem(422, "named-twice", "A participant is named twice"),
}
PLACES_MAX = 50
ATTEMPTS_MAX = 3
_turnstile = Turnstile(at_once=8, waiting_max=120)


class WishBody(BaseModel):
    """A place for one participant."""

    model_config = ConfigDict(extra="forbid")

    participant_id: UUID
    price_category: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")] = "standard"


class BookingRequestBody(BaseModel):
    """Places in one session, all or nothing; an association that books for its people names itself."""

    model_config = ConfigDict(extra="forbid")

    session_id: UUID
    places: Annotated[list[WishBody], Field(min_length=1, max_length=PLACES_MAX)]
    booked_by_organisation_id: UUID | None = None
    accepts_waiting: bool = True


class WalkInRequest(BaseModel):
    """People who came without a booking."""

    model_config = ConfigDict(extra="forbid")

    places: Annotated[list[WishBody], Field(min_length=1, max_length=PLACES_MAX)]


class PlaceAnswer(BaseModel):
    """One participant's place; the price is frozen, in minor units."""

    model_config = ConfigDict(from_attributes=True)

    participant_id: UUID
    home_organisation_id: UUID
    age: int | None
    price_category: str
    price_minor: int


class BookingAnswer(BaseModel):
    """A booking as it stands, with the places that the caller may see."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    version: int
    session_id: UUID
    state: BookingState
    booked_by_organisation_id: UUID | None
    payer_kind: Literal["household", "organisation"]
    payer_id: UUID
    currency: str
    waiting_since: datetime | None
    offer_expires_at: datetime | None
    places: list[PlaceAnswer] = []


class DecisionAnswer(BaseModel):
    """Why something was decided."""

    model_config = ConfigDict(from_attributes=True)

    decided_at: datetime
    decision: str
    explanation: dict[str, Any]


@router.post("/bookings", status_code=201, response_model=BookingAnswer)
async def post_booking(body: BookingRequestBody, caller: Caller, key: IdempotencyKey) -> Response:
    """Book places, or join the waiting list when too few are free."""
    if body.booked_by_organisation_id is not None:
        caller.require(body.booked_by_organisation_id, FIELD_STAFF)
    request = BookingRequest(
        session_id=body.session_id,
        wishes=[Wish(wish.participant_id, wish.price_category) for wish in body.places],
        booked_by_organisation_id=body.booked_by_organisation_id,
        accepts_waiting=body.accepts_waiting,
    )

    async with _turnstile.pass_through(body.session_id):
        return await book(caller, request, key)


@router.post("/sessions/{session_id}/walk-ins", status_code=201, response_model=BookingAnswer)
async def post_walk_ins(session_id: UUID, body: WalkInRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Add known people who came to an open-door session without a booking; for the organiser's field staff."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await get_facts(session, session_id)).organisation_id, FIELD_STAFF)
    wishes = [Wish(wish.participant_id, wish.price_category) for wish in body.places]
    return await book(caller, BookingRequest(session_id, wishes, None, False, walked_in=True), key)


@router.get("/bookings")
async def get_bookings(
    caller: Caller,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
    session_id: UUID | None = None,
    state: BookingState | None = None,
    payer_id: UUID | None = None,
    booked_by_organisation_id: UUID | None = None,
    participant_id: UUID | None = None,
) -> Page[BookingAnswer]:
    """The bookings of the caller's associations, those they made elsewhere, and those of the caller's household."""
    wanted = queries.BookingFilter(session_id, state, payer_id, booked_by_organisation_id, participant_id)
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        found = await queries.list_bookings(session, decode_cursor(cursor), limit, wanted)
        shown, cursor_of_rest = next_cursor([booking.id for booking in found], limit)
        places = await queries.list_places_of_bookings(session, [booking.id for booking in found[:shown]])
    answers = [_booking_answer(BookingWithPlaces(booking, places[booking.id])) for booking in found[:shown]]
    return Page(items=answers, next_cursor=cursor_of_rest)


@router.get("/bookings/{booking_id}")
async def get_booking(booking_id: UUID, caller: Caller) -> BookingAnswer:
    """One booking."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return _booking_answer(await queries.get_booking(session, booking_id))


@router.get("/bookings/{booking_id}/decisions")
async def get_decisions(booking_id: UUID, caller: Caller) -> list[DecisionAnswer]:
    """Every decision on a booking and why it was taken."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        await queries.get_booking(session, booking_id)
        decisions: Sequence[Any] = await queries.list_decisions(session, booking_id)
    return [DecisionAnswer.model_validate(decision) for decision in decisions]


def _booking_answer(found: BookingWithPlaces) -> BookingAnswer:
    """A booking as it is shown."""
    places = [PlaceAnswer.model_validate(place) for place in found.places]
    return BookingAnswer.model_validate(found.booking).model_copy(update={"places": places})


async def book(caller: Principal, request: BookingRequest, key: OnceKey) -> Response:
    """Book once; whoever was a moment too late looks again, and sees the other's answer or a clear refusal."""
    for attempt in range(1, ATTEMPTS_MAX + 1):
        try:
            async with api_database.plain_connection() as connection:
                answer = await use_cases.book_places(connection, caller, request, key, _render)
                if answer is None:
                    async with connection.transaction():
                        answer = await use_cases.join_waiting_list(connection, caller, request, key, _render)
            return told_again(answer.text) if answer.replayed else told(answer.text)
        except domain.Raced:
            if attempt == ATTEMPTS_MAX:
                raise
    raise AssertionError("unreachable")


def _render(booking: NewBooking) -> str:
    return BookingAnswer(
        id=booking.id,
        organisation_id=booking.session.organisation_id,
        version=booking.version,
        session_id=booking.session.id,
        state=booking.state,
        booked_by_organisation_id=booking.booked_by_organisation_id,
        payer_kind=booking.payer_kind,
        payer_id=booking.payer_id,
        currency=booking.session.currency,
        waiting_since=booking.waiting_since,
        offer_expires_at=None,
        places=[PlaceAnswer.model_validate(place) for place in booking.places],
    ).model_dump_json()
