"""Before a session over HTTP: its checklist, what the safety rules say, and its opening."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller
from access.principals import Principal
from access.roles import FIELD_STAFF, LEADERS
from activities.database import api_database
from activities.openings import domain, use_cases
from activities.openings.domain import Effect, Rule
from activities.openings.use_cases import Readiness, TickedItem
from activities.sessions.queries import get_facts
from common.http import ShortText
from common.idempotency import IdempotencyKey, once
from common.problems import Problem, Problems

router = APIRouter(tags=["openings"])
PROBLEMS: Problems = {
    domain.NotTheDay: Problem(409, "not-the-day", "A session is opened on its day, before it ends"),
    domain.OpenedBefore: Problem(409, "opened-before", "The session is open already"),
    domain.SafetyRuleFails: Problem(409, "safety-rule-fails", "A safety rule forbids opening the session"),
    domain.NothingToOverride: Problem(422, "nothing-to-override", "No safety rule stands in the way"),
}
Reason = Annotated[str, Field(min_length=10, max_length=1_000, pattern=r"^[^\x00]*\S[^\x00]*$")]


class TickRequest(BaseModel):
    """What on the checklist was done."""

    model_config = ConfigDict(extra="forbid")

    item_id: UUID


class TickAnswer(BaseModel):
    """An item of the checklist for one session; `ticked_by_me` tells whether the caller did it."""

    item_id: UUID
    task: ShortText
    is_required: bool
    ticked_at: datetime | None
    ticked_by_me: bool


class FindingAnswer(BaseModel):
    """What one rule says: whether it is met, and if it is not, what to do; `facts` are what it looked at."""

    model_config = ConfigDict(from_attributes=True)

    rule: Rule
    effect: Effect
    is_met: bool
    explanation: str
    facts: dict[str, Any]
    source: str
    status: str


class OpeningRequest(BaseModel):
    """Open the session; a director may pass rules that fail with a reason, which is kept."""

    model_config = ConfigDict(extra="forbid")

    has_first_aider: bool = False
    override_reason: Reason | None = None


class OpeningAnswer(BaseModel):
    """That a session was opened, and why rules were passed, if they were."""

    model_config = ConfigDict(from_attributes=True)

    opened_at: datetime
    has_first_aider: bool
    override_reason: str | None


class ReadinessAnswer(BaseModel):
    """What stands between a session and its opening, or stood when it was opened."""

    session_id: UUID
    items: list[TickAnswer]
    findings: list[FindingAnswer]
    opening: OpeningAnswer | None


@router.get("/sessions/{session_id}/opening")
async def get_opening(session_id: UUID, caller: Caller) -> ReadinessAnswer:
    """The checklist of a session and what the safety rules say; for the organiser's field staff."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await get_facts(session, session_id)).organisation_id, FIELD_STAFF)
        return _answer(await use_cases.read_readiness(session, session_id), caller)


@router.post("/sessions/{session_id}/opening", status_code=201, response_model=ReadinessAnswer)
async def post_opening(session_id: UUID, body: OpeningRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Open a session on its day; for the organiser's field staff. A reason passes rules that fail: for its director."""

    async def create() -> ReadinessAnswer:
        organisation_id = (await get_facts(session, session_id)).organisation_id
        caller.require(organisation_id, FIELD_STAFF if body.override_reason is None else LEADERS)
        opened = await use_cases.open_session(session, session_id, caller.key, **body.model_dump())
        return _answer(opened, caller)

    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return await once(session, key, caller.key, create)


@router.post("/sessions/{session_id}/checklist-ticks", status_code=201, response_model=TickAnswer)
async def post_tick(session_id: UUID, body: TickRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Tick an item of the checklist; for the organiser's field staff."""

    async def create() -> TickAnswer:
        caller.require((await get_facts(session, session_id)).organisation_id, FIELD_STAFF)
        return _tick(await use_cases.tick_item(session, session_id, body.item_id, caller.key), caller)

    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return await once(session, key, caller.key, create)


@router.delete("/sessions/{session_id}/checklist-ticks/{item_id}", status_code=204)
async def delete_tick(session_id: UUID, item_id: UUID, caller: Caller) -> None:
    """Take a tick back; for the organiser's field staff."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await get_facts(session, session_id)).organisation_id, FIELD_STAFF)
        await use_cases.untick_item(session, session_id, item_id)


def _answer(found: Readiness, caller: Principal) -> ReadinessAnswer:
    opening = found.opening
    findings = opening.findings if opening else found.findings
    return ReadinessAnswer(
        session_id=found.session_id,
        items=[_tick(item, caller) for item in found.items],
        findings=[FindingAnswer.model_validate(finding) for finding in findings],
        opening=OpeningAnswer.model_validate(opening) if opening else None,
    )


def _tick(found: TickedItem, caller: Principal) -> TickAnswer:
    plain = ("item_id", "task", "is_required", "ticked_at")
    return TickAnswer(**{name: getattr(found, name) for name in plain}, ticked_by_me=found.ticked_by == caller.key)
