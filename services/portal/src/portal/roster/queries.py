"""Questions about the list of a session, and about who supervises it."""

from __future__ import annotations

from typing import Any

from portal.asking import Json, Refused
from portal.directory.domain import Post
from portal.roster.domain import Roster, roster_of
from portal.sessions.domain import Session
from portal.sessions.queries import get_session
from portal.visits import Visitor


async def get_own_session(visitor: Visitor, post: Post, session_id: str) -> Session:
    """A session of the association. Raises Refused (404)."""
    session = await get_session(visitor.asking, session_id)
    if session.organisation_id != post.organisation.id:
        raise Refused(404, "not-found", "Another association offers this session", None)
    return session


async def get_roster(visitor: Visitor, session_id: str) -> Roster:
    """Who is booked, has an offer, or waits."""
    return roster_of(await visitor.asking.get("activities", f"/sessions/{session_id}/roster"))


async def get_attendance_version(visitor: Visitor, session_id: str) -> int:
    """How often the sheet was changed; 0 while nobody has written on it."""
    return int((await visitor.asking.get("activities", f"/sessions/{session_id}/attendance"))["version"])


async def find_coverage(visitor: Visitor, session_id: str) -> Json | None:
    """Who supervises, and by which rule; None when the session is not known there yet."""
    try:
        found: dict[str, Any] = await visitor.asking.get("staffing", f"/sessions/{session_id}/coverage")
    except Refused:
        return None
    return found


async def list_households(visitor: Visitor, post: Post, name: str) -> list[Json]:
    """Households of the association whose name contains a text; the first hundred."""
    page = await visitor.asking.get(
        "activities", "/households", organisation_id=post.organisation.id, name_contains=name, limit=100
    )
    return sorted(page["items"], key=lambda household: str(household["name"]))
