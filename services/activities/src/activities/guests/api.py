"""Booking without an account over HTTP: an e-mail address, and then the link that was sent to it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from activities.bookings.domain import BookingState
from activities.database import api_database
from activities.guests import use_cases
from activities.guests.domain import HoldGivenBack, HoldState, NoPlaceForGuest, UnknownGuestCode, UnknownPriceForGuest
from activities.guests.queries import GUEST, guest_context
from activities.guests.use_cases import GuestBooking, GuestRequest
from common.http import ShortText
from common.idempotency import IdempotencyKey, once
from common.problems import Problem, Problems
from common.tracing import current_trace_id

router = APIRouter(tags=["guests"])
PROBLEMS: Problems = {
    UnknownGuestCode: Problem(404, "unknown-guest-code", "This link does not work"),
    HoldGivenBack: Problem(409, "hold-given-back", "The places are no longer kept"),
    UnknownPriceForGuest: Problem(422, "unknown-price-category", "The session has no such price category"),
    NoPlaceForGuest: Problem(409, "session-full", "Too few places are free"),
}
PLACES_MAX = 6
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$")]
Code = Annotated[str, Field(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


class GuestPerson(BaseModel):
    """Somebody who comes."""

    model_config = ConfigDict(extra="forbid")

    given_name: ShortText
    family_name: ShortText
    price_category: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")] = "standard"


class GuestBookingRequest(BaseModel):
    """Places in one session, all or nothing, held until the link in the e-mail is followed."""

    model_config = ConfigDict(extra="forbid")

    session_id: UUID
    email: Email
    language: Literal["fr", "nl", "de", "en"]
    people: Annotated[list[GuestPerson], Field(min_length=1, max_length=PLACES_MAX)]
    accepts_waiting: bool = False


class HeldAnswer(BaseModel):
    """Says until when the link works, and whether places are held or the link joins the waiting list.

    What is in the e-mail is not told here.
    """

    model_config = ConfigDict(from_attributes=True)

    session_id: UUID
    state: HoldState
    expires_at: datetime


class LinkRequest(BaseModel):
    """The code in the link."""

    model_config = ConfigDict(extra="forbid")

    code: Code


class GuestPlaceAnswer(BaseModel):
    """One person who comes, with the price in minor units."""

    given_name: str
    family_name: str
    price_category: str
    price_minor: int


class GuestBookingAnswer(BaseModel):
    """What the link leads to; `booking_state` once it was followed."""

    id: UUID
    organisation_id: UUID
    session_id: UUID
    state: HoldState
    booking_state: BookingState | None
    offer_expires_at: datetime | None
    expires_at: datetime
    currency: str
    people: list[GuestPlaceAnswer]


@router.post("/guest-bookings", status_code=201, response_model=HeldAnswer)
async def post_guest_booking(body: GuestBookingRequest, key: IdempotencyKey) -> Response:
    """Hold places for half an hour and send a link that confirms them; open to everybody.

    Who accepts waiting gets a link that joins the waiting list when too few are free.
    """
    people = [(person.given_name, person.family_name, person.price_category) for person in body.people]
    request = GuestRequest(body.session_id, body.email, body.language, people, body.accepts_waiting)

    async def hold() -> HeldAnswer:
        return HeldAnswer.model_validate(await use_cases.hold_for_guest(session, request))

    async with api_database.transaction(guest_context(current_trace_id())) as session:
        return await once(session, key, GUEST, hold)


@router.post("/guest-bookings/link")
async def post_link(body: LinkRequest) -> GuestBookingAnswer:
    """What is held or booked under a link."""
    async with api_database.transaction(guest_context(current_trace_id())) as session:
        return _answer(await use_cases.show_guest_booking(session, body.code))


@router.post("/guest-bookings/confirmation")
async def post_confirmation(body: LinkRequest) -> GuestBookingAnswer:
    """Book what is held, or join the waiting list; again changes nothing."""
    async with api_database.transaction(guest_context(current_trace_id())) as session:
        return _answer(await use_cases.confirm_guest_booking(session, body.code))


@router.post("/guest-bookings/cancellation")
async def post_cancellation(body: LinkRequest) -> GuestBookingAnswer:
    """Give up what is held or booked, by the cancellation terms; again changes nothing."""
    async with api_database.transaction(guest_context(current_trace_id())) as session:
        return _answer(await use_cases.cancel_guest_booking(session, body.code))


def _answer(found: GuestBooking) -> GuestBookingAnswer:
    hold = found.hold
    return GuestBookingAnswer(
        id=hold.id,
        organisation_id=hold.organisation_id,
        session_id=hold.session_id,
        state=HoldState(hold.state),
        booking_state=BookingState(found.booking.booking.state) if found.booking else None,
        offer_expires_at=found.booking.booking.offer_expires_at if found.booking else None,
        expires_at=hold.expires_at,
        currency=hold.currency,
        people=[GuestPlaceAnswer(**person) for person in hold.people],
    )
