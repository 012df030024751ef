"""Programmes and activities over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller, MaybeCaller
from access.roles import FIELD_STAFF, LEADERS, PLANNERS
from activities.database import api_database
from activities.programmes import queries, use_cases
from activities.programmes.domain import (
    CancellationTerms,
    EndsBeforeItStarts,
    NoDraftAnyMore,
    ObjectiveWithoutIndicator,
    ProgrammeClosed,
    ProgrammeState,
    RefundStep,
    TermsArePublished,
    UnknownActivity,
    UnknownProgramme,
    WaitingRule,
    WrongProgrammeStep,
)
from activities.programmes.queries import ProgrammeWithObjectives
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
    NoDraftAnyMore: Problem(409, "no-draft-any-more", "An approved programme is not rewritten"),
    TermsArePublished: Problem(409, "terms-are-published", "What was promised to those who book stays"),
    WrongProgrammeStep: Problem(409, "wrong-programme-step", "A programme takes one step at a time"),
}
READERS = frozenset({*FIELD_STAFF, *LEADERS})
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
OfferHours = Annotated[int, Field(strict=True, ge=1, le=336)]


class ObjectiveBody(BaseModel):
    """An objective and the number that will tell whether it was reached."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    statement: ShortText
    indicator: ShortText
    unit: ShortText
    target: Count


class ProgrammeBody(BaseModel):
    """A programme as a coordinator writes it."""

    model_config = ConfigDict(extra="forbid")

    title: ShortText
    season: ShortText
    starts_on: date
    ends_on: date
    audience: ShortText
    policy_axes: Annotated[list[ShortText], Field(max_length=20)] = []
    objectives: Annotated[list[ObjectiveBody], Field(max_length=20)] = []

    def plan(self) -> use_cases.ProgrammePlan:
        """The programme as the use cases take it."""
        fields = {name: getattr(self, name) for name in ProgrammeBody.model_fields.keys() - {"objectives"}}
        objectives = [use_cases.ObjectivePlan(**objective.model_dump()) for objective in self.objectives]
        return use_cases.ProgrammePlan(**fields, objectives=objectives)


class ProgrammeRequest(ProgrammeBody):
    """A programme to draft."""

    organisation_id: UUID


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
    offer_hours: OfferHours = 48
    cancellation_terms: TermsBody = TermsBody()


class ActivityChange(BaseModel):
    """What shall be different (null leaves as it is); what the activity promises only before it is published."""

    model_config = ConfigDict(extra="forbid")

    title: ShortText | None = None
    description: LongText | None = None
    audience: ShortText | None = None
    waiting_rule: WaitingRule | None = None
    offer_hours: OfferHours | None = None
    cancellation_terms: TermsBody | None = None


class ActivityAnswer(BaseModel):
    """An activity as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    programme_id: UUID
    version: int
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

    async def create() -> ProgrammeAnswer:
        return _programme_answer(await use_cases.draft_programme(session, body.organisation_id, body.plan()))

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.get("/programmes")
async def get_programmes(
    caller: MaybeCaller,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
    organisation_id: UUID | None = None,
    state: ProgrammeState | None = None,
) -> Page[ProgrammeAnswer]:
    """The published programmes of all, and for their field staff those of the caller's associations."""
    async with api_database.transaction(caller.context(READERS) if caller else None) as session:
        found = await queries.list_programmes(session, decode_cursor(cursor), limit, organisation_id, state)
    shown, cursor_of_rest = next_cursor([item.programme.id for item in found], limit)
    return Page(items=[_programme_answer(item) for item in found[:shown]], next_cursor=cursor_of_rest)


@router.get("/programmes/{programme_id}")
async def get_programme(programme_id: UUID, caller: MaybeCaller, response: Response) -> ProgrammeAnswer:
    """One programme with its objectives."""
    async with api_database.transaction(caller.context(READERS) if caller else None) as session:
        found = await queries.get_programme(session, programme_id)
    response.headers["ETag"] = etag(found.programme.version)
    return _programme_answer(found)


