"""Questions about what stands between a session and its opening."""

from __future__ import annotations

from portal.openings.domain import Readiness, readiness_of
from portal.sessions.domain import Session
from portal.visits import Visitor


async def get_readiness(visitor: Visitor, session: Session) -> Readiness:
    """The checklist and what the safety rules say. Raises Refused or Unavailable."""
    return readiness_of(await visitor.asking.get("activities", f"/sessions/{session.id}/opening"), session)
