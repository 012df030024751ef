"""Attendance over HTTP: the list of a session, its corrections, walk-ins, and closing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller
from access.principals import Principal
from access.roles import FIELD_STAFF
from activities.attendance import domain, queries, use_cases
from activities.attendance.domain import AgeBand, AttendanceState, Mark, RecordedMark
from activities.bookings.domain import BookingState
from activities.consents.domain import Purpose
from activities.database import api_database
from activities.sessions.queries import get_facts
from common.http import Count, IfMatch, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.problems import Problem, Problems

router = APIRouter(tags=["attendance"])
PROBLEMS: Problems = {
    domain.NotBooked: Problem(422, "not-booked", "Somebody on the list has no confirmed place"),
    domain.MarkedTwice: Problem(422, "marked-twice", "A participant is named twice"),
    domain.NotBegun: Problem(409, "attendance-too-early", "The session has not begun"),
    domain.MarkedMeanwhile: Problem(409, "marked-meanwhile", "Somebody else wrote another mark meanwhile"),
    domain.NotOpenDoor: Problem(422, "not-open-door", "This is not an open-door session"),
    domain.AgeBandsOverlap: Problem(422, "age-bands-overlap", "The age bands overlap"),
}


Age = Annotated[int, Field(strict=True, ge=0, le=120)]


class MarkBody(BaseModel):
    """Whether one participant came."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    participant_id: UUID
    state: AttendanceState


class MarkRequest(MarkBody):
    """A mark, and the version of the one that it replaces; 0 where there was none."""

    base_version: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]


class MarkAnswer(MarkBody):
    """A mark as it stands; `marked_by_me` tells whether the caller wrote it last."""

    version: int
    marked_at: datetime
    marked_by_me: bool


class AgeBandBody(BaseModel):
    """Anonymous visitors of an age band, both ends included."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    from_age: Age
    to_age: Age
    count: Count


class VisitorRequest(BaseModel):
    """The ages, both included, of the band that a visitor is counted in."""

    model_config = ConfigDict(extra="forbid")

    from_age: Age
    to_age: Age


class CountsAnswer(BaseModel):
    """How many have come without a name."""

    model_config = ConfigDict(from_attributes=True)

    session_id: UUID
    version: int
    anonymous_counts: list[AgeBandBody]


class AttendanceRequest(BaseModel):
    """Marks to write on the list; marks of others stay. Anonymous counts, if sent, replace the earlier ones."""

    model_config = ConfigDict(extra="forbid")

    marks: Annotated[list[MarkBody], Field(max_length=1_000)] = []
    anonymous_counts: Annotated[list[AgeBandBody], Field(max_length=20)] | None = None


class AttendanceAnswer(BaseModel):
    """The list with the marks that the caller may see."""

    session_id: UUID
    version: int
    recorded_at: datetime | None
    marks: list[MarkAnswer]
    anonymous_counts: list[AgeBandBody]


class RosterEntry(BaseModel):
    """Somebody on the list of a session, with whom to call; the contact is shown to the home association's staff.

    What is in neither list of consents was never answered, and is not allowed.
    """

    model_config = ConfigDict(from_attributes=True)

    participant_id: UUID
    given_name: str
    family_name: str
    age: int | None
    home_organisation_id: UUID
    household_id: UUID | None
    booking_id: UUID
    booking_state: BookingState
    booked_by_organisation_id: UUID | None
    waiting_since: datetime | None
    offer_expires_at: datetime | None
    price_category: str
    price_minor: int
    contact_name: str | None
    contact_email: str | None
    contact_phone: str | None
    mark: AttendanceState | None
    consents_given: list[Purpose]
    consents_refused: list[Purpose]


class CompletionAnswer(BaseModel):
    """A session that is closed, with the numbers of its list."""

    model_config = ConfigDict(from_attributes=True)

    session_id: UUID
    version: int
    participants_present: int
    walk_ins: int


@router.get("/sessions/{session_id}/attendance")
async def get_attendance(session_id: UUID, caller: Caller, response: Response) -> AttendanceAnswer:
    """The attendance list; a home association and a parent see their own people on it."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        await get_facts(session, session_id)
        recorded = await use_cases.read_attendance(session, session_id)
    response.headers["ETag"] = etag(recorded.version)
    return _answer(recorded, caller)


