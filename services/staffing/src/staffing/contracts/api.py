"""The documents of people: asked for, fetched as PDF, handed over and signed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from access.callers import Caller
from access.roles import PLANNERS
from common.clock import now
from common.http import AmountMinor, Day, IfMatch, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from staffing.contracts import queries, use_cases
from staffing.contracts.domain import (
    DocumentDoesNotFit,
    DocumentIsNotMade,
    DocumentKind,
    DocumentNotFound,
    DocumentState,
    EmployerIsNotDescribed,
    StepIsNotPossible,
)
from staffing.database import api_database
from staffing.people.queries import get_person

router = APIRouter(tags=["contracts"])
PROBLEMS: Problems = {
    DocumentNotFound: NOT_FOUND,
    DocumentIsNotMade: Problem(409, "document-is-not-made", "The document is being made"),
    DocumentDoesNotFit: Problem(409, "document-does-not-fit", "This document is for people on another footing"),
    StepIsNotPossible: Problem(409, "step-is-not-possible", "The document does not go from its state to that one"),
    EmployerIsNotDescribed: Problem(404, "employer-is-not-described", "The association is not described yet"),
}

Language = Literal["fr", "nl", "de", "en"]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
WeeklyMinutes = Annotated[int, Field(strict=True, ge=0, le=7 * 24 * 60)]


class EmployerFields(BaseModel):
    """Who an association is before the law and how it is insured."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    legal_name: ShortText
    legal_form: ShortText
    enterprise_number: ShortText
    address: ShortText
    social_purpose: ShortText
    contact_name: ShortText
    contact_role: ShortText
    insurer_name: ShortText
    policy_number: ShortText
    accident_insurer_name: ShortText | None = None
    accident_policy_number: ShortText | None = None
    is_confidential: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.accident_insurer_name is None) != (self.accident_policy_number is None):
            raise ValueError("give both accident_insurer_name and accident_policy_number, or neither")
        return self


class EmployerAnswer(EmployerFields):
    """The same, with its version."""

    model_config = ConfigDict(extra="ignore", from_attributes=True)

    organisation_id: UUID
    version: int


class DocumentRequest(BaseModel):
    """Which document, and what it is about; without a language it is the person's."""

    model_config = ConfigDict(extra="forbid")

    kind: DocumentKind
    language: Language | None = None
    task: ShortText
    starts_on: Day
    ends_on: Day | None = None
    weekly_minutes: WeeklyMinutes | None = None
    pay_minor: AmountMinor | None = Field(default=None, description="by the hour")
    currency: Currency = "EUR"


class DocumentStep(BaseModel):
    """What became of a document, and when; today unless a day is given."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["handed_over", "signed", "void"]
    on: Day | None = None


class DocumentAnswer(BaseModel):
    """A document; its file is fetched apart."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    person_id: UUID
    version: int
    kind: DocumentKind
    language: str
    state: DocumentState
    starts_on: date
    ends_on: date | None
    made_on: date | None
    handed_over_on: date | None
    signed_on: date | None


@router.put("/organisations/{organisation_id}/employer-details")
async def describe_employer(
    organisation_id: UUID, body: EmployerFields, caller: Caller, response: Response, if_match: IfMatch = None
) -> EmployerAnswer:
    """Say who the association is and how it is insured; the first time with `If-Match: "0"`."""
    version = expected_version(if_match)
    caller.require(organisation_id, PLANNERS)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        found = await use_cases.describe_employer(session, organisation_id, body.model_dump(), version)
        answer = EmployerAnswer.model_validate(found)
    response.headers["ETag"] = etag(answer.version)
    return answer


@router.get("/organisations/{organisation_id}/employer-details")
async def get_employer(organisation_id: UUID, caller: Caller, response: Response) -> EmployerAnswer:
    """Who the association is before the law and how it is insured."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        answer = EmployerAnswer.model_validate(await queries.get_employer(session, organisation_id))
    response.headers["ETag"] = etag(answer.version)
    return answer


@router.post("/people/{person_id}/documents", status_code=201, response_model=DocumentAnswer)
async def ask_for_document(person_id: UUID, body: DocumentRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Ask for a document; it says what is true now, and is made within seconds."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await get_person(session, person_id)).organisation_id, PLANNERS)

        async def ask() -> DocumentAnswer:
            values = body.model_dump(exclude={"kind", "language"})
            made = await use_cases.ask_for_document(session, person_id, body.kind, body.language, values)
            return DocumentAnswer.model_validate(made)

        return await once(session, key, caller.key, ask)


@router.get("/documents")
async def list_documents(
    caller: Caller,
    person_id: UUID | None = None,
    state: DocumentState | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[DocumentAnswer]:
    """The documents of the people of the caller's associations, and his own."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        rows = await queries.list_documents(
            session, person_id=person_id, state=state, after=decode_cursor(cursor), limit=limit
        )
    shown, following = next_cursor([row.id for row in rows], limit)
    return Page(items=[DocumentAnswer.model_validate(row) for row in rows[:shown]], next_cursor=following)


@router.get("/documents/{document_id}")
async def get_document(document_id: UUID, caller: Caller, response: Response) -> DocumentAnswer:
    """One document."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        found = DocumentAnswer.model_validate(await queries.get_document(session, document_id))
    response.headers["ETag"] = etag(found.version)
    return found


@router.get(
    "/documents/{document_id}/pdf", response_class=Response, responses={200: {"content": {"application/pdf": {}}}}
)
async def get_pdf(document_id: UUID, caller: Caller) -> Response:
    """The file, as it was made."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        pdf = await queries.get_pdf(session, document_id)
    name = {"Content-Disposition": f'inline; filename="{document_id}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=name)


@router.patch("/documents/{document_id}")
async def take_step(
    document_id: UUID, body: DocumentStep, caller: Caller, response: Response, if_match: IfMatch = None
) -> DocumentAnswer:
    """Say that a document was handed over, was signed, or is void."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_document(session, document_id)).organisation_id, PLANNERS)
        state, on = DocumentState(body.state), body.on or now().date()
        found = DocumentAnswer.model_validate(await use_cases.take_step(session, document_id, state, on, version))
    response.headers["ETag"] = etag(found.version)
    return found
