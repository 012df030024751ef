"""Reading messages."""

from __future__ import annotations

from portal.visits import Visitor


async def mark_read(visitor: Visitor, message_id: str) -> None:
    """Mark one message as read. Raises Refused or Unavailable."""
    await visitor.asking.do("notifications", f"/messages/{message_id}/read")


async def mark_all_read(visitor: Visitor) -> None:
    """Mark all messages as read. Raises Refused or Unavailable."""
    await visitor.asking.do("notifications", "/messages/mine/read-all")
