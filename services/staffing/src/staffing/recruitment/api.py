"""Vacancies for everybody who may read them, applications for those who apply and those who recruit."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from access.callers import Caller, MaybeCaller
from access.roles import PLANNERS
from access.row_policies import act_for
from common.http import Day, IfMatch, LongText, Moment, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from staffing.database import api_database
from staffing.people.domain import PersonKind
from staffing.qualifications.domain import QualificationKind
from staffing.recruitment import queries, use_cases
from staffing.recruitment.domain import (
    ApplicationIsDecided,
    ApplicationNotFound,
    ApplicationState,
    HasApplied,
    VacancyIsFilled,
    VacancyIsNotOpen,
    VacancyNotFound,
    VacancyState,
)
from staffing.shifts.domain import ShiftRole

router = APIRouter(tags=["recruitment"])
PROBLEMS: Problems = {
    VacancyNotFound: NOT_FOUND,
    ApplicationNotFound: NOT_FOUND,
    VacancyIsNotOpen: Problem(409, "vacancy-is-not-open", "Applications are not taken"),
    HasApplied: Problem(409, "has-applied", "You have applied for this before"),
    ApplicationIsDecided: Problem(409, "application-is-decided", "This application does not become that any more"),
    VacancyIsFilled: Problem(409, "vacancy-is-filled", "Every place of this vacancy is taken"),
}

Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]
Phone = Annotated[str, Field(min_length=3, max_length=40, pattern=r"^[0-9+()/. -]+$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Places = Annotated[int, Field(strict=True, ge=1, le=500)]


class VacancyFields(BaseModel):
    """Whom an association looks for; volunteers make it a call for volunteers."""

    model_config = ConfigDict(extra="forbid")

    title: ShortText
    description: LongText = ""
    footing: PersonKind
    role: ShiftRole
    required: list[QualificationKind] = Field(default=[], max_length=10)
    places: Places = 1
    starts_on: Day
    ends_on: Day | None = None
    apply_until: Day | None = None


class VacancyRequest(VacancyFields):
    """For which association."""

    organisation_id: UUID


class VacancyChange(BaseModel):
    """What to change; a field that is not sent stays."""

    model_config = ConfigDict(extra="forbid")

    state: VacancyState | None = None
    title: ShortText | None = None
    description: LongText | None = None
    places: Places | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    apply_until: Day | None = None


class VacancyAnswer(VacancyFields):
    """A vacancy."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")

    id: UUID
    organisation_id: UUID
    version: int
    state: VacancyState


class ApplicationRequest(BaseModel):
    """Who applies, and how he is reached."""

    model_config = ConfigDict(extra="forbid")

    display_name: ShortText
    email: Email
    phone: Phone | None = None
    language: Language = "fr"
    message: LongText | None = None


class ApplicationDecision(BaseModel):
    """What becomes of an application; the applicant himself may only withdraw it."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["interview", "accepted", "refused", "withdrawn"]
    interview_at: Moment | None = None
    because: ShortText | None = None


class ApplicationAnswer(BaseModel):
    """An application as the applicant may read it too; without a name once his data are deleted."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    vacancy_id: UUID
    version: int
    state: ApplicationState
    display_name: str | None
    email: str | None
    phone: str | None
    language: str
    message: str | None
    received_at: AwareDatetime
    interview_at: AwareDatetime | None
    decided_on: date | None
    because: str | None
    person_id: UUID | None


@router.post("/vacancies", status_code=201, response_model=VacancyAnswer)
async def open_vacancy(body: VacancyRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Write down whom an association looks for; nobody else sees it before it is published."""
    caller.require(body.organisation_id, PLANNERS)
    async with api_database.transaction(caller.context(PLANNERS)) as session:

        async def make() -> VacancyAnswer:
            values = body.model_dump(exclude={"organisation_id"})
            return VacancyAnswer.model_validate(await use_cases.open_vacancy(session, body.organisation_id, values))

        return await once(session, key, caller.key, make)


@router.get("/vacancies")
async def list_vacancies(
    caller: MaybeCaller,
    organisation_id: UUID | None = None,
    state: VacancyState | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[VacancyAnswer]:
    """What is published, for everybody, and everything of the caller's associations."""
    async with api_database.transaction(caller.context(PLANNERS) if caller else None) as session:
        rows = await queries.list_vacancies(
            session, organisation_id=organisation_id, state=state, after=decode_cursor(cursor), limit=limit
        )
    shown, following = next_cursor([row.id for row in rows], limit)
    return Page(items=[VacancyAnswer.model_validate(row) for row in rows[:shown]], next_cursor=following)


@router.get("/vacancies/{vacancy_id}")
async def get_vacancy(vacancy_id: UUID, caller: MaybeCaller, response: Response) -> VacancyAnswer:
    """One vacancy; a published one for everybody."""
    async with api_database.transaction(caller.context(PLANNERS) if caller else None) as session:
        found = VacancyAnswer.model_validate(await queries.get_vacancy(session, vacancy_id))
    response.headers["ETag"] = etag(found.version)
    return found


@router.patch("/vacancies/{vacancy_id}")
async def change_vacancy(
    vacancy_id: UUID, body: VacancyChange, caller: Caller, response: Response, if_match: IfMatch = None
) -> VacancyAnswer:
    """Change, publish or close a vacancy."""
    version = expected_version(if_match)
    changes = body.model_dump(exclude_none=True)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_vacancy(session, vacancy_id)).organisation_id, PLANNERS)
        found = VacancyAnswer.model_validate(await use_cases.change_vacancy(session, vacancy_id, changes, version))
    response.headers["ETag"] = etag(found.version)
    return found


@router.post("/vacancies/{vacancy_id}/applications", status_code=201, response_model=ApplicationAnswer)
async def apply(vacancy_id: UUID, body: ApplicationRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Apply for a published vacancy; those who recruit are told."""
    async with api_database.transaction(caller.context()) as session:
        vacancy = await queries.get_vacancy(session, vacancy_id)

        async def make() -> ApplicationAnswer:
            made = await use_cases.apply(session, vacancy, caller.account, body.model_dump())
            return ApplicationAnswer.model_validate(made)

        return await once(session, key, caller.key, make)


@router.get("/applications")
async def list_applications(
    caller: Caller,
    vacancy_id: UUID | None = None,
    state: ApplicationState | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[ApplicationAnswer]:
    """The applications at the caller's associations, and his own."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        rows = await queries.list_applications(
            session, vacancy_id=vacancy_id, state=state, after=decode_cursor(cursor), limit=limit
        )
    shown, following = next_cursor([row.id for row in rows], limit)
    return Page(items=[ApplicationAnswer.model_validate(row) for row in rows[:shown]], next_cursor=following)


@router.patch("/applications/{application_id}")
async def decide(
    application_id: UUID, body: ApplicationDecision, caller: Caller, response: Response, if_match: IfMatch = None
) -> ApplicationAnswer:
    """Invite, accept, refuse; who is accepted is recorded as a person. The applicant may withdraw."""
    version = expected_version(if_match)
    decision = use_cases.Decision(ApplicationState(body.state), body.interview_at, body.because)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        found = await queries.get_application(session, application_id)
        withdraws = body.state == ApplicationState.withdrawn and queries.is_own(caller.account, found)
        if not withdraws:
            caller.require(found.organisation_id, PLANNERS)
        async with act_for(session, found.organisation_id, "an applicant or a planner decides on an application"):
            decided = await use_cases.decide(session, application_id, decision, version)
            answer = ApplicationAnswer.model_validate(decided)
    response.headers["ETag"] = etag(answer.version)
    return answer
