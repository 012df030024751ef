"""Who owes whom between associations, per quarter, with the bookings behind every line."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from access.callers import Caller
from access.roles import MONEY_READERS
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import Problems
from finance.database import api_database
from finance.settlements import queries
from finance.settlements.domain import net_by_pair

router = APIRouter(tags=["settlements"])
PROBLEMS: Problems = {}

Quarter = Annotated[str | None, Query(pattern="^[0-9]{4}Q[1-4]$")]


class SettlementAnswer(BaseModel):
    """Both ways between two associations; `net_minor` is what the first owes the second, negative the other way."""

    quarter: str
    currency: str
    first_id: UUID
    second_id: UUID
    first_owes_minor: int
    second_owes_minor: int
    net_minor: int
    lines: int


class SettlementLineAnswer(BaseModel):
    """What a charge, a reservation or hours of lent people make owed; negative where another line is taken back."""

    id: UUID
    debtor_id: UUID
    creditor_id: UUID
    amount_minor: int
    currency: str
    quarter: str
    booking_id: UUID | None
    charge_id: UUID | None
    reservation_id: UUID | None
    hours_id: UUID | None
    recorded_at: AwareDatetime


@router.get("/settlements")
async def list_settlements(
    caller: Caller, quarter: Quarter = None, organisation_id: UUID | None = None
) -> list[SettlementAnswer]:
    """What the caller's associations and their neighbours owe each other, set off pair by pair."""
    async with api_database.transaction(caller.context(MONEY_READERS)) as session:
        gross = await queries.list_gross(session, quarter, organisation_id)
    return [SettlementAnswer.model_validate(net, from_attributes=True) for net in net_by_pair(gross)]


@router.get("/settlements/lines")
async def list_lines(
    caller: Caller,
    quarter: Quarter = None,
    debtor_id: UUID | None = None,
    creditor_id: UUID | None = None,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
) -> Page[SettlementLineAnswer]:
    """The lines behind the sums, in the order in which they were recorded."""
    async with api_database.transaction(caller.context(MONEY_READERS)) as session:
        lines = await queries.list_lines(
            session,
            quarter=quarter,
            debtor_id=debtor_id,
            creditor_id=creditor_id,
            after_id=decode_cursor(cursor),
            limit=limit,
        )
    shown, following = next_cursor([line.id for line in lines], limit)
    items = [SettlementLineAnswer.model_validate(line, from_attributes=True) for line in lines[:shown]]
    return Page(items=items, next_cursor=following)
