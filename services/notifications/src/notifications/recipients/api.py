"""HTTP in: whom an organisation's messages can reach."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from access.callers import Caller
from access.roles import PLANNERS
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from notifications.database import api_database
from notifications.recipients import queries
from notifications.recipients.domain import RecipientKind

router = APIRouter(tags=["recipients"])


class RecipientShown(BaseModel):
    """A member or contact; without an e-mail address the messages are printed or told by telephone."""

    model_config = ConfigDict(from_attributes=True)

    recipient_id: UUID
    organisation_id: UUID
    kind: RecipientKind
    display_name: str
    email: str | None
    language: str
    role: str | None
    state: str


@router.get("/recipients")
async def list_recipients(
    caller: Caller, kind: RecipientKind | None = None, limit: PageLimit = 50, cursor: PageCursor = None
) -> Page[RecipientShown]:
    """The members and contacts of the organisations that the caller plans for."""
    organisation_ids = caller.organisations(PLANNERS)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        rows = await queries.list_recipients(session, organisation_ids, kind, decode_cursor(cursor), limit)
    shown, following = next_cursor([row.recipient_id for row in rows], limit)
    return Page(items=[RecipientShown.model_validate(row) for row in rows[:shown]], next_cursor=following)
