"""Answering an offer over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import FIELD_STAFF
from activities.bookings.domain import BookingState
from activities.bookings.queries import get_booking
from activities.bookings.use_cases import check_may_change, for_organiser
from activities.database import api_database
from activities.guests.queries import guest_context
from activities.waiting import use_cases
from activities.waiting.domain import NoOffer, OfferExpired
from common.problems import Problem, Problems
from common.tracing import current_trace_id

router = APIRouter(tags=["waiting"])
PROBLEMS: Problems = {
    NoOffer: Problem(409, "no-offer", "There is no open offer for this booking"),
    OfferExpired: Problem(409, "offer-expired", "The offer was not answered in time"),
}


class AnsweredOfferAnswer(BaseModel):
    """What a booking came to after its offer was answered."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    session_id: UUID
    state: BookingState


class GuestLinkRequest(BaseModel):
    """The code in the link that came with an offer."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


@router.post("/bookings/{booking_id}/offer-acceptance")
async def post_acceptance(booking_id: UUID, caller: Caller) -> AnsweredOfferAnswer:
    """Take the offered places; for who pays, the association that booked, and the organiser's field staff."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        found = await get_booking(session, booking_id)
        check_may_change(caller, found)
        async with for_organiser(session, caller, found):
            found = await use_cases.accept_offer(session, booking_id)
    return AnsweredOfferAnswer.model_validate(found.booking)


@router.post("/guest-bookings/offer-acceptance")
async def post_acceptance_of_guest(body: GuestLinkRequest) -> AnsweredOfferAnswer:
    """Take the offered places by the link that came with the offer."""
    async with api_database.transaction(guest_context(current_trace_id())) as session:
        found = await use_cases.answer_offer_of_guest(session, body.code, is_taken=True)
    return AnsweredOfferAnswer.model_validate(found.booking)


@router.post("/guest-bookings/offer-refusal")
async def post_refusal_of_guest(body: GuestLinkRequest) -> AnsweredOfferAnswer:
    """Leave the offered places to the next on the list, by the same link."""
    async with api_database.transaction(guest_context(current_trace_id())) as session:
        found = await use_cases.answer_offer_of_guest(session, body.code, is_taken=False)
    return AnsweredOfferAnswer.model_validate(found.booking)


@router.post("/bookings/{booking_id}/offer-refusal")
async def post_refusal(booking_id: UUID, caller: Caller) -> AnsweredOfferAnswer:
    """Leave the offered places to the next on the list; for the same people."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        found = await get_booking(session, booking_id)
        check_may_change(caller, found)
        async with for_organiser(session, caller, found):
            declined = await use_cases.decline_offer(session, booking_id)
    return AnsweredOfferAnswer.model_validate(declined.remaining.booking)
