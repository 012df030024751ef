"""Who supervises a session, whether that is enough, and by which rule."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import Row

from access.callers import Caller
from access.roles import FIELD_STAFF
from common.clock import now
from common.http import Day, ShortText
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from staffing.coverage import queries, use_cases
from staffing.coverage.domain import (
    CoverageNotFound,
    Engagement,
    Grounds,
    Qualification,
    RuleStatus,
    SessionIsCancelled,
    SessionState,
    SupervisorNotFound,
    SupervisorOfShift,
)
from staffing.database import api_database

router = APIRouter(tags=["coverage"])
PROBLEMS: Problems = {
    CoverageNotFound: NOT_FOUND,
    SupervisorNotFound: NOT_FOUND,
    SupervisorOfShift: Problem(409, "supervisor-of-shift", "Release this person from the shift"),
    SessionIsCancelled: Problem(409, "session-is-cancelled", "This session will not take place"),
}

RuleName = Annotated[str | None, Query(max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]


class AccountName(BaseModel):
    """A sign-in of the federation's identity provider."""

    model_config = ConfigDict(extra="forbid")

    issuer: ShortText
    subject: ShortText


class SupervisorRequest(BaseModel):
    """Whom to assign."""

    model_config = ConfigDict(extra="forbid")

    display_name: ShortText
    qualification: Qualification
    engagement: Engagement
    account: AccountName | None = None


class SupervisorAnswer(BaseModel):
    """Somebody who supervises a session."""

    id: UUID
    session_id: UUID
    display_name: str
    qualification: Qualification
    engagement: Engagement
    has_account: bool


class CoverageAnswer(BaseModel):
    """What a session needs and has; `supervisors_present` are those who count by its rule."""

    session_id: UUID
    organisation_id: UUID
    version: int
    title: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    time_zone: str
    state: SessionState
    supervisors_needed: int
    qualified_needed: int
    supervisors_present: int
    qualified_present: int
    is_short: bool
    jurisdiction: str
    rule: str
    explanation: str
    grounds: Grounds | None = Field(description="What the explanation says, for sentences in any language")


class CoverageWithTeam(CoverageAnswer):
    """The coverage of one session with the people behind it, whom only the organiser sees."""

    supervisors: list[SupervisorAnswer]


class RuleAnswer(BaseModel):
    """A dated supervision rule; `valid_to` is the last day on which it holds."""

    id: UUID
    jurisdiction: str
    rule: str
    value: dict[str, Any]
    valid_from: date | None
    valid_to: date | None
    source: str
    status: RuleStatus = Field(description="How well the rule is proven; check again before you rely on the weaker two")


@router.post("/sessions/{session_id}/supervisors", status_code=201, response_model=SupervisorAnswer)
async def assign_supervisor(session_id: UUID, body: SupervisorRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Assign somebody to a session."""

    async def assign() -> SupervisorAnswer:
        account = body.account
        new = use_cases.NewSupervisor(
            display_name=body.display_name,
            qualification=body.qualification,
            engagement=body.engagement,
            account_issuer=account.issuer if account else None,
            account_subject=account.subject if account else None,
        )
        supervisor_id = await use_cases.assign_supervisor(session, session_id, new)
        shown = body.model_dump(exclude={"account"})
        return SupervisorAnswer(id=supervisor_id, session_id=session_id, has_account=account is not None, **shown)

    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return await once(session, key, caller.key, assign)


@router.delete("/supervisors/{supervisor_id}", status_code=204)
async def withdraw_supervisor(supervisor_id: UUID, caller: Caller) -> None:
    """Take somebody off a session."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        await use_cases.withdraw_supervisor(session, supervisor_id)


@router.get("/sessions/{session_id}/coverage")
async def get_coverage(session_id: UUID, caller: Caller) -> CoverageWithTeam:
    """What a session needs, what it has, and why: for field staff of the organiser and of its co-hosts."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        row = await queries.find_coverage(session, session_id)
        if row is None:
            raise CoverageNotFound
        team = await queries.list_supervisors(session, session_id)
    supervisors = [
        SupervisorAnswer(
            id=supervisor.id,
            session_id=supervisor.session_id,
            display_name=supervisor.display_name,
            qualification=supervisor.qualification,
            engagement=supervisor.engagement,
            has_account=supervisor.account_subject is not None,
        )
        for supervisor in team
    ]
    return CoverageWithTeam(**_coverage(row).model_dump(), supervisors=supervisors)


@router.get("/coverage")
async def list_coverage(
    *,
    caller: Caller,
    short: bool | None = None,
    upcoming: bool = False,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[CoverageAnswer]:
    """Sessions organised or co-hosted by the caller's associations: only short ones, only coming ones."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        rows = await queries.list_coverages(
            session, short=short, ends_after=now() if upcoming else None, after=decode_cursor(cursor), limit=limit + 1
        )
    shown, following = next_cursor([row.session_id for row in rows], limit)
    return Page(items=[_coverage(row) for row in rows[:shown]], next_cursor=following)


@router.get("/supervision-rules")
async def list_supervision_rules(
    *,
    caller: Caller,
    jurisdiction: RuleName = None,
    rule: RuleName = None,
    on: Day | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[RuleAnswer]:
    """The rules of law that coverage is judged by, with where they are written; `on` is a day on which they hold."""
    async with api_database.transaction(caller.context()) as session:
        rows = await queries.list_rules(
            session, jurisdiction=jurisdiction, rule=rule, on=on, after=decode_cursor(cursor), limit=limit + 1
        )
    shown, following = next_cursor([row.id for row in rows], limit)
    items = [RuleAnswer.model_validate(row, from_attributes=True) for row in rows[:shown]]
    return Page(items=items, next_cursor=following)


def _coverage(row: Row[Any]) -> CoverageAnswer:
    return CoverageAnswer.model_validate({**row._mapping, "rule": row.supervision})
