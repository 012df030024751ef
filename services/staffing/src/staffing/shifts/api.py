"""Shifts: what is needed, who could do it, who does it; and signing up by oneself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import PLANNERS
from access.row_policies import act_for
from common.http import IfMatch, Moment, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from contracts.staffing import ShiftReleaseReason
from staffing.coverage.domain import Engagement
from staffing.database import api_database
from staffing.hours.domain import Finding
from staffing.hours.queries import get_place, list_rules_of
from staffing.people.queries import list_people_of_account
from staffing.qualifications.domain import QualificationKind
from staffing.shifts import queries, use_cases
from staffing.shifts.domain import (
    AssignmentIsReleased,
    AssignmentNotFound,
    AssignmentState,
    MayNotBeAssigned,
    MayNotLeave,
    NeedsReason,
    PlacesAreTaken,
    SessionNotKnown,
    ShiftIsCancelled,
    ShiftIsFull,
    ShiftIsNotOpen,
    ShiftIsOver,
    ShiftIsTooLong,
    ShiftNotFound,
    ShiftRole,
    ShiftState,
    TimesAreReversed,
    is_allowed,
    judge,
)

router = APIRouter(tags=["shifts"])
PROBLEMS: Problems = {
    ShiftNotFound: NOT_FOUND,
    AssignmentNotFound: NOT_FOUND,
    SessionNotKnown: NOT_FOUND,
    TimesAreReversed: Problem(422, "times-are-reversed", "The end is not after the start"),
    ShiftIsTooLong: Problem(422, "shift-is-too-long", "A shift lasts at most a week"),
    ShiftIsCancelled: Problem(409, "shift-is-cancelled", "This shift will not take place"),
    ShiftIsFull: Problem(409, "shift-is-full", "All places of this shift are taken"),
    ShiftIsNotOpen: Problem(409, "shift-is-not-open", "Nobody signs up for this shift by himself"),
    ShiftIsOver: Problem(409, "shift-is-over", "This shift has begun or is over"),
    PlacesAreTaken: Problem(409, "places-are-taken", "More people are assigned than would have a place"),
    AssignmentIsReleased: Problem(409, "assignment-is-released", "This person is not on the shift any more"),
    MayNotLeave: Problem(403, "may-not-leave", "Only volunteers take themselves off a shift"),
    MayNotBeAssigned: Problem(409, "may-not-be-assigned", "A rule forbids this assignment"),
    NeedsReason: Problem(409, "needs-a-reason", "A rule warns: say why it is right all the same"),
}

Places = Annotated[int, Field(strict=True, ge=1, le=200)]
EdgeMinutes = Annotated[int, Field(strict=True, ge=0, le=24 * 60)]


class ShiftNeeds(BaseModel):
    """What a shift needs; `required` are papers that everybody on it must hold on its day."""

    model_config = ConfigDict(extra="forbid")

    title: ShortText | None = None
    role: ShiftRole
    places: Places = 1
    required: list[QualificationKind] = Field(default=[], max_length=10)
    is_open: bool = False


class SessionShiftRequest(ShiftNeeds):
    """A shift of a session: it begins `lead_minutes` before it and ends `tail_minutes` after it."""

    lead_minutes: EdgeMinutes = 0
    tail_minutes: EdgeMinutes = 0


class ShiftRequest(ShiftNeeds):
    """A shift beside sessions."""

    organisation_id: UUID
    title: ShortText
    starts_at: Moment
    ends_at: Moment


class ShiftChange(BaseModel):
    """What to change; a field that is not sent stays."""

    model_config = ConfigDict(extra="forbid")

    title: ShortText | None = None
    places: Places | None = None
    required: list[QualificationKind] | None = Field(default=None, max_length=10)
    is_open: bool | None = None


class AssignmentAnswer(BaseModel):
    """Somebody on a shift, with what the rules said and the reason that was given."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    shift_id: UUID
    person_id: UUID
    version: int
    engagement: Engagement
    state: AssignmentState
    starts_at: datetime
    ends_at: datetime
    findings: list[Finding]
    because: str | None
    released_because: str | None


