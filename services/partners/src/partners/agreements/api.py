"""HTTP in: agreements. Planners of the association draft and send; leaders of each side sign; all sides read."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from access.callers import Caller
from access.roles import LEADERS, PLANNERS
from common.http import AmountMinor, IfMatch, LongText, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import CHANGED, NOT_FOUND, Problem, Problems
from partners.agreements import queries, use_cases
from partners.agreements.domain import (
    AgreementChangedMeanwhile,
    AgreementNotFound,
    AgreementState,
    Contribution,
    ContributionKind,
    NoPartyOfTheAgreement,
    NotADraft,
    NotOpenForSignature,
    SignedBefore,
    Terms,
    UnfitTerms,
)
from partners.database import api_database

if TYPE_CHECKING:
    from partners.agreements.tables import Agreement

router = APIRouter(tags=["agreements"])
PROBLEMS: Problems = {
    AgreementNotFound: NOT_FOUND,
    AgreementChangedMeanwhile: CHANGED,
    NotADraft: Problem(409, "not-a-draft", "This agreement was sent and does not change any more"),
    NotOpenForSignature: Problem(409, "not-open-for-signature", "This agreement is not open for signature"),
    SignedBefore: Problem(409, "signed-before", "This side has signed already"),
    NoPartyOfTheAgreement: Problem(422, "no-party-of-the-agreement", "This organisation is no side of the agreement"),
    UnfitTerms: Problem(422, "unfit-terms", "The terms contradict each other"),
}
READERS = tuple({*PLANNERS, *LEADERS})
LARGEST_NOTICE_DAYS = 730


class ContributionEntry(BaseModel):
    """What one side brings; only money has an amount and a currency."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    party_id: UUID
    kind: ContributionKind
    description: ShortText
    amount_minor: AmountMinor | None = None
    currency: Annotated[str | None, Field(pattern="^[A-Z]{3}$")] = None


class TermsRequest(BaseModel):
    """What is agreed; `party_ids` are the sides beside your own association."""

    model_config = ConfigDict(extra="forbid")

    title: ShortText
    scope: LongText
    starts_on: date
    ends_on: date | None = None
    renewal_notice_days: Annotated[int, Field(strict=True, ge=0, le=LARGEST_NOTICE_DAYS)] = 90
    party_ids: Annotated[list[UUID], Field(min_length=1, max_length=20)]
    contributions: Annotated[list[ContributionEntry], Field(max_length=50)] = []

    @property
    def terms(self) -> Terms:
        brought = tuple(Contribution(**entry.model_dump()) for entry in self.contributions)
        return Terms(
            **self.model_dump(exclude={"party_ids", "contributions", "organisation_id"}),
            party_ids=tuple(self.party_ids),
            contributions=brought,
        )


class NewAgreement(TermsRequest):
    """An agreement that an association writes down."""

    organisation_id: UUID


class SignatureRequest(BaseModel):
    """Who signs for which side, and on which day it was signed."""

    model_config = ConfigDict(extra="forbid")

    party_id: UUID
    signed_by: ShortText
    signed_on: date


class EndRequest(BaseModel):
    """Why an agreement ends."""

    model_config = ConfigDict(extra="forbid")

    reason: ShortText


