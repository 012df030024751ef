"""The papers of people, for those who plan with them and for the people themselves."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from access.callers import Caller
from access.roles import PLANNERS
from common.http import Day, IfMatch, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problems
from staffing.database import api_database
from staffing.people.queries import get_person
from staffing.people.use_cases import for_person
from staffing.qualifications import queries, use_cases
from staffing.qualifications.domain import QualificationKind, QualificationNotFound

router = APIRouter(tags=["qualifications"])
PROBLEMS: Problems = {QualificationNotFound: NOT_FOUND}


class QualificationFields(BaseModel):
    """What a paper says; its last day is the last on which it holds."""

    model_config = ConfigDict(extra="forbid")

    kind: QualificationKind
    issuer: ShortText
    issued_on: Day
    expires_on: Day | None = None


class QualificationChange(BaseModel):
    """What to change; a field that is not sent stays."""

    model_config = ConfigDict(extra="forbid")

    issuer: ShortText | None = None
    issued_on: Day | None = None
    expires_on: Day | None = None
    is_verified: bool | None = None


class QualificationAnswer(QualificationFields):
    """A paper; `is_verified` once a planner has seen it."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")

    id: UUID
    organisation_id: UUID
    person_id: UUID
    version: int
    is_verified: bool


@router.post("/people/{person_id}/qualifications", status_code=201, response_model=QualificationAnswer)
async def record_qualification(
    person_id: UUID, body: QualificationFields, caller: Caller, key: IdempotencyKey
) -> Response:
    """Record a paper that a planner has seen, or that the person himself says he has."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        person = await get_person(session, person_id)
        is_verified = caller.may(person.organisation_id, PLANNERS)

        async def record() -> QualificationAnswer:
            async with for_person(session, caller, person, "a person says which papers he has"):
                found = await use_cases.record_qualification(
                    session, person_id, body.model_dump(), is_verified=is_verified
                )
            return QualificationAnswer.model_validate(found)

        return await once(session, key, caller.key, record)


@router.get("/qualifications")
async def list_qualifications(
    caller: Caller,
    person_id: UUID | None = None,
    expires_before: Day | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[QualificationAnswer]:
    """The papers of the people of the caller's associations and his own; those that expire before a day."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        rows = await queries.list_qualifications(
            session, person_id=person_id, expires_before=expires_before, after=decode_cursor(cursor), limit=limit
        )
    shown, following = next_cursor([row.id for row in rows], limit)
    return Page(items=[QualificationAnswer.model_validate(row) for row in rows[:shown]], next_cursor=following)


@router.patch("/qualifications/{qualification_id}")
async def change_qualification(
    qualification_id: UUID, body: QualificationChange, caller: Caller, response: Response, if_match: IfMatch = None
) -> QualificationAnswer:
    """Renew a paper, or say that it was seen."""
    version = expected_version(if_match)
    sent = body.model_dump(exclude_unset=True)
    changes = {field: value for field, value in sent.items() if value is not None or field == "expires_on"}
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_qualification(session, qualification_id)).organisation_id, PLANNERS)
        found = await use_cases.change_qualification(session, qualification_id, changes, version)
    response.headers["ETag"] = etag(found.version)
    return QualificationAnswer.model_validate(found)


@router.delete("/qualifications/{qualification_id}", status_code=204)
async def remove_qualification(qualification_id: UUID, caller: Caller, if_match: IfMatch = None) -> None:
    """Take a paper off."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_qualification(session, qualification_id)).organisation_id, PLANNERS)
        await use_cases.remove_qualification(session, qualification_id, version)
