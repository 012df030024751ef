"""Days on which people are away: leave that is asked for and decided, absences that nobody foresaw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from access.callers import Caller
from access.roles import PLANNERS
from common.http import Day, IfMatch, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from staffing.absences import use_cases
from staffing.database import api_database
from staffing.hours.domain import Finding
from staffing.people import queries
from staffing.people.domain import LeaveIsDecided, LeaveKind, LeaveNotFound, LeaveState
from staffing.people.use_cases import for_person
from staffing.substitutes.domain import RequestState
from staffing.substitutes.queries import list_ways_to_reach
from staffing.substitutes.use_cases import Search

router = APIRouter(tags=["absences"])
PROBLEMS: Problems = {
    LeaveNotFound: NOT_FOUND,
    LeaveIsDecided: Problem(409, "leave-is-decided", "This leave was refused or withdrawn"),
}


class AbsenceRequest(BaseModel):
    """Days on which somebody cannot come, both included; no cause is asked for."""

    model_config = ConfigDict(extra="forbid")

    first_on: Day
    last_on: Day


class AskedAnswer(BaseModel):
    """Somebody who is asked to take over; without an e-mail address he must be telephoned."""

    person_id: UUID
    display_name: str
    phone: str | None
    by_telephone: bool
    warnings: list[Finding]


class FreedPlaceAnswer(BaseModel):
    """A place that came free; `id` is that of the search for a substitute."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    version: int
    state: RequestState
    shift_id: UUID
    title: str
    role: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    time_zone: str
    asked: list[AskedAnswer] = []


class FreedAnswer(BaseModel):
    """What an absence made free, who is asked for each shift, and whom to telephone."""

    searches: list[FreedPlaceAnswer] = []
    to_telephone: list[AskedAnswer] = []


class AbsenceAnswer(FreedAnswer):
    """An absence and what it made free."""

    leave_id: UUID


class LeaveRequest(BaseModel):
    """Days to be away, both included."""

    model_config = ConfigDict(extra="forbid")

    starts_on: Day
    ends_on: Day


class LeaveDecision(BaseModel):
    """What becomes of a leave; the person himself may only withdraw it."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["approved", "refused", "withdrawn"]


class LeaveAnswer(BaseModel):
    """Days on which a person is away or asks to be."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    person_id: UUID
    version: int
    kind: LeaveKind
    state: LeaveState
    starts_on: date
    ends_on: date


class DecidedLeaveAnswer(LeaveAnswer, FreedAnswer):
    """A leave and, once it is approved, what that made free."""


@router.post("/people/{person_id}/absences", status_code=201, response_model=AbsenceAnswer)
async def report_absence(person_id: UUID, body: AbsenceRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """One act: the shifts are free, substitutes are asked, everybody concerned is told; for planners and oneself."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        person = await queries.get_person(session, person_id)
        is_planner = caller.may(person.organisation_id, PLANNERS)

        async def report() -> AbsenceAnswer:
            async with for_person(session, caller, person, "a person says that he cannot come"):
                days = (body.first_on, body.last_on)
                leave_id, searches = await use_cases.report_absence(session, person_id, days)
                freed = await _freed(session, searches) if is_planner else FreedAnswer()
            return AbsenceAnswer(leave_id=leave_id, searches=freed.searches, to_telephone=freed.to_telephone)

        return await once(session, key, caller.key, report)


@router.post("/people/{person_id}/leaves", status_code=201, response_model=DecidedLeaveAnswer)
async def record_leave(person_id: UUID, body: LeaveRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Leave that a planner records is approved and frees the shifts of its days; the person himself asks for it."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        person = await queries.get_person(session, person_id)
        planned = caller.may(person.organisation_id, PLANNERS)
        state = LeaveState.approved if planned else LeaveState.requested

        async def record() -> DecidedLeaveAnswer:
            days = (body.starts_on, body.ends_on)
            async with for_person(session, caller, person, "a person asks for leave"):
                leave, searches = await use_cases.record_leave(session, person_id, days, state)
            shown = LeaveAnswer.model_validate(leave)
            return _decided(shown, await _freed(session, searches))

        return await once(session, key, caller.key, record)


@router.get("/leaves")
async def list_leaves(
    caller: Caller,
    person_id: UUID | None = None,
    state: LeaveState | None = None,
    from_on: Day | None = None,
    until_on: Day | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[LeaveAnswer]:
    """The leave of the people of the caller's associations, and his own; `from_on` to `until_on`: what touches them."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        leaves = await queries.list_leaves(
            session,
            person_id=person_id,
            state=state,
            days=(from_on, until_on),
            after=decode_cursor(cursor),
            limit=limit,
        )
    shown, following = next_cursor([leave.id for leave in leaves], limit)
    return Page(items=[LeaveAnswer.model_validate(leave) for leave in leaves[:shown]], next_cursor=following)


@router.patch("/leaves/{leave_id}")
async def decide_leave(
    leave_id: UUID, body: LeaveDecision, caller: Caller, response: Response, if_match: IfMatch = None
) -> DecidedLeaveAnswer:
    """Approve a leave, which frees the shifts of its days and asks substitutes, or refuse or withdraw it.

    The person himself may withdraw it.
    """
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        person = await queries.get_person(session, (await queries.get_leave(session, leave_id)).person_id)
        if body.state != LeaveState.withdrawn:
            caller.require(person.organisation_id, PLANNERS)
        async with for_person(session, caller, person, "a person withdraws a leave"):
            leave, searches = await use_cases.decide_leave(session, leave_id, LeaveState(body.state), version)
        shown, freed = LeaveAnswer.model_validate(leave), await _freed(session, searches)
    response.headers["ETag"] = etag(shown.version)
    return _decided(shown, freed)


def _decided(leave: LeaveAnswer, freed: FreedAnswer) -> DecidedLeaveAnswer:
    return DecidedLeaveAnswer(**leave.model_dump(), searches=freed.searches, to_telephone=freed.to_telephone)


async def _freed(session: AsyncSession, searches: Sequence[Search]) -> FreedAnswer:
    answers = [await _freed_place(session, search) for search in searches]
    called = {one.person_id: one for one in _asked_by_telephone(answers)}
    return FreedAnswer(searches=answers, to_telephone=list(called.values()))


def _asked_by_telephone(answers: Iterable[FreedPlaceAnswer]) -> Iterable[AskedAnswer]:
    return (one for answer in answers for one in answer.asked if one.by_telephone)


async def _freed_place(session: AsyncSession, search: Search) -> FreedPlaceAnswer:
    reach = await list_ways_to_reach(session, [one.person_id for one in search.asked])
    asked = []
    for one in search.asked:
        display_name, email, phone = reach[one.person_id]
        asked.append(
            AskedAnswer(
                person_id=one.person_id,
                display_name=display_name,
                phone=phone,
                by_telephone=email is None,
                warnings=list(one.findings),
            )
        )
    return FreedPlaceAnswer.model_validate(search.request).model_copy(update={"asked": asked})
