"""Questions about the attendance sheet."""

from __future__ import annotations

from portal.attendance.domain import Sheet, sheet_of
from portal.sessions.domain import Session
from portal.visits import Visitor


async def get_sheet(visitor: Visitor, session: Session) -> Sheet:
    """The sheet of a session; version 0 while nobody has written on it."""
    return sheet_of(await visitor.asking.get("activities", f"/sessions/{session.id}/attendance"), session.time_zone)
