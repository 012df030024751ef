"""What the platform told somebody, with marks for what was read."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from portal.asking import part
from portal.directory.queries import get_directory
from portal.messages import use_cases
from portal.messages.queries import list_messages
from portal.pages import go, show
from portal.visits import SignedForm, Visit

router = APIRouter()


@router.get("/messages")
async def show_messages(visitor: Visit) -> HTMLResponse:
    """The newest messages."""
    _ = visitor.person
    messages = await part(list_messages(visitor), [])
    return await show(
        visitor,
        "messages/messages.html",
        messages=messages,
        unread=sum(message["read_at"] is None for message in messages.value),
        directory=await get_directory(visitor.asking),
    )


@router.post("/messages/{message_id}/read")
async def mark_read(message_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Mark one as read."""
    await use_cases.mark_read(visitor, str(message_id))
    return go("/messages")


@router.post("/messages/read-all")
async def mark_all_read(visitor: Visit, _form: SignedForm) -> Response:
    """Mark all as read."""
    await use_cases.mark_all_read(visitor)
    return go("/messages")
