"""Questions about the list of a session, and about who supervises it."""

from __future__ import annotations

import asyncio
from typing import Any

from portal.asking import Json, Refused
from portal.directory.domain import Post
from portal.directory.queries import get_post
from portal.roster.domain import (
    Change,
    ReservedThing,
    Roster,
    SessionMoney,
    Told,
    changes_of,
    money_of,
    reserved_things,
    roster_of,
    told_of,
)
from portal.sessions.domain import Session
from portal.sessions.queries import get_session
from portal.visits import Visitor


async def get_runner_post(visitor: Visitor, slug: str) -> Post:
    """The post of somebody who runs sessions there. Raises SignInNeeded, or Refused (403, 404)."""
    _ = visitor.person
    post = await get_post(visitor, slug)
    if not post.is_field_staff:
        raise Refused(403, "forbidden", "For those who run sessions", None)
    return post


async def get_own_session(visitor: Visitor, post: Post, session_id: str) -> Session:
    """A session of the association. Raises Refused (404)."""
    session = await get_session(visitor.asking, session_id)
    if session.organisation_id != post.organisation.id:
        raise Refused(404, "not-found", "Another association offers this session", None)
    return session


async def get_roster(visitor: Visitor, session_id: str) -> Roster:
    """Who is booked, has an offer, or waits."""
    return roster_of(await visitor.asking.get("activities", f"/sessions/{session_id}/roster"))


async def find_coverage(visitor: Visitor, session_id: str) -> Json | None:
    """Who supervises, and by which rule; None when the session is not known there yet."""
    try:
        found: dict[str, Any] = await visitor.asking.get("staffing", f"/sessions/{session_id}/coverage")
    except Refused:
        return None
    return found


async def find_money(visitor: Visitor, post: Post, session: Session) -> SessionMoney | None:
    """What the places of a session bring; None when nothing was charged, or for who does not read money."""
    if not post.reads_money:
        return None
    own_id, year = post.organisation.id, session.starts_at.year
    charges, budgets = await asyncio.gather(
        visitor.asking.list_all("finance", "/charges", session_id=session.id),
        visitor.asking.list_all(
            "finance", "/budgets", organisation_id=own_id, activity_id=session.activity_id, year=year
        ),
    )
    own = [charge for charge in charges if charge["organisation_id"] == own_id]
    return money_of(own, budgets[0]["id"] if budgets else None)


async def list_resources(visitor: Visitor, session_id: str) -> list[ReservedThing]:
    """The rooms and equipment that a session reserves, by name."""
    reservations, resources = await asyncio.gather(
        visitor.asking.list_all("partners", "/reservations", session_id=session_id),
        visitor.asking.list_all("partners", "/resources"),
    )
    return reserved_things(reservations, {str(resource["id"]): str(resource["name"]) for resource in resources})


async def find_cited(visitor: Visitor, session_id: str) -> Json | None:
    """The agreement under which a session is held, with the reason why it covers the session no more, if so."""
    found: Json | None = (await visitor.asking.get("activities", f"/sessions/{session_id}/agreement"))["agreement"]
    return found


async def list_changes(visitor: Visitor, session: Session) -> list[Change]:
    """What was changed of the session and of its attendance list, the newest first."""
    answers = await visitor.asking.get("activities", f"/sessions/{session.id}/history")
    return changes_of(answers, session.starts_at.tzinfo)


async def get_told(visitor: Visitor, post: Post, session: Session) -> Told:
    """What went out about the session; nothing for who does not plan."""
    if not post.is_planner:
        return Told()
    counts, messages = await asyncio.gather(
        visitor.asking.get("notifications", f"/sessions/{session.id}/messages"),
        visitor.asking.list_all("notifications", "/messages", session_id=session.id),
    )
    own = [message for message in messages if message["organisation_id"] == post.organisation.id]
    return told_of(counts, own, session.starts_at.tzinfo)


async def list_households(visitor: Visitor, post: Post, name: str) -> list[Json]:
    """Households of the association whose name contains a text; the first hundred."""
    page = await visitor.asking.get(
        "activities", "/households", organisation_id=post.organisation.id, name_contains=name, limit=100
    )
    return sorted(page["items"], key=lambda household: str(household["name"]))
