"""What booked places cost and who owes it, and the rules by which associations bear a part."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from access.callers import Caller
from access.roles import MONEY, MONEY_READERS
from common.http import IfMatch, check_version, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, ProblemError, Problems
from finance.charges import queries, use_cases
from finance.charges.domain import ChargeState, PayerKind, PeriodIsEmpty, ShareRulesOverlap
from finance.database import api_database

if TYPE_CHECKING:
    from finance.charges.tables import ShareRule

router = APIRouter(tags=["charges"])
PROBLEMS: Problems = {
    ShareRulesOverlap: Problem(409, "share-rules-overlap", "There is a share rule on some of these days"),
    PeriodIsEmpty: Problem(422, "period-is-empty", "The last day is before the first"),
}

Percent = Annotated[int, Field(strict=True, ge=0, le=100)]


class ChargeAnswer(BaseModel):
    """What one payer owes the organiser for one place; `amount_minor` is still owed."""

    id: UUID
    organisation_id: UUID
    booking_id: UUID
    participant_id: UUID
    home_organisation_id: UUID
    payer_kind: PayerKind
    payer_id: UUID
    session_id: UUID
    activity_id: UUID
    title: str
    session_on: date
    currency: str
    price_minor: int
    charged_minor: int
    given_back_minor: int
    amount_minor: int
    state: ChargeState
    is_earned: bool
    recorded_at: AwareDatetime
    changed_at: AwareDatetime


class ShareRuleTerms(BaseModel):
    """What an association bears of its people's places, from a day to a day included."""

    model_config = ConfigDict(extra="forbid")

    borne_percent: Percent
    valid_from: date
    valid_to: date | None = None


class ShareRuleRequest(ShareRuleTerms):
    """A new share rule."""

    organisation_id: UUID


class ShareRuleAnswer(BaseModel):
    """A share rule."""

    id: UUID
    organisation_id: UUID
    borne_percent: int
    valid_from: date
    valid_to: date | None
    version: int


@router.get("/charges")
async def list_charges(
    caller: Caller,
    organisation_id: UUID | None = None,
    session_id: UUID | None = None,
    booking_id: UUID | None = None,
    payer_id: UUID | None = None,
    state: ChargeState | None = None,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
) -> Page[ChargeAnswer]:
    """Charges that the caller's associations are owed or owe, and those of the caller's household."""
    async with api_database.transaction(caller.context(MONEY_READERS)) as session:
        charges = await queries.list_charges(
            session,
            organisation_id=organisation_id,
            session_id=session_id,
            booking_id=booking_id,
            payer_id=payer_id,
            state=state,
            after_id=decode_cursor(cursor),
            limit=limit,
        )
    shown, following = next_cursor([charge.id for charge in charges], limit)
    items = [ChargeAnswer.model_validate(charge, from_attributes=True) for charge in charges[:shown]]
    return Page(items=items, next_cursor=following)


@router.get("/charges/{charge_id}")
async def get_charge(charge_id: UUID, caller: Caller) -> ChargeAnswer:
    """One charge."""
    async with api_database.transaction(caller.context(MONEY_READERS)) as session:
        charge = await queries.find_charge(session, charge_id)
    if charge is None:
        raise ProblemError(NOT_FOUND)
    return ChargeAnswer.model_validate(charge, from_attributes=True)


@router.get("/share-rules")
async def list_share_rules(
    caller: Caller, organisation_id: UUID | None = None, limit: PageLimit = 50, cursor: PageCursor = None
) -> Page[ShareRuleAnswer]:
    """The share rules of the caller's associations."""
    async with api_database.transaction(caller.context(MONEY_READERS)) as session:
        rules = await queries.list_share_rules(session, organisation_id, decode_cursor(cursor), limit)
    shown, following = next_cursor([rule.id for rule in rules], limit)
    return Page(items=[_rule_answer(rule) for rule in rules[:shown]], next_cursor=following)


@router.post("/share-rules", status_code=201, response_model=ShareRuleAnswer)
async def add_share_rule(body: ShareRuleRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Let an association bear a part of its people's places from a day on."""
    caller.require(body.organisation_id, MONEY)
    async with api_database.transaction(caller.context(MONEY)) as session:

        async def add() -> ShareRuleAnswer:
            terms = (body.borne_percent, body.valid_from, body.valid_to)
            return _rule_answer(await use_cases.add_share_rule(session, body.organisation_id, *terms))

        return await once(session, key, caller.key, add)


@router.put("/share-rules/{rule_id}")
async def change_share_rule(
    rule_id: UUID, body: ShareRuleTerms, caller: Caller, response: Response, if_match: IfMatch = None
) -> ShareRuleAnswer:
    """Change a share rule; places charged before stay as they are."""
    expected = expected_version(if_match)
    async with api_database.transaction(caller.context(MONEY)) as session:
        rule = await _lock(session, rule_id)
        check_version(expected, rule.version)
        await use_cases.change_share_rule(session, rule, body.borne_percent, body.valid_from, body.valid_to)
    response.headers["ETag"] = etag(rule.version)
    return _rule_answer(rule)


@router.delete("/share-rules/{rule_id}", status_code=204)
async def remove_share_rule(rule_id: UUID, caller: Caller, if_match: IfMatch = None) -> None:
    """Remove a share rule; places charged before stay as they are."""
    expected = expected_version(if_match)
    async with api_database.transaction(caller.context(MONEY)) as session:
        rule = await _lock(session, rule_id)
        check_version(expected, rule.version)
        await use_cases.remove_share_rule(session, rule)


async def _lock(session: AsyncSession, rule_id: UUID) -> ShareRule:
    rule = await queries.lock_share_rule(session, rule_id)
    if rule is None:
        raise ProblemError(NOT_FOUND)
    return rule


def _rule_answer(rule: ShareRule) -> ShareRuleAnswer:
    return ShareRuleAnswer.model_validate(rule, from_attributes=True)