@router.put("/sessions/{session_id}/attendance")
async def put_attendance(
    session_id: UUID, body: AttendanceRequest, caller: Caller, response: Response, if_match: IfMatch = None
) -> AttendanceAnswer:
    """Record or correct attendance; If-Match is the list's version, "0" the first time.

    For the organiser's field staff.
    """
    version = expected_version(if_match)
    marks = [Mark(mark.participant_id, mark.state) for mark in body.marks]
    counts = body.anonymous_counts
    bands = None if counts is None else [AgeBand(band.from_age, band.to_age, band.count) for band in counts]
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await get_facts(session, session_id)).organisation_id, FIELD_STAFF)
        recorded = await use_cases.record_attendance(session, session_id, marks, bands, version, caller.key)
    response.headers["ETag"] = etag(recorded.version)
    return _answer(recorded, caller)


@router.post("/sessions/{session_id}/attendance/marks", status_code=201, response_model=MarkAnswer)
async def post_mark(session_id: UUID, body: MarkRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Write one mark, independent of the others; what stands there already is answered as it is.

    Made for phones without a network: each tap is sent until it is answered, under one key. For the organiser's field
    staff.
    """

    async def create() -> MarkAnswer:
        caller.require((await get_facts(session, session_id)).organisation_id, FIELD_STAFF)
        mark = Mark(body.participant_id, body.state)
        written = await use_cases.mark_participant(session, session_id, mark, body.base_version, caller.key)
        return _mark_answer(written, caller)

    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return await once(session, key, caller.key, create)


@router.post("/sessions/{session_id}/attendance/visitors", status_code=201, response_model=CountsAnswer)
async def post_visitor(session_id: UUID, body: VisitorRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Count one visitor without a name, independent of who else counts.

    Made for phones without a network, as marks are: each tap is sent until it is answered, under one key. For the
    organiser's field staff.
    """

    async def create() -> CountsAnswer:
        caller.require((await get_facts(session, session_id)).organisation_id, FIELD_STAFF)
        recorded = await use_cases.count_visitor(session, session_id, body.from_age, body.to_age)
        return CountsAnswer.model_validate(recorded)

    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return await once(session, key, caller.key, create)


@router.get("/sessions/{session_id}/roster")
async def get_roster(session_id: UUID, caller: Caller) -> list[RosterEntry]:
    """Who is booked, waits or has an offer, by name; a home association and a parent see their own people."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        await get_facts(session, session_id)
        rows = await queries.list_roster(session, session_id)
    return [RosterEntry.model_validate(row) for row in rows]


@router.post("/sessions/{session_id}/completion")
async def post_completion(session_id: UUID, caller: Caller) -> CompletionAnswer:
    """Close a session that took place, with the numbers of its list; for the organiser's field staff."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await get_facts(session, session_id)).organisation_id, FIELD_STAFF)
        closed = await use_cases.close_session(session, session_id)
    return CompletionAnswer.model_validate(closed)


def _answer(recorded: use_cases.AttendanceList, caller: Principal) -> AttendanceAnswer:
    return AttendanceAnswer(
        session_id=recorded.session_id,
        version=recorded.version,
        recorded_at=recorded.recorded_at,
        marks=[_mark_answer(mark, caller) for mark in recorded.marks],
        anonymous_counts=[AgeBandBody.model_validate(band) for band in recorded.anonymous_counts],
    )


def _mark_answer(mark: RecordedMark, caller: Principal) -> MarkAnswer:
    return MarkAnswer(
        participant_id=mark.participant_id,
        state=mark.state,
        version=mark.version,
        marked_at=mark.marked_at,
        marked_by_me=mark.marked_by == caller.key,
    )