class ShiftAnswer(BaseModel):
    """A time in which people are needed."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    session_id: UUID | None
    version: int
    state: ShiftState
    title: str
    role: ShiftRole
    places: int
    required: list[QualificationKind]
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    is_open: bool
    assignments: list[AssignmentAnswer] = []


class CandidateAnswer(BaseModel):
    """Somebody who could do a shift, or why not."""

    person_id: UUID
    display_name: str
    is_allowed: bool
    findings: list[Finding]


class AssignmentRequest(BaseModel):
    """Whom to assign; `because` answers a warning and is kept."""

    model_config = ConfigDict(extra="forbid")

    person_id: UUID
    because: ShortText | None = None
    engagement: Literal["volunteer"] | None = None


@router.post("/shifts", status_code=201, response_model=ShiftAnswer)
async def plan_shift(body: ShiftRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Plan a shift beside sessions, at an association's own place."""
    caller.require(body.organisation_id, PLANNERS)
    async with api_database.transaction(caller.context(PLANNERS)) as session:

        async def plan() -> ShiftAnswer:
            place = await get_place(session, body.organisation_id)
            values = {**body.model_dump(exclude={"organisation_id"}), **place._asdict()}
            return ShiftAnswer.model_validate(await use_cases.plan_shift(session, body.organisation_id, values))

        return await once(session, key, caller.key, plan)


@router.post("/sessions/{session_id}/shifts", status_code=201, response_model=ShiftAnswer)
async def plan_session_shift(
    session_id: UUID, body: SessionShiftRequest, caller: Caller, key: IdempotencyKey
) -> Response:
    """Plan a shift of a session; it moves with it and is called off with it."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:

        async def plan() -> ShiftAnswer:
            values = body.model_dump(exclude={"lead_minutes", "tail_minutes"}, exclude_none=True)
            shift = await use_cases.plan_session_shift(
                session, session_id, lead_minutes=body.lead_minutes, tail_minutes=body.tail_minutes, values=values
            )
            return ShiftAnswer.model_validate(shift)

        return await once(session, key, caller.key, plan)


@router.get("/shifts")
async def list_shifts(
    *,
    caller: Caller,
    organisation_id: UUID | None = None,
    session_id: UUID | None = None,
    from_at: Moment | None = None,
    until_at: Moment | None = None,
    is_open: bool | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[ShiftAnswer]:
    """The shifts of the caller's associations; for others who work there the open ones and their own."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        shifts = await queries.list_shifts(
            session,
            organisation_id=organisation_id,
            session_id=session_id,
            from_at=from_at,
            until_at=until_at,
            is_open=is_open,
            after=decode_cursor(cursor),
            limit=limit,
        )
        shown, following = next_cursor([shift.id for shift in shifts], limit)
        on_them = await queries.list_assignments(session, shift_ids=[shift.id for shift in shifts[:shown]])
    return Page(items=[_shown(shift, on_them) for shift in shifts[:shown]], next_cursor=following)


@router.get("/shifts/{shift_id}")
async def get_shift(shift_id: UUID, caller: Caller, response: Response) -> ShiftAnswer:
    """One shift with who is on it."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        shift = await queries.get_shift(session, shift_id)
        on_it = await queries.list_assignments(session, shift_ids=[shift_id])
    response.headers["ETag"] = etag(shift.version)
    return _shown(shift, on_it)


@router.patch("/shifts/{shift_id}")
async def change_shift(
    shift_id: UUID, body: ShiftChange, caller: Caller, response: Response, if_match: IfMatch = None
) -> ShiftAnswer:
    """Change what a shift needs."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_shift(session, shift_id)).organisation_id, PLANNERS)
        shift = await use_cases.change_shift(session, shift_id, body.model_dump(exclude_none=True), version)
    response.headers["ETag"] = etag(shift.version)
    return ShiftAnswer.model_validate(shift)


