"""Writing the attendance sheet, and closing a session."""

from __future__ import annotations

from portal.visits import Visitor


async def record_attendance(visitor: Visitor, session_id: str, marks: list[dict[str, str]], version: int) -> None:
    """Write marks on the version of the sheet that was read; marks of others stay. Raises Refused or Unavailable."""
    path = f"/sessions/{session_id}/attendance"
    await visitor.asking.change("PUT", "activities", path, {"marks": marks}, version)


async def complete_session(visitor: Visitor, session_id: str) -> None:
    """Close a session that took place. Raises Refused or Unavailable."""
    await visitor.asking.do("activities", f"/sessions/{session_id}/completion")
