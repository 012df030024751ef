"""Moving, changing and calling off a session."""

from __future__ import annotations

from collections.abc import Mapping

from portal.sessions.domain import Session, session_of
from portal.visits import Visitor


async def change_session(visitor: Visitor, session_id: str, changes: Mapping[str, object], version: int) -> Session:
    """Write what shall be different on the version that was read. Raises Refused or Unavailable."""
    return session_of(await visitor.asking.change("PATCH", "activities", f"/sessions/{session_id}", changes, version))


async def call_off(visitor: Visitor, session_id: str, reason: str, version: int) -> None:
    """Cancel a session for everybody who is booked. Raises Refused or Unavailable."""
    path = f"/sessions/{session_id}/cancellation"
    await visitor.asking.change("POST", "activities", path, {"reason": reason}, version)
