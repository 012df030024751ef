"""Reading messages, and telling by hand."""

from __future__ import annotations

from portal.visits import Visitor


async def mark_read(visitor: Visitor, message_id: str) -> None:
    """Mark one message as read. Raises Refused or Unavailable."""
    await visitor.asking.do("notifications", f"/messages/{message_id}/read")


async def mark_all_read(visitor: Visitor) -> None:
    """Mark all messages as read. Raises Refused or Unavailable."""
    await visitor.asking.do("notifications", "/messages/mine/read-all")


async def mark_told(visitor: Visitor, message_id: str) -> None:
    """Note that somebody was told on paper or by telephone. Raises Refused or Unavailable."""
    await visitor.asking.do("notifications", f"/messages/{message_id}/printed")


async def send_again(visitor: Visitor, message_id: str) -> None:
    """Send a failed e-mail to the address that its recipient has now. Raises Refused or Unavailable."""
    await visitor.asking.do("notifications", f"/messages/{message_id}/retry")
