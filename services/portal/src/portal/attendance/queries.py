"""Questions about the attendance sheet."""

from __future__ import annotations

from portal.asking import Json
from portal.attendance.domain import Sheet, sheet_of
from portal.directory.domain import Post
from portal.sessions.domain import Session
from portal.visits import Visitor

KNOWN_MAX = 50


async def get_sheet(visitor: Visitor, session: Session) -> Sheet:
    """The sheet of a session; version 0 while nobody has written on it."""
    return sheet_of(await visitor.asking.get("activities", f"/sessions/{session.id}/attendance"), session.time_zone)


async def list_known(visitor: Visitor, post: Post, name: str) -> list[Json]:
    """People of the association whose name contains a text: the first fifty, by name."""
    page = await visitor.asking.get(
        "activities", "/participants", organisation_id=post.organisation.id, name_contains=name, limit=KNOWN_MAX
    )
    return sorted(page["items"], key=lambda one: (str(one["family_name"]).casefold(), str(one["given_name"])))
