"""Giving places up over HTTP."""

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
from activities.cancellations import use_cases
from activities.database import api_database

router = APIRouter(tags=["bookings"])


class CancellationRequest(BaseModel):
    """Which participants give up their places; all of the booking without a list."""

    model_config = ConfigDict(extra="forbid")

    participant_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)] | None = None


class GivenBackAnswer(BaseModel):
    """What is given back for one place, in minor units of the booking's currency."""

    model_config = ConfigDict(from_attributes=True)

    participant_id: UUID
    amount_minor: int


class CancellationAnswer(BaseModel):
    """What is left of a booking, and what is given back."""

    id: UUID
    version: int
    state: BookingState
    remaining_participant_ids: list[UUID]
    currency: str
    given_back: list[GivenBackAnswer]


@router.post("/bookings/{booking_id}/cancellation")
async def post_cancellation(booking_id: UUID, body: CancellationRequest, caller: Caller) -> CancellationAnswer:
    """Give places up before the session begins; what comes back follows the activity's terms.

    For who pays, the association that booked, and the organiser's field staff.
    """
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        found = await get_booking(session, booking_id)
        check_may_change(caller, found)
        async with for_organiser(session, caller, found):
            cancelled = await use_cases.cancel_booking(session, booking_id, body.participant_ids)
    booking = cancelled.remaining.booking
    return CancellationAnswer(
        id=booking.id,
        version=booking.version,
        state=BookingState(booking.state),
        remaining_participant_ids=[place.participant_id for place in cancelled.remaining.places],
        currency=booking.currency,
        given_back=[GivenBackAnswer.model_validate(back) for back in cancelled.given_back],
    )
