"""Programmes and activities over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import LEADERS, PLANNERS, TEAM
from activities.database import api_database
from activities.programmes import queries, use_cases
from activities.programmes.domain import (
    CancellationTerms,
    EndsBeforeItStarts,
    ObjectiveWithoutIndicator,
    ProgrammeClosed,
    ProgrammeState,
    RefundStep,
    UnknownActivity,
    UnknownProgramme,
    WaitingRule,
    WrongProgrammeStep,
)
from activities.programmes.tables import Objective, Programme
from common.http import Count, IfMatch, LongText, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems

router = APIRouter(tags=["programmes"])
PROBLEMS: Problems = {
    UnknownProgramme: NOT_FOUND,
    UnknownActivity: NOT_FOUND,
    EndsBeforeItStarts: Problem(422, "ends-before-it-starts", "The last day lies before the first"),
    ObjectiveWithoutIndicator: Problem(422, "objective-without-indicator", "Every objective needs an indicator"),
    ProgrammeClosed: Problem(409, "programme-closed", "This programme is closed"),
    WrongProgrammeStep: Problem(409, "wrong-programme-step", "A programme takes one step at a time"),
}
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]


class ObjectiveBody(BaseModel):
    """An objective and the number that will tell whether it was reached."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    statement: ShortText
    indicator: ShortText
    unit: ShortText
    target: Count


class ProgrammeRequest(BaseModel):
    """A programme to draft."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    title: ShortText
    season: ShortText
    starts_on: date
    ends_on: date
    audience: ShortText
    policy_axes: Annotated[list[ShortText], Field(max_length=20)] = []
    objectives: Annotated[list[ObjectiveBody], Field(max_length=20)] = []


class ProgrammeAnswer(BaseModel):
    """A programme as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    version: int
    title: str
    season: str
    starts_on: date
    ends_on: date
    audience: str
    policy_axes: list[str]
    state: ProgrammeState
    objectives: list[ObjectiveBody] = []


class StepRequest(BaseModel):
    """The state that a programme shall have next."""

    model_config = ConfigDict(extra="forbid")

    state: ProgrammeState


class RefundStepBody(BaseModel):
    """Who cancels at least `hours_before` the start gets `percent` back."""

    model_config = ConfigDict(extra="forbid")

    hours_before: Annotated[int, Field(strict=True, ge=0, le=8_760)]
    percent: Percent


class TermsBody(BaseModel):
    """Cancellation terms; by default all is given back until a day before, and half for an excused absence."""

    model_config = ConfigDict(extra="forbid")

    steps: Annotated[list[RefundStepBody], Field(max_length=10)] = [RefundStepBody(hours_before=24, percent=100)]
    excused_percent: Percent = 50


class ActivityRequest(BaseModel):
    """An activity to add to a programme."""

    model_config = ConfigDict(extra="forbid")

    programme_id: UUID
    title: ShortText
    description: LongText = ""
    audience: ShortText
    waiting_rule: WaitingRule = WaitingRule.arrival
    offer_hours: Annotated[int, Field(strict=True, ge=1, le=336)] = 48
    cancellation_terms: TermsBody = TermsBody()