class AgreementEntry(BaseModel):
    """An agreement in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    version: int
    state: AgreementState
    title: str
    starts_on: date
    ends_on: date | None
    renewal_notice_days: int
    party_ids: list[UUID]
    signed_at: datetime | None
    ended_at: datetime | None


class SignatureEntry(BaseModel):
    """A signature; the organisation that recorded it is the keeper for what came on paper."""

    model_config = ConfigDict(from_attributes=True)

    party_id: UUID
    signed_by: str
    signed_on: date
    recorded_by_organisation_id: UUID


class AgreementAnswer(AgreementEntry):
    """An agreement with all that belongs to it."""

    scope: str
    sent_at: datetime | None
    end_reason: str | None
    contributions: list[ContributionEntry]
    signatures: list[SignatureEntry]


@router.post("/agreements", status_code=201, response_model=AgreementAnswer)
async def draft_agreement(body: NewAgreement, caller: Caller, key: IdempotencyKey) -> Response:
    """Write an agreement down; nobody else sees it before it is sent."""
    caller.require(body.organisation_id, PLANNERS)
    async with api_database.transaction(caller.context(PLANNERS)) as session:

        async def create() -> AgreementAnswer:
            agreement = await use_cases.draft_agreement(session, body.organisation_id, body.terms)
            return await _loaded(session, agreement)

        return await once(session, key, caller.key, create)


@router.get("/agreements")
async def list_agreements(
    caller: Caller,
    organisation_id: UUID | None = None,
    party_id: UUID | None = None,
    state: AgreementState | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[AgreementEntry]:
    """The agreements of the caller's associations, and those that were sent to them."""
    wanted = queries.AgreementFilter(organisation_id, party_id, state)
    async with api_database.transaction(caller.context(READERS)) as session:
        rows = await queries.list_agreements(session, wanted, decode_cursor(cursor), limit + 1)
    entries = [AgreementEntry.model_validate(row) for row in rows]
    shown, following = next_cursor([entry.id for entry in entries], limit)
    return Page(items=entries[:shown], next_cursor=following)


@router.get("/agreements/{agreement_id}")
async def get_agreement(agreement_id: UUID, caller: Caller, response: Response) -> AgreementAnswer:
    """One agreement, with the ETag that a change must name."""
    async with api_database.transaction(caller.context(READERS)) as session:
        agreement = await queries.find_agreement(session, agreement_id)
        if agreement is None:
            raise AgreementNotFound
        answer = await _loaded(session, agreement)
    response.headers["ETag"] = etag(answer.version)
    return answer


@router.put("/agreements/{agreement_id}")
async def redraft_agreement(
    agreement_id: UUID, body: TermsRequest, caller: Caller, response: Response, if_match: IfMatch = None
) -> AgreementAnswer:
    """Replace the terms of a draft."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        agreement = await use_cases.redraft_agreement(session, agreement_id, version, body.terms)
        answer = await _loaded(session, agreement)
    response.headers["ETag"] = etag(answer.version)
    return answer


@router.post("/agreements/{agreement_id}/send")
async def send_agreement(agreement_id: UUID, caller: Caller) -> AgreementAnswer:
    """Show a draft to the other sides, for signature."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await _loaded(session, await use_cases.send_agreement(session, agreement_id))


@router.post("/agreements/{agreement_id}/signatures", status_code=201, response_model=AgreementAnswer)
async def sign_agreement(agreement_id: UUID, body: SignatureRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Sign for one's own side; leaders of the association that keeps it also record what came on paper."""
    signature = use_cases.NewSignature(**body.model_dump())
    async with api_database.transaction(caller.context(LEADERS)) as session:

        async def sign() -> AgreementAnswer:
            agreement = await use_cases.sign_agreement(session, caller, agreement_id, signature)
            return await _loaded(session, agreement)

        return await once(session, key, caller.key, sign)


@router.post("/agreements/{agreement_id}/end")
async def end_agreement(agreement_id: UUID, body: EndRequest, caller: Caller) -> AgreementAnswer:
    """End an agreement, or give a draft up. Again changes nothing."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await _loaded(session, await use_cases.end_agreement(session, agreement_id, body.reason))


async def _loaded(session: AsyncSession, agreement: Agreement) -> AgreementAnswer:
    contributions = await queries.list_contributions(session, agreement.id)
    signatures = await queries.list_signatures(session, agreement.id)
    entry = AgreementEntry.model_validate(agreement)
    return AgreementAnswer(
        **entry.model_dump(),
        scope=agreement.scope,
        sent_at=agreement.sent_at,
        end_reason=agreement.end_reason,
        contributions=[ContributionEntry.model_validate(row) for row in contributions],
        signatures=[SignatureEntry.model_validate(row) for row in signatures],
    )
