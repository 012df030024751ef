"""Ticking the checklist of a session, and opening it."""

from __future__ import annotations

from portal.visits import Visitor


async def tick(visitor: Visitor, session_id: str, item_id: str, key: str) -> None:
    """Say that something was done. Raises Refused or Unavailable."""
    await visitor.asking.create("activities", f"/sessions/{session_id}/checklist-ticks", {"item_id": item_id}, key)


async def untick(visitor: Visitor, session_id: str, item_id: str) -> None:
    """Take a tick back. Raises Refused or Unavailable."""
    await visitor.asking.remove("activities", f"/sessions/{session_id}/checklist-ticks/{item_id}")


async def open_session(
    visitor: Visitor, session_id: str, key: str, *, has_first_aider: bool, override_reason: str | None
) -> None:
    """Open the session; a director's reason passes rules that fail. Raises Refused or Unavailable."""
    body = {"has_first_aider": has_first_aider, "override_reason": override_reason}
    await visitor.asking.create("activities", f"/sessions/{session_id}/opening", body, key)
