"""Questions about what sessions asked for."""

from __future__ import annotations

import asyncio
from datetime import datetime

from portal.asking import Json, Refused
from portal.directory.domain import Post
from portal.holds.domain import LOST, Hold, hold_of
from portal.sessions.domain import Session
from portal.visits import Visitor


async def find_lost(visitor: Visitor, session: Session) -> Hold | None:
    """What a session asked for and does not have; None when it has everything, or asked for nothing."""
    try:
        answer = await visitor.asking.get("activities", f"/sessions/{session.id}/hold")
    except Refused:
        return None
    if answer["state"] not in LOST:
        return None
    return hold_of(answer, session, await visitor.asking.list_all("partners", "/resources"))


async def find_wishes(visitor: Visitor, session: Session) -> Json:
    """What a session asked for last; nothing when it never asked."""
    try:
        wishes: Json = (await visitor.asking.get("activities", f"/sessions/{session.id}/hold"))["wishes"]
    except Refused:
        return {}
    return wishes


async def list_usable(visitor: Visitor, post: Post) -> list[Json]:
    """What can be asked for: the association's own first, then what others lend, by name."""
    found = [one for one in await visitor.asking.list_all("partners", "/resources") if one["ended_at"] is None]
    own_id = post.organisation.id
    return sorted(found, key=lambda one: (one["organisation_id"] != own_id, str(one["name"]).casefold()))


async def list_lost(visitor: Visitor, post: Post, starts_from: datetime) -> list[Json]:
    """What the association's sessions from this moment on asked for and do not have."""
    own_id, first = post.organisation.id, starts_from.isoformat()
    found = await asyncio.gather(
        *(
            visitor.asking.list_all("activities", "/holds", organisation_id=own_id, state=state, starts_from=first)
            for state in LOST
        )
    )
    return [answer for answers in found for answer in answers]
