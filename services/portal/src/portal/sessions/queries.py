"""Questions about one session and its activity."""

from __future__ import annotations

from typing import Any

from portal.asking import Asking
from portal.sessions.domain import Session, session_of

ACTIVITY_SECONDS = 10.0


async def get_session(asking: Asking, session_id: str) -> Session:
    """The session as it is now. Raises Refused (404)."""
    return session_of(await asking.get("activities", f"/sessions/{session_id}"))


async def get_activity(asking: Asking, activity_id: str) -> dict[str, Any]:
    """The activity with its terms; also what is not published, for its own team. Raises Refused (404)."""
    path = f"/activities/{activity_id}"
    if asking.token is None:
        activity: dict[str, Any] = await asking.get_public("activities", path, seconds=ACTIVITY_SECONDS)
        return activity
    return dict(await asking.get("activities", path))


async def map_sessions(asking: Asking, session_ids: set[str]) -> dict[str, Session]:
    """Sessions by id; those that are not to be seen are left out."""
    ids = sorted(session_ids)
    answers = await asking.get_many("activities", [f"/sessions/{session_id}" for session_id in ids])
    return {answer["id"]: session_of(answer) for answer in answers if answer is not None}
