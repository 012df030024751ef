"""Questions about what somebody was told, and whom somebody must tell by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.asking import Json, Refused
from portal.directory.domain import Post
from portal.directory.queries import get_post
from portal.home_zone import HOME_ZONE
from portal.messages.domain import MessageToTell, message_to_tell_of, oldest_first
from portal.visits import Visitor

MESSAGES_SHOWN = 100


async def list_messages(visitor: Visitor) -> list[dict[str, Any]]:
    """The newest messages of the visitor on every channel."""
    page = await visitor.asking.get("notifications", "/messages/mine", limit=MESSAGES_SHOWN)
    return [
        {**message, "told_at": datetime.fromisoformat(message["created_at"]).astimezone(HOME_ZONE)}
        for message in page["items"]
    ]


async def get_teller_post(visitor: Visitor, slug: str) -> Post:
    """The post of somebody who tells people by hand: who plans. Raises SignInNeeded, or Refused (403, 404)."""
    _ = visitor.person
    post = await get_post(visitor, slug)
    if not post.is_planner:
        raise Refused(403, "forbidden", "For those who plan", None)
    return post


async def list_messages_to_tell(visitor: Visitor, post: Post) -> list[Json]:
    """Messages of the association that somebody must print or read out, and e-mails that failed; for who plans."""
    if not post.is_planner:
        return []
    found = [
        message
        for state in ("failed", "to_print")
        for message in await visitor.asking.list_all("notifications", "/messages", state=state)
    ]
    return [message for message in found if message["organisation_id"] == post.organisation.id]


async def list_told_by_hand(visitor: Visitor, post: Post) -> list[MessageToTell]:
    """The same as colleagues work through them, what waits longest first."""
    found = await list_messages_to_tell(visitor, post)
    return oldest_first(message_to_tell_of(message, HOME_ZONE) for message in found)


async def map_contacts(visitor: Visitor, messages: Sequence[MessageToTell]) -> dict[str, Json]:
    """How the families among the recipients are reached, by recipient; others are colleagues."""
    ids = sorted({message.recipient_id for message in messages})
    contacts = await visitor.asking.get_many("activities", [f"/contacts/{contact_id}" for contact_id in ids])
    return {contact_id: contact for contact_id, contact in zip(ids, contacts, strict=True) if contact is not None}
