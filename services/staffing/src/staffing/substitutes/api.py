"""Somebody cannot keep a duty: others are asked, one of them takes over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from access.callers import Caller
from access.principals import Principal
from access.roles import PLANNERS
from common.clock import now
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from staffing.database import api_database
from staffing.people.queries import get_person, list_people_of_account
from staffing.people.use_cases import for_person
from staffing.shifts.queries import get_assignment, get_shift
from staffing.substitutes import queries, use_cases
from staffing.substitutes.domain import (
    AlreadySought,
    NotAsked,
    NotYours,
    RequestIsClosed,
    RequestNotFound,
    RequestState,
)

if TYPE_CHECKING:
    from staffing.substitutes.tables import SubstituteRequest

router = APIRouter(tags=["substitutes"])
PROBLEMS: Problems = {
    RequestNotFound: NOT_FOUND,
    RequestIsClosed: Problem(409, "substitute-request-is-closed", "Nobody is needed here any more"),
    NotAsked: Problem(403, "not-asked", "Only who was asked takes over"),
    AlreadySought: Problem(409, "substitute-is-sought", "Somebody is sought for this duty already"),
    NotYours: Problem(422, "not-yours", "Duties are exchanged within one association"),
}


class SearchAnswer(BaseModel):
    """A place that somebody is sought for; with an assignment, whoever has it stays until somebody takes over.

    `asked` is how many people are asked, `is_asked` whether the caller is one of them.
    """

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
    assignment_id: UUID | None
    in_return_assignment_id: UUID | None
    asked: int
    is_asked: bool


class ExchangeAnswer(BaseModel):
    """A colleague's duty that could be had for one's own."""

    assignment_id: UUID
    display_name: str
    title: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    time_zone: str


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
            return await _shown(session, caller, search.request)

        return await once(session, key, caller.key, seek)


@router.post("/shifts/{shift_id}/substitute-requests", status_code=201, response_model=SearchAnswer)
async def ask_elsewhere(shift_id: UUID, body: AskElsewhere, caller: Caller, key: IdempotencyKey) -> Response:
    """Ask people of other associations whose passports are open to take a place; the first who accepts has it."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await get_shift(session, shift_id)).organisation_id, PLANNERS)

        async def ask() -> SearchAnswer:
            return await _shown(session, caller, await use_cases.ask_elsewhere(session, shift_id, body.person_ids))

        return await once(session, key, caller.key, ask)


@router.get("/substitute-requests")
async def list_requests(
    caller: Caller, state: RequestState | None = None, cursor: PageCursor = None, limit: PageLimit = 50
) -> Page[SearchAnswer]:
    """The searches of the caller's associations, and those in which he is asked himself."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        rows = await queries.list_requests(session, state, decode_cursor(cursor), limit)
        shown, following = next_cursor([row.id for row in rows], limit)
        items = await _all_shown(session, caller, rows[:shown])
    return Page(items=items, next_cursor=following)


@router.post("/substitute-requests/{request_id}/acceptance")
async def take_over(request_id: UUID, caller: Caller) -> SearchAnswer:
    """Take the place that one was asked for; the first one gets it."""
    async with api_database.transaction(caller.context()) as session:
        own = await list_people_of_account(session, caller.account)
        request = await use_cases.take_over(session, request_id, own)
        return await _shown(session, caller, request)


@router.post("/substitute-requests/{request_id}/withdrawal")
async def withdraw(request_id: UUID, caller: Caller) -> SearchAnswer:
    """Nobody is needed any more; who asked for himself and kept the place may say so too."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        found = await queries.get_request(session, request_id)
        if found.absent_person_id is None or found.assignment_id is None:
            caller.require(found.organisation_id, PLANNERS)
            return await _shown(session, caller, await use_cases.withdraw_search(session, request_id))
        person = await get_person(session, found.absent_person_id)
        async with for_person(session, caller, person, "a person takes a request for a substitute back"):
            request = await use_cases.withdraw_search(session, request_id)
        return await _shown(session, caller, request)


@router.get("/assignments/{assignment_id}/exchanges")
async def list_exchanges(assignment_id: UUID, caller: Caller) -> list[ExchangeAnswer]:
    """What colleagues have in the same role that could be had in exchange, the earliest first."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        assignment = await get_assignment(session, assignment_id)
        person = await get_person(session, assignment.person_id)
        async with for_person(session, caller, person, "a person looks for somebody to exchange with"):
            found = await queries.list_exchanges(session, assignment, now())
    return [
        ExchangeAnswer(
            assignment_id=one.assignment_id,
            display_name=one.display_name,
            title=one.shift.title,
            starts_at=one.shift.starts_at,
            ends_at=one.shift.ends_at,
            time_zone=one.shift.time_zone,
        )
        for one in found
    ]


async def _shown(session: AsyncSession, caller: Principal, request: SubstituteRequest) -> SearchAnswer:
    (answer,) = await _all_shown(session, caller, [request])
    return answer


async def _all_shown(
    session: AsyncSession, caller: Principal, requests: Sequence[SubstituteRequest]
) -> list[SearchAnswer]:
    own = {person.id for person in await list_people_of_account(session, caller.account)}
    plain = SearchAnswer.model_fields.keys() - {"asked", "is_asked"}
    return [
        SearchAnswer(
            **{name: getattr(request, name) for name in plain},
            asked=len(request.asked_person_ids),
            is_asked=not own.isdisjoint(request.asked_person_ids),
        )
        for request in requests
    ]
