"""Somebody cannot keep a duty: others are asked, one of them takes over."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import PLANNERS
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from staffing.database import api_database
from staffing.people.queries import get_person, list_people_of_account
from staffing.people.use_cases import for_person
from staffing.shifts.queries import get_assignment, get_shift
from staffing.substitutes import queries, use_cases
from staffing.substitutes.domain import (
    NotAsked,
    NotYours,
    RequestIsClosed,
    RequestNotFound,
    RequestState,
)

router = APIRouter(tags=["substitutes"])
PROBLEMS: Problems = {
    RequestNotFound: NOT_FOUND,
    RequestIsClosed: Problem(409, "substitute-request-is-closed", "Nobody is needed here any more"),
    NotAsked: Problem(403, "not-asked", "Only who was asked takes over"),
    NotYours: Problem(422, "not-yours", "Duties are exchanged within one association"),
}


class SearchAnswer(BaseModel):
    """A place that somebody is sought for."""

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
    taken_by_person_id: UUID | None


class SubstituteWish(BaseModel):
    """A duty in return makes it an exchange with the one who has it."""

    model_config = ConfigDict(extra="forbid")

    in_return_assignment_id: UUID | None = None


class AskElsewhere(BaseModel):
    """Whom to ask, of the candidates elsewhere."""

    model_config = ConfigDict(extra="forbid")

    person_ids: list[UUID] = Field(min_length=1, max_length=20)


@router.post("/assignments/{assignment_id}/substitute-requests", status_code=201, response_model=SearchAnswer)
async def seek_substitute(assignment_id: UUID, body: SubstituteWish, caller: Caller, key: IdempotencyKey) -> Response:
    """Look for somebody who takes over, or exchange with a colleague; the place is kept until then."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        assignment = await get_assignment(session, assignment_id)
        person = await get_person(session, assignment.person_id)

        async def seek() -> SearchAnswer:
            async with for_person(session, caller, person, "a person asks for a substitute"):
                search = await use_cases.seek_substitute(session, assignment_id, body.in_return_assignment_id)
            return SearchAnswer.model_validate(search.request)

        return await once(session, key, caller.key, seek)


@router.post("/shifts/{shift_id}/substitute-requests", status_code=201, response_model=SearchAnswer)
async def ask_elsewhere(shift_id: UUID, body: AskElsewhere, caller: Caller, key: IdempotencyKey) -> Response:
    """Ask people of other associations whose passports are open to take a place; the first who accepts has it."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await get_shift(session, shift_id)).organisation_id, PLANNERS)

        async def ask() -> SearchAnswer:
            return SearchAnswer.model_validate(await use_cases.ask_elsewhere(session, shift_id, body.person_ids))

        return await once(session, key, caller.key, ask)


@router.get("/substitute-requests")
async def list_requests(
    caller: Caller, state: RequestState | None = None, cursor: PageCursor = None, limit: PageLimit = 50
) -> Page[SearchAnswer]:
    """The searches of the caller's associations, and those in which he is asked himself."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        rows = await queries.list_requests(session, state, decode_cursor(cursor), limit)
    shown, following = next_cursor([row.id for row in rows], limit)
    return Page(items=[SearchAnswer.model_validate(row) for row in rows[:shown]], next_cursor=following)


@router.post("/substitute-requests/{request_id}/acceptance")
async def take_over(request_id: UUID, caller: Caller) -> SearchAnswer:
    """Take the place that one was asked for; the first one gets it."""
    async with api_database.transaction(caller.context()) as session:
        own = await list_people_of_account(session, caller.account)
        request = await use_cases.take_over(session, request_id, own)
    return SearchAnswer.model_validate(request)


@router.post("/substitute-requests/{request_id}/withdrawal")
async def withdraw(request_id: UUID, caller: Caller) -> SearchAnswer:
    """Nobody is needed any more."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_request(session, request_id)).organisation_id, PLANNERS)
        request = await use_cases.withdraw_search(session, request_id)
    return SearchAnswer.model_validate(request)
