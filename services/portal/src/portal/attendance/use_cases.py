"""Writing the attendance sheet, as a whole or cell by cell, and closing a session."""

from __future__ import annotations

from portal.attendance.domain import RecordedMark, mark_of
from portal.sessions.domain import Session
from portal.visits import Visitor


async def record_attendance(visitor: Visitor, session_id: str, marks: list[dict[str, str]], version: int) -> None:
    """Write marks on the version of the sheet that was read; marks of others stay. Raises Refused or Unavailable."""
    path = f"/sessions/{session_id}/attendance"
    await visitor.asking.change("PUT", "activities", path, {"marks": marks}, version)


async def mark_participant(
    visitor: Visitor, session: Session, participant_id: str, state: str, base_version: int, key: str
) -> RecordedMark:
    """Write one cell on the version that was read, once for a key. Raises Refused or Unavailable."""
    body = {"participant_id": participant_id, "state": state, "base_version": base_version}
    written = await visitor.asking.create("activities", f"/sessions/{session.id}/attendance/marks", body, key)
    return mark_of(written, session.time_zone)


async def complete_session(visitor: Visitor, session_id: str) -> None:
    """Close a session that took place. Raises Refused or Unavailable."""
    await visitor.asking.do("activities", f"/sessions/{session_id}/completion")
