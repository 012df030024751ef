"""Giving places up over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import FIELD_STAFF
from activities.bookings.api import BookingAnswer, booking_answer
from activities.bookings.queries import get_booking
from activities.bookings.use_cases import check_may_change, for_organiser
from activities.cancellations import use_cases
from activities.cancellations.domain import NothingToCancel
from activities.database import api_database
from common.problems import Problem, Problems
from contracts.activities import CancellationReason

router = APIRouter(tags=["bookings"])
PROBLEMS: Problems = {
    NothingToCancel: Problem(409, "nothing-to-cancel", "These places were given up before"),
}


class CancellationRequest(BaseModel):
    """Which participants give up their places; all of the booking without a list."""

    model_config = ConfigDict(extra="forbid")

    participant_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)] | None = None


@router.post("/bookings/{booking_id}/cancellation")
async def post_cancellation(booking_id: UUID, body: CancellationRequest, caller: Caller) -> BookingAnswer:
    """Give places up; what comes back follows the activity's terms."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        found = await get_booking(session, booking_id)
        check_may_change(caller, found)
        async with for_organiser(session, caller, found.booking):
            found = await use_cases.cancel_booking(
                session, booking_id, body.participant_ids, CancellationReason.by_request
            )
    return booking_answer(found)
