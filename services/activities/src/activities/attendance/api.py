"""Attendance over HTTP: the list of a session, its corrections, walk-ins, and closing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import FIELD_STAFF
from activities.attendance import domain, queries, use_cases
from activities.attendance.domain import AgeBand, Mark
from activities.bookings.api import PLACES_MAX, BookingAnswer, WishBody, book
from activities.bookings.domain import Wish
from activities.bookings.use_cases import BookingRequest
from activities.database import api_database
from activities.sessions.api import Age, SessionAnswer, answer
from activities.sessions.queries import get_places, get_session
from common.http import Count, IfMatch, etag, expected_version
from common.idempotency import IdempotencyKey
from common.problems import Problem, Problems
from contracts.activities import AttendanceState

router = APIRouter(tags=["attendance"])
PROBLEMS: Problems = {
    domain.NotBooked: Problem(422, "not-booked", "Somebody on the list has no confirmed place"),
    domain.NotBegun: Problem(409, "attendance-too-early", "The session has not begun"),
    domain.NotOpenDoor: Problem(422, "not-open-door", "This is not an open-door session"),
    domain.AgeBandsOverlap: Problem(422, "age-bands-overlap", "The age bands overlap"),
}


class MarkBody(BaseModel):
    """Whether one participant came."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    participant_id: UUID
    state: AttendanceState


class AgeBandBody(BaseModel):
    """Anonymous visitors of an age band, both ends included."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    from_age: Age
    to_age: Age
    count: Count


class AttendanceRequest(BaseModel):
    """Marks to write on the list; marks of others stay. The anonymous counts replace the earlier ones."""

    model_config = ConfigDict(extra="forbid")

    marks: Annotated[list[MarkBody], Field(max_length=1_000)] = []
    anonymous_counts: Annotated[list[AgeBandBody], Field(max_length=20)] = []


class AttendanceAnswer(BaseModel):
    """The list as it stands; version 0 while nobody has written on it."""

    session_id: UUID
    version: int
    recorded_at: datetime | None
    marks: list[MarkBody]
    anonymous_counts: list[AgeBandBody]


class WalkInRequest(BaseModel):
    """People who came without a booking."""

    model_config = ConfigDict(extra="forbid")

    places: Annotated[list[WishBody], Field(min_length=1, max_length=PLACES_MAX)]


@router.get("/sessions/{session_id}/attendance")
async def get_attendance(session_id: UUID, caller: Caller, response: Response) -> AttendanceAnswer:
    """The attendance list; a home association and a parent see their own people on it."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        await get_session(session, session_id)
        sheet = await queries.find_sheet(session, session_id)
        marks = await queries.list_marks(session, session_id)
        counts = await queries.list_counts(session, session_id)
    version = 0 if sheet is None else sheet.version
    response.headers["ETag"] = etag(version)
    return AttendanceAnswer(
        session_id=session_id,
        version=version,
        recorded_at=None if sheet is None else sheet.recorded_at,
        marks=[MarkBody.model_validate(mark) for mark in marks],
        anonymous_counts=[AgeBandBody.model_validate(band) for band in counts],
    )


@router.put("/sessions/{session_id}/attendance")
async def put_attendance(
    session_id: UUID, body: AttendanceRequest, caller: Caller, response: Response, if_match: IfMatch = None
) -> AttendanceAnswer:
    """Record or correct attendance; If-Match is the list's version, "0" the first time."""
    version = expected_version(if_match)
    marks = [Mark(mark.participant_id, mark.state) for mark in body.marks]
    bands = [AgeBand(band.from_age, band.to_age, band.count) for band in body.anonymous_counts]
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await get_session(session, session_id)).organisation_id, FIELD_STAFF)
        await use_cases.record_attendance(session, session_id, marks, bands, version)
    return await get_attendance(session_id, caller, response)


@router.post("/sessions/{session_id}/walk-ins", status_code=201, response_model=BookingAnswer)
async def post_walk_ins(session_id: UUID, body: WalkInRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Add known people who came to an open-door session without a booking."""
    wishes = [Wish(wish.participant_id, wish.price_category) for wish in body.places]
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await get_session(session, session_id)).organisation_id, FIELD_STAFF)
    return await book(caller, BookingRequest(session_id, wishes, None, accepts_waiting=False, walked_in=True), key)


@router.post("/sessions/{session_id}/completion")
async def post_completion(session_id: UUID, caller: Caller, response: Response) -> SessionAnswer:
    """Close a session that took place, with the numbers of its list."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await get_session(session, session_id)).organisation_id, FIELD_STAFF)
        planned = await use_cases.close_session(session, session_id)
        places = await get_places(session, session_id)
    response.headers["ETag"] = etag(planned.version)
    return answer(planned, places)
