"""Passports: opened and closed by the person, read by the other associations of the federation."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict

from access.callers import Caller
from access.roles import PLANNERS
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from staffing.coverage.domain import Engagement
from staffing.database import api_database
from staffing.passports import queries, use_cases
from staffing.passports.domain import ConsentIsHisOwn, PassportNotFound
from staffing.people.domain import AvailabilityKind
from staffing.people.queries import get_person
from staffing.people.use_cases import for_person, is_own
from staffing.qualifications.domain import QualificationKind

router = APIRouter(tags=["passports"])
PROBLEMS: Problems = {
    PassportNotFound: NOT_FOUND,
    ConsentIsHisOwn: Problem(409, "consent-is-his-own", "Who has an account gives his consent himself"),
}


class ConsentAnswer(BaseModel):
    """A person's consent to be known in the federation."""

    model_config = ConfigDict(from_attributes=True)

    person_id: UUID
    version: int
    consented_at: AwareDatetime
    is_on_paper: bool
    withdrawn_at: AwareDatetime | None


class PassportLine(BaseModel):
    """Somebody of another association who lets the federation know him."""

    model_config = ConfigDict(from_attributes=True)

    person_id: UUID
    organisation_id: UUID
    display_name: str


class PaperLine(BaseModel):
    """A paper that his association has seen."""

    model_config = ConfigDict(from_attributes=True)

    kind: QualificationKind
    issuer: str
    issued_on: date
    expires_on: date | None


class WindowLine(BaseModel):
    """A weekly window on the clock of his place."""

    model_config = ConfigDict(from_attributes=True)

    weekday: int
    from_minute: int
    to_minute: int
    kind: AvailabilityKind
    valid_from: date | None
    valid_to: date | None


class HoursLine(BaseModel):
    """Approved hours of a year."""

    model_config = ConfigDict(from_attributes=True)

    year: int
    engagement: Engagement
    minutes: int


class PassportAnswer(PassportLine):
    """What the consent covers, and nothing else."""

    papers: list[PaperLine]
    windows: list[WindowLine]
    hours: list[HoursLine]


@router.post("/people/{person_id}/passport", status_code=201, response_model=ConsentAnswer)
async def open_passport(person_id: UUID, caller: Caller, key: IdempotencyKey) -> Response:
    """Consent to be known in the federation; a planner records a consent on paper of who has no account."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        person = await get_person(session, person_id)

        async def consent() -> ConsentAnswer:
            async with for_person(session, caller, person, "a person opens his passport"):
                by_planner = not is_own(caller, person)
                passport = await use_cases.open_passport(session, person_id, by_planner=by_planner)
            return ConsentAnswer.model_validate(passport)

        return await once(session, key, caller.key, consent)


@router.delete("/people/{person_id}/passport")
async def close_passport(person_id: UUID, caller: Caller) -> ConsentAnswer:
    """Withdraw the consent, at once and everywhere; for the person himself and the planners."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        person = await get_person(session, person_id)
        async with for_person(session, caller, person, "a person closes his passport"):
            passport = await use_cases.close_passport(session, person_id)
    return ConsentAnswer.model_validate(passport)


@router.get("/people/{person_id}/passport")
async def get_consent(person_id: UUID, caller: Caller) -> ConsentAnswer:
    """Whether a person of one's own association, or oneself, has consented."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        passport = await queries.find_consent(session, person_id)
    if passport is None:
        raise PassportNotFound
    return ConsentAnswer.model_validate(passport)


@router.get("/passports")
async def list_passports(caller: Caller, cursor: PageCursor = None, limit: PageLimit = 50) -> Page[PassportLine]:
    """People of other associations of the federation whose passports are open."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        rows = await queries.list_opened(session, decode_cursor(cursor), limit)
    shown, following = next_cursor([row.person_id for row in rows], limit)
    return Page(items=[PassportLine.model_validate(row) for row in rows[:shown]], next_cursor=following)


@router.get("/passports/{person_id}")
async def get_passport(person_id: UUID, caller: Caller) -> PassportAnswer:
    """The papers, windows and hours of somebody of another association whose passport is open."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        found = await queries.get_opened(session, person_id)
    return PassportAnswer(
        person_id=found.person.person_id,
        organisation_id=found.person.organisation_id,
        display_name=found.person.display_name,
        papers=[PaperLine.model_validate(row) for row in found.papers],
        windows=[WindowLine.model_validate(row) for row in found.windows],
        hours=[HoursLine.model_validate(row) for row in found.hours],
    )
