"""What somebody owes an organiser altogether, and the reference under which it is paid."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from access.callers import Caller
from access.roles import MONEY_READERS
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import Problems
from finance.charges.domain import PayerKind
from finance.database import api_database
from finance.dues import queries

router = APIRouter(tags=["dues"])
PROBLEMS: Problems = {}


class DueAnswer(BaseModel):
    """`amounts` are in minor units by currency; `reference` is a Belgian structured communication of twelve digits."""

    id: UUID
    organisation_id: UUID
    payer_kind: PayerKind
    payer_id: UUID
    reference: str
    amounts: dict[str, int]


@router.get("/dues")
async def list_dues(
    caller: Caller,
    organisation_id: UUID | None = None,
    payer_id: UUID | None = None,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
) -> Page[DueAnswer]:
    """What the caller's associations are owed or owe, and what the caller's household owes."""
    async with api_database.transaction(caller.context(MONEY_READERS)) as session:
        dues = await queries.list_dues(
            session,
            organisation_id=organisation_id,
            payer_id=payer_id,
            after_id=decode_cursor(cursor),
            limit=limit,
        )
    shown, following = next_cursor([due.id for due in dues], limit)
    items = [DueAnswer.model_validate(due, from_attributes=True) for due in dues[:shown]]
    return Page(items=items, next_cursor=following)