@router.put("/programmes/{programme_id}")
async def put_programme(
    programme_id: UUID, body: ProgrammeBody, caller: Caller, response: Response, if_match: IfMatch = None
) -> ProgrammeAnswer:
    """Rewrite a draft; for coordinators and directors."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        found = await queries.get_programme(session, programme_id)
        caller.require(found.programme.organisation_id, PLANNERS)
        found = await use_cases.rewrite_programme(session, programme_id, body.plan(), version)
    response.headers["ETag"] = etag(found.programme.version)
    return _programme_answer(found)


@router.patch("/programmes/{programme_id}")
async def patch_programme(
    programme_id: UUID, body: StepRequest, caller: Caller, response: Response, if_match: IfMatch = None
) -> ProgrammeAnswer:
    """Approve (directors), publish or close (coordinators too) a programme."""
    roles = LEADERS if body.state is ProgrammeState.approved else PLANNERS
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(READERS)) as session:
        found = await queries.get_programme(session, programme_id)
        caller.require(found.programme.organisation_id, roles)
        found = await use_cases.move_programme(session, programme_id, body.state, version)
    response.headers["ETag"] = etag(found.programme.version)
    return _programme_answer(found)


@router.post("/activities", status_code=201, response_model=ActivityAnswer)
async def post_activity(body: ActivityRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Add an activity to a programme; for coordinators and directors."""
    fields = body.model_dump(exclude={"cancellation_terms"})
    plan = use_cases.ActivityPlan(**fields, cancellation_terms=_terms(body.cancellation_terms))

    async def create() -> ActivityAnswer:
        found = await queries.get_programme(session, plan.programme_id)
        caller.require(found.programme.organisation_id, PLANNERS)
        return ActivityAnswer.model_validate(await use_cases.add_activity(session, plan))

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.get("/activities")
async def get_activities(
    caller: MaybeCaller,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
    organisation_id: UUID | None = None,
    programme_id: UUID | None = None,
) -> Page[ActivityAnswer]:
    """The published activities of all, and for their field staff those of the caller's associations."""
    async with api_database.transaction(caller.context(FIELD_STAFF) if caller else None) as session:
        found = await queries.list_activities(session, decode_cursor(cursor), limit, organisation_id, programme_id)
    shown, cursor_of_rest = next_cursor([activity.id for activity in found], limit)
    answers = [ActivityAnswer.model_validate(activity) for activity in found[:shown]]
    return Page(items=answers, next_cursor=cursor_of_rest)


@router.get("/activities/{activity_id}")
async def get_activity(activity_id: UUID, caller: MaybeCaller, response: Response) -> ActivityAnswer:
    """One activity with its waiting rule and cancellation terms."""
    async with api_database.transaction(caller.context(FIELD_STAFF) if caller else None) as session:
        activity = await queries.get_activity(session, activity_id)
    response.headers["ETag"] = etag(activity.version)
    return ActivityAnswer.model_validate(activity)


@router.patch("/activities/{activity_id}")
async def patch_activity(
    activity_id: UUID, body: ActivityChange, caller: Caller, response: Response, if_match: IfMatch = None
) -> ActivityAnswer:
    """Change some fields of an activity; for coordinators and directors."""
    version = expected_version(if_match)
    changes = body.model_dump(exclude_none=True)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        activity = await queries.get_activity(session, activity_id)
        caller.require(activity.organisation_id, PLANNERS)
        activity = await use_cases.change_activity(session, activity_id, changes, version)
    response.headers["ETag"] = etag(activity.version)
    return ActivityAnswer.model_validate(activity)


def _terms(body: TermsBody) -> CancellationTerms:
    steps = tuple(RefundStep(step.hours_before, step.percent) for step in body.steps)
    return CancellationTerms(steps, body.excused_percent)


def _programme_answer(found: ProgrammeWithObjectives) -> ProgrammeAnswer:
    answer = ProgrammeAnswer.model_validate(found.programme)
    return answer.model_copy(update={"objectives": [ObjectiveBody.model_validate(item) for item in found.objectives]})
