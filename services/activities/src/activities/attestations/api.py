"""Attestations over HTTP: what a family can have attested, asking for it, and the file. For the family alone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller
from activities.attestations import queries, use_cases
from activities.attestations.domain import AttestationNotMade, NothingToAttest, UnknownAttestation
from activities.database import api_database
from activities.participants.queries import get_household, list_members_of_household
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems

router = APIRouter(tags=["attestations"])
PROBLEMS: Problems = {
    UnknownAttestation: NOT_FOUND,
    NothingToAttest: Problem(422, "nothing-to-attest", "There is no day to attest"),
    AttestationNotMade: Problem(409, "attestation-not-made", "The attestation is being made"),
}
Year = Annotated[int, Field(strict=True, ge=2000, le=2200)]


class AttestableAnswer(BaseModel):
    """A year in which somebody was at an organiser's sessions."""

    model_config = ConfigDict(from_attributes=True)

    participant_id: UUID
    organiser_id: UUID
    year: int
    days: int


class AttestationRequest(BaseModel):
    """Whose attendance of which year at whose sessions, in which language."""

    model_config = ConfigDict(extra="forbid")

    participant_id: UUID
    organiser_id: UUID
    year: Year
    language: Literal["fr", "nl", "de", "en"]


class AttestationAnswer(BaseModel):
    """An attestation; its file is there once `made_at` is."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    participant_id: UUID
    organiser_id: UUID
    year: int
    language: str
    asked_at: datetime
    made_at: datetime | None


@router.get("/households/{household_id}/attestable-years")
async def get_attestable_years(household_id: UUID, caller: Caller) -> list[AttestableAnswer]:
    """What the caller's own household can have attested, the newest year first."""
    async with api_database.transaction(caller.context()) as session:
        await get_household(session, household_id)
        members = [member.id for member in await list_members_of_household(session, household_id)]
        found = await queries.list_attestable(session, members)
    return [AttestableAnswer.model_validate(one) for one in found]


@router.post("/attestations", status_code=201, response_model=AttestationAnswer)
async def post_attestation(body: AttestationRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Ask for an attestation of somebody of the caller's own household; it is made within seconds."""

    async def create() -> AttestationAnswer:
        made = await use_cases.ask_for_attestation(session, **body.model_dump())
        return AttestationAnswer.model_validate(made)

    async with api_database.transaction(caller.context()) as session:
        return await once(session, key, caller.key, create)


@router.get("/households/{household_id}/attestations")
async def get_attestations(
    household_id: UUID, caller: Caller, limit: PageLimit = 50, cursor: PageCursor = None
) -> Page[AttestationAnswer]:
    """The attestations that the caller's own household has asked for."""
    async with api_database.transaction(caller.context()) as session:
        await get_household(session, household_id)
        members = [member.id for member in await list_members_of_household(session, household_id)]
        found = await queries.list_attestations(session, decode_cursor(cursor), limit, members)
    shown, cursor_of_rest = next_cursor([one.id for one in found], limit)
    return Page(items=[AttestationAnswer.model_validate(one) for one in found[:shown]], next_cursor=cursor_of_rest)


@router.get(
    "/attestations/{attestation_id}/pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def get_pdf(attestation_id: UUID, caller: Caller) -> Response:
    """The file, for the household alone."""
    async with api_database.transaction(caller.context()) as session:
        pdf = await queries.get_pdf(session, attestation_id)
    name = {"Content-Disposition": f'attachment; filename="{attestation_id}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=name)