class ActivityAnswer(BaseModel):
    """An activity as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    programme_id: UUID
    title: str
    description: str
    audience: str
    waiting_rule: WaitingRule
    offer_hours: int
    cancellation_terms: TermsBody
    published: bool


@router.post("/programmes", status_code=201, response_model=ProgrammeAnswer)
async def post_programme(body: ProgrammeRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Draft a programme; for coordinators and directors."""
    caller.require(body.organisation_id, PLANNERS)
    fields = body.model_dump(exclude={"objectives"})
    objectives = [use_cases.ObjectivePlan(**objective.model_dump()) for objective in body.objectives]

    async def create() -> ProgrammeAnswer:
        programme = await use_cases.draft_programme(session, use_cases.ProgrammePlan(**fields, objectives=objectives))
        return _programme_answer(programme, await queries.list_objectives(session, programme.id))

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.get("/programmes")
async def get_programmes(
    caller: Caller, limit: PageLimit = 50, cursor: PageCursor = None, state: ProgrammeState | None = None
) -> Page[ProgrammeAnswer]:
    """The programmes of the caller's associations, and the published ones of all."""
    async with api_database.transaction(caller.context(TEAM)) as session:
        found = await queries.list_programmes(session, decode_cursor(cursor), limit, state)
    shown, cursor_of_rest = next_cursor([programme.id for programme in found], limit)
    answers = [_programme_answer(programme, ()) for programme in found[:shown]]
    return Page(items=answers, next_cursor=cursor_of_rest)


@router.get("/programmes/{programme_id}")
async def get_programme(programme_id: UUID, caller: Caller, response: Response) -> ProgrammeAnswer:
    """One programme with its objectives."""
    async with api_database.transaction(caller.context(TEAM)) as session:
        programme = await queries.get_programme(session, programme_id)
        objectives = await queries.list_objectives(session, programme_id)
    response.headers["ETag"] = etag(programme.version)
    return _programme_answer(programme, objectives)


@router.patch("/programmes/{programme_id}")
async def patch_programme(
    programme_id: UUID, body: StepRequest, caller: Caller, response: Response, if_match: IfMatch = None
) -> ProgrammeAnswer:
    """Approve (directors), publish or close a programme."""
    roles = LEADERS if body.state is ProgrammeState.approved else PLANNERS
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(roles)) as session:
        programme = await queries.get_programme(session, programme_id)
        caller.require(programme.organisation_id, roles)
        programme = await use_cases.move_programme(session, programme_id, body.state, version)
        objectives = await queries.list_objectives(session, programme_id)
    response.headers["ETag"] = etag(programme.version)
    return _programme_answer(programme, objectives)


@router.post("/activities", status_code=201, response_model=ActivityAnswer)
async def post_activity(body: ActivityRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Add an activity to a programme; for coordinators and directors."""
    terms = CancellationTerms(
        tuple(RefundStep(step.hours_before, step.percent) for step in body.cancellation_terms.steps),
        body.cancellation_terms.excused_percent,
    )
    plan = use_cases.ActivityPlan(**body.model_dump(exclude={"cancellation_terms"}), cancellation_terms=terms)

    async def create() -> ActivityAnswer:
        programme = await queries.get_programme(session, plan.programme_id)
        caller.require(programme.organisation_id, PLANNERS)
        return ActivityAnswer.model_validate(await use_cases.add_activity(session, plan))

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.get("/activities")
async def get_activities(
    caller: Caller, limit: PageLimit = 50, cursor: PageCursor = None, programme_id: UUID | None = None
) -> Page[ActivityAnswer]:
    """The activities of the caller's associations, and the published ones of all."""
    async with api_database.transaction(caller.context(TEAM)) as session:
        found = await queries.list_activities(session, decode_cursor(cursor), limit, programme_id)
    shown, cursor_of_rest = next_cursor([activity.id for activity in found], limit)
    answers = [ActivityAnswer.model_validate(activity) for activity in found[:shown]]
    return Page(items=answers, next_cursor=cursor_of_rest)


@router.get("/activities/{activity_id}")
async def get_activity(activity_id: UUID, caller: Caller) -> ActivityAnswer:
    """One activity with its waiting rule and cancellation terms."""
    async with api_database.transaction(caller.context(TEAM)) as session:
        return ActivityAnswer.model_validate(await queries.get_activity(session, activity_id))


def _programme_answer(programme: Programme, objectives: Sequence[Objective]) -> ProgrammeAnswer:
    answer = ProgrammeAnswer.model_validate(programme)
    return answer.model_copy(update={"objectives": [ObjectiveBody.model_validate(item) for item in objectives]})
