"""Rules of work, an association's terms, and hours from recording to allowance."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import PLANNERS
from common.http import AmountMinor, Day, IfMatch, Moment, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from staffing.coverage.domain import Engagement, RuleStatus
from staffing.database import api_database
from staffing.hours import queries, use_cases
from staffing.hours.domain import (
    Effect,
    HoursAreDecided,
    HoursAreNotOver,
    HoursAreRecorded,
    HoursAreReversed,
    HoursNotFound,
    HoursState,
    TermsOverlap,
    engagement_of,
)
from staffing.people.domain import PersonKind, check_dates
from staffing.people.queries import get_person
from staffing.people.use_cases import for_person

router = APIRouter(tags=["hours"])
PROBLEMS: Problems = {
    HoursNotFound: NOT_FOUND,
    HoursAreDecided: Problem(409, "hours-are-decided", "These hours were approved or refused"),
    HoursAreNotOver: Problem(409, "hours-are-not-over", "This time is not over yet"),
    HoursAreRecorded: Problem(409, "hours-are-recorded", "Some of this time is recorded already"),
    HoursAreReversed: Problem(422, "hours-are-reversed", "The end is not after the start and the break"),
    TermsOverlap: Problem(409, "terms-overlap", "There are terms for some of these days"),
}

RuleText = Annotated[str | None, Query(max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]
BreakMinutes = Annotated[int, Field(strict=True, ge=0, le=600)]


class WorkRuleAnswer(BaseModel):
    """A dated rule; `valid_to` is the last day on which it holds."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    jurisdiction: str
    rule: str
    value: dict[str, Any]
    effect: Effect
    applies_to: list[PersonKind]
    valid_from: date | None
    valid_to: date | None
    source: str
    status: RuleStatus


class TermsRequest(BaseModel):
    """What an association gives a volunteer for a day, counts an hour at, and asks others for an hour of its people."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    volunteer_hour_value_minor: AmountMinor
    volunteer_day_allowance_minor: AmountMinor
    lent_hour_price_minor: AmountMinor = 0
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "EUR"
    valid_from: Day
    valid_to: Day | None = None


class TermsAnswer(TermsRequest):
    """Terms of an association."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")

    id: UUID


class HoursRequest(BaseModel):
    """A time that was worked."""

    model_config = ConfigDict(extra="forbid")

    title: ShortText
    starts_at: Moment
    ends_at: Moment
    break_minutes: BreakMinutes = 0


class HoursDecision(BaseModel):
    """What becomes of recorded hours."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["approved", "refused"]


class HoursAnswer(BaseModel):
    """A time that was worked, and from its approval on what it is worth."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    person_id: UUID
    assignment_id: UUID | None
    version: int
    title: str
    engagement: Engagement
    state: HoursState
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    worked_on: date
    minutes: int
    value_minor: int
    allowance_minor: int
    lent_price_minor: int
    currency: str | None
    explanation: str


class HoursSum(BaseModel):
    """Approved hours of one footing."""

    model_config = ConfigDict(from_attributes=True)

    engagement: Engagement
    people: int
    minutes: int
    value_minor: int
    allowance_minor: int


@router.get("/work-rules")
async def list_work_rules(
    *,
    caller: Caller,
    jurisdiction: RuleText = None,
    rule: RuleText = None,
    on: Day | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[WorkRuleAnswer]:
    """The rules of rest, hours and volunteering that hold at a place, with where they are written."""
    async with api_database.transaction(caller.context()) as session:
        rows = await queries.list_rules(
            session, jurisdiction=jurisdiction, rule=rule, on=on, after=decode_cursor(cursor), limit=limit
        )
    shown, following = next_cursor([row.id for row in rows], limit)
    return Page(items=[WorkRuleAnswer.model_validate(row) for row in rows[:shown]], next_cursor=following)


@router.post("/hour-terms", status_code=201, response_model=TermsAnswer)
async def set_terms(body: TermsRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Say what an association gives and counts from a day on."""
    caller.require(body.organisation_id, PLANNERS)
    check_dates(body.valid_from, body.valid_to)
    async with api_database.transaction(caller.context(PLANNERS)) as session:

        async def create() -> TermsAnswer:
            values = body.model_dump(exclude={"organisation_id"})
            return TermsAnswer.model_validate(await use_cases.set_terms(session, body.organisation_id, values))

        return await once(session, key, caller.key, create)


@router.get("/hour-terms")
async def list_terms(organisation_id: UUID, caller: Caller) -> list[TermsAnswer]:
    """The terms of an association, from the first day."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        terms = await queries.list_terms(session, organisation_id)
    return [TermsAnswer.model_validate(one) for one in terms]


@router.post("/people/{person_id}/hours", status_code=201, response_model=HoursAnswer)
async def record_hours(person_id: UUID, body: HoursRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Record hours of a person; everybody may record his own."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        person = await get_person(session, person_id)
        work = use_cases.Work(**body.model_dump(), engagement=engagement_of(PersonKind(person.kind)))

        async def record() -> HoursAnswer:
            async with for_person(session, caller, person, "a person records his hours"):
                return HoursAnswer.model_validate(await use_cases.record_hours(session, person_id, work))

        return await once(session, key, caller.key, record)


@router.get("/hours")
async def list_hours(
    *,
    caller: Caller,
    person_id: UUID | None = None,
    state: HoursState | None = None,
    first: Day | None = None,
    last: Day | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[HoursAnswer]:
    """The hours of the people of the caller's associations, and his own."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        rows = await queries.list_hours(
            session,
            person_id=person_id,
            state=state,
            first=first,
            last=last,
            after=decode_cursor(cursor),
            limit=limit,
        )
    shown, following = next_cursor([row.id for row in rows], limit)
    return Page(items=[HoursAnswer.model_validate(row) for row in rows[:shown]], next_cursor=following)


@router.get("/hours/sums")
async def sum_hours(organisation_id: UUID, first: date, last: date, caller: Caller) -> list[HoursSum]:
    """Approved hours of an association by footing, with what volunteering is worth and cost."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        rows = await queries.sum_hours(session, organisation_id, first, last)
    return [HoursSum.model_validate(row) for row in rows]


@router.patch("/hours/{hours_id}")
async def decide_hours(
    hours_id: UUID, body: HoursDecision, caller: Caller, response: Response, if_match: IfMatch = None
) -> HoursAnswer:
    """Approve hours, which values them and computes the allowance, or refuse them."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_hours(session, hours_id)).organisation_id, PLANNERS)
        hours = await use_cases.decide_hours(session, hours_id, HoursState(body.state), version)
    response.headers["ETag"] = etag(hours.version)
    return HoursAnswer.model_validate(hours)