@router.post("/shifts/{shift_id}/cancellation")
async def cancel_shift(shift_id: UUID, caller: Caller) -> ShiftAnswer:
    """Call a shift off; everybody on it is released and told."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_shift(session, shift_id)).organisation_id, PLANNERS)
        shift = await use_cases.cancel_shift(session, shift_id)
    return ShiftAnswer.model_validate(shift)


@router.get("/shifts/{shift_id}/candidates")
async def list_candidates(shift_id: UUID, caller: Caller) -> list[CandidateAnswer]:
    """Everybody of the association: who could do the shift first, and for each what speaks against it."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        shift = await queries.get_shift(session, shift_id)
        caller.require(shift.organisation_id, PLANNERS)
        duty, rules = queries.duty_of(shift), await list_rules_of(session, shift.jurisdiction)
        candidates = await queries.list_candidates(session, shift.organisation_id, [duty])
    judged = [(candidate, judge(duty, candidate, rules)) for candidate in candidates]
    answers = [
        CandidateAnswer(
            person_id=candidate.person_id,
            display_name=candidate.display_name,
            is_allowed=is_allowed(findings),
            findings=findings,
        )
        for candidate, findings in judged
    ]
    return sorted(answers, key=lambda answer: (not answer.is_allowed, len(answer.findings)))


@router.post("/shifts/{shift_id}/assignments", status_code=201, response_model=AssignmentAnswer)
async def assign(shift_id: UUID, body: AssignmentRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Assign somebody; clash, leave, papers and rules of work are checked first."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_shift(session, shift_id)).organisation_id, PLANNERS)

        async def make() -> AssignmentAnswer:
            made = await use_cases.assign(session, shift_id, body.person_id, _wish(body))
            return AssignmentAnswer.model_validate(made)

        return await once(session, key, caller.key, make)


@router.post("/assignments/{assignment_id}/handover", status_code=201, response_model=AssignmentAnswer)
async def hand_over(assignment_id: UUID, body: AssignmentRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Give somebody's place on a shift to somebody else, who is checked as for an assignment; both or nothing."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_assignment(session, assignment_id)).organisation_id, PLANNERS)

        async def make() -> AssignmentAnswer:
            made = await use_cases.hand_over(session, assignment_id, body.person_id, _wish(body))
            return AssignmentAnswer.model_validate(made)

        return await once(session, key, caller.key, make)


@router.post("/shifts/{shift_id}/sign-up", status_code=201, response_model=AssignmentAnswer)
async def sign_up(shift_id: UUID, caller: Caller, key: IdempotencyKey) -> Response:
    """Take an open shift oneself, in an association where one works."""
    async with api_database.transaction(caller.context()) as session:
        shift = await queries.get_shift(session, shift_id)
        own = {person.organisation_id: person for person in await list_people_of_account(session, caller.account)}
        if shift.organisation_id not in own:
            raise ShiftNotFound

        async def take() -> AssignmentAnswer:
            async with act_for(session, shift.organisation_id, "a person signs up for an open shift"):
                made = await use_cases.sign_up(session, shift_id, own[shift.organisation_id].id)
            return AssignmentAnswer.model_validate(made)

        return await once(session, key, caller.key, take)


@router.get("/assignments/mine")
async def list_own_assignments(
    caller: Caller, from_at: AwareDatetime | None = None, until_at: Moment | None = None
) -> list[AssignmentAnswer]:
    """What the caller is on, in all associations that he works for."""
    async with api_database.transaction(caller.context()) as session:
        ids = [person.id for person in await list_people_of_account(session, caller.account)]
        found = await queries.list_assignments(session, person_ids=ids, from_at=from_at, until_at=until_at)
    return [AssignmentAnswer.model_validate(one) for one in found]


@router.post("/assignments/{assignment_id}/release")
async def release(assignment_id: UUID, caller: Caller) -> AssignmentAnswer:
    """Take somebody off a shift; a volunteer may take himself off."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        found = await queries.get_assignment(session, assignment_id)
        if caller.may(found.organisation_id, PLANNERS):
            released = await use_cases.release(session, assignment_id, ShiftReleaseReason.by_planner)
        else:
            use_cases.check_may_leave(found)
            async with act_for(session, found.organisation_id, "a volunteer takes himself off a shift"):
                released = await use_cases.release(session, assignment_id, ShiftReleaseReason.by_request)
    return AssignmentAnswer.model_validate(released)


def _wish(body: AssignmentRequest) -> use_cases.Wish:
    engagement = None if body.engagement is None else Engagement(body.engagement)
    return use_cases.Wish(because=body.because, engagement=engagement)


def _shown(shift: Any, assignments: Iterable[Any]) -> ShiftAnswer:
    on_it = [AssignmentAnswer.model_validate(one) for one in assignments if one.shift_id == shift.id]
    return ShiftAnswer.model_validate(shift, from_attributes=True).model_copy(update={"assignments": on_it})
