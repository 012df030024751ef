"""Proposed rotas: asked for, read with the reasons, accepted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import PLANNERS
from common.http import Moment
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from staffing.coverage.queries import find_coverage
from staffing.database import api_database
from staffing.proposals import queries, use_cases
from staffing.proposals.domain import ProposalIsNotReady, ProposalNotFound, ProposalState
from staffing.shifts.domain import SessionNotKnown

router = APIRouter(tags=["proposals"])
PROBLEMS: Problems = {
    ProposalNotFound: NOT_FOUND,
    ProposalIsNotReady: Problem(409, "proposal-is-not-ready", "This proposal cannot be accepted"),
}
BESIDE_SESSION = timedelta(days=1)


class WeekRequest(BaseModel):
    """A time whose shifts are to be filled, a week as a rule."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    from_at: Moment
    until_at: Moment


class NotProposed(BaseModel):
    """Why somebody was not proposed; `reason` is a stable name, that of a rule with its `facts` where one speaks."""

    person_id: UUID
    reason: str
    explanation: str
    facts: dict[str, Any] = {}


class ProposedShift(BaseModel):
    """Who could do a shift, how many are still missing, and why not the others."""

    shift_id: UUID
    proposed: list[UUID]
    missing: int
    not_proposed: list[NotProposed]


class ProposalAnswer(BaseModel):
    """A proposed rota; `figures` say how it was found."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    session_id: UUID | None
    version: int
    state: ProposalState
    from_at: AwareDatetime
    until_at: AwareDatetime
    explanation: str
    figures: dict[str, Any] = {}
    shifts: list[ProposedShift] = []


class AcceptanceRequest(BaseModel):
    """Shifts to leave as they are."""

    model_config = ConfigDict(extra="forbid")

    without_shift_ids: list[UUID] = Field(default=[], max_length=500)


class Refusal(NotProposed):
    """What could not be assigned any more, and why."""

    shift_id: UUID


class AcceptanceAnswer(BaseModel):
    """What became of an accepted proposal."""

    proposal: ProposalAnswer
    refused: list[Refusal]


@router.post("/proposals", status_code=202, response_model=ProposalAnswer)
async def request_week(body: WeekRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Ask for a rota of a time; read it a few seconds later."""
    caller.require(body.organisation_id, PLANNERS)
    async with api_database.transaction(caller.context(PLANNERS)) as session:

        async def request() -> ProposalAnswer:
            times = (body.from_at, body.until_at)
            return _shown(await use_cases.request_proposal(session, body.organisation_id, times, None))

        return await once(session, key, caller.key, request, status=202)


@router.post("/sessions/{session_id}/proposals", status_code=202, response_model=ProposalAnswer)
async def request_for_session(session_id: UUID, caller: Caller, key: IdempotencyKey) -> Response:
    """Ask who could do the shifts of one session; read it a few seconds later."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        planned = await find_coverage(session, session_id)
        if planned is None or not caller.may(planned.organisation_id, PLANNERS):
            raise SessionNotKnown

        async def request() -> ProposalAnswer:
            times = (planned.starts_at - BESIDE_SESSION, planned.ends_at + BESIDE_SESSION)
            return _shown(await use_cases.request_proposal(session, planned.organisation_id, times, session_id))

        return await once(session, key, caller.key, request, status=202)


@router.get("/proposals")
async def list_proposals(
    caller: Caller, organisation_id: UUID | None = None, cursor: PageCursor = None, limit: PageLimit = 50
) -> Page[ProposalAnswer]:
    """The proposals of the caller's associations, without their content."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        rows = await queries.list_proposals(session, organisation_id, decode_cursor(cursor), limit)
    shown, following = next_cursor([row.id for row in rows], limit)
    return Page(items=[ProposalAnswer.model_validate(row) for row in rows[:shown]], next_cursor=following)


@router.get("/proposals/{proposal_id}")
async def get_proposal(proposal_id: UUID, caller: Caller) -> ProposalAnswer:
    """One proposal with its reasons, once the worker has made it."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        proposal = await queries.get_proposal(session, proposal_id)
    return _shown(proposal)


@router.post("/proposals/{proposal_id}/acceptance")
async def accept(proposal_id: UUID, body: AcceptanceRequest, caller: Caller) -> AcceptanceAnswer:
    """Assign what was proposed; everything is judged once more."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_proposal(session, proposal_id)).organisation_id, PLANNERS)
        proposal, refused = await use_cases.accept_proposal(session, proposal_id, set(body.without_shift_ids))
    return AcceptanceAnswer(proposal=_shown(proposal), refused=[Refusal(**one) for one in refused])


def _shown(proposal: Any) -> ProposalAnswer:
    answer = ProposalAnswer.model_validate(proposal)
    return answer.model_copy(
        update={
            "figures": (proposal.result or {}).get("figures", {}),
            "shifts": [ProposedShift(**shift) for shift in (proposal.result or {}).get("shifts", ())],
        }
    )
