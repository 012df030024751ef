"""What the platform told somebody, with marks for what was read; and for planners whom they must tell by hand."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from portal.asking import Refused, part
from portal.directory.queries import get_directory
from portal.messages import use_cases
from portal.messages.queries import get_teller_post, list_messages, list_told_by_hand, map_contacts
from portal.pages import go, show
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
BASE = "/manage/{slug}/messages"
SHOWN_MAX = 50


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


@router.get(BASE)
async def show_to_tell(slug: str, visitor: Visit) -> HTMLResponse:
    """Whom somebody must call or write to, with what to say; and the e-mails that did not arrive."""
    return await _show_to_tell(visitor, slug, None)


@router.get(f"{BASE}/letters")
async def show_letters(slug: str, visitor: Visit) -> HTMLResponse:
    """What is to tell by hand as letters, each on a page of its own."""
    post = await get_teller_post(visitor, slug)
    messages = await part(list_told_by_hand(visitor, post), [])
    letters = [message for message in messages.value if not message.is_failed]
    return await show(
        visitor,
        "messages/letters.html",
        association=post.organisation,
        letters=letters,
        missing=messages.missing,
    )


@router.post(f"{BASE}/{{message_id}}/printed")
async def mark_told(slug: str, message_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Note that somebody was told."""
    await get_teller_post(visitor, slug)
    try:
        await use_cases.mark_told(visitor, str(message_id))
    except Refused as problem:
        return await _show_to_tell(visitor, slug, problem)
    return go(f"/manage/{slug}/messages")


@router.post(f"{BASE}/{{message_id}}/retry")
async def send_again(slug: str, message_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Send an e-mail again."""
    await get_teller_post(visitor, slug)
    try:
        await use_cases.send_again(visitor, str(message_id))
    except Refused as problem:
        return await _show_to_tell(visitor, slug, problem)
    return go(f"/manage/{slug}/messages")


async def _show_to_tell(visitor: Visitor, slug: str, problem: Refused | None) -> HTMLResponse:
    post = await get_teller_post(visitor, slug)
    messages = await part(list_told_by_hand(visitor, post), [])
    by_hand = [message for message in messages.value if not message.is_failed]
    failed = [message for message in messages.value if message.is_failed]
    shown = [*by_hand[:SHOWN_MAX], *failed[:SHOWN_MAX]]
    return await show(
        visitor,
        "messages/to_tell.html",
        status=problem.status if problem else 200,
        association=post.organisation,
        missing=messages.missing,
        by_hand=by_hand,
        failed=failed,
        shown_max=SHOWN_MAX,
        contacts=await part(map_contacts(visitor, shown), {}),
        problem=problem,
    )
