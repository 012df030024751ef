"""The picture of a session for messages and social media."""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from portal.asking import Refused
from portal.colours import palette_of
from portal.directory.queries import get_association, get_directory
from portal.languages import clock_time, day, sentence, use_language
from portal.sessions.domain import share_image_path
from portal.sessions.queries import get_session
from portal.share_images import Picture, draw
from portal.visits import Visit

router = APIRouter()
DRAWN_AT_ONCE = asyncio.Semaphore(2)
HEADERS = {"Cache-Control": "public, max-age=604800"}


@router.get("/o/{slug}/sessions/{session_id}/image-{edition}.png")
async def send_image(slug: str, session_id: UUID, edition: str, visitor: Visit) -> Response:
    """In the association's language; only under the address of the session as it is now."""
    association = await get_association(visitor.asking, slug)
    session = await get_session(visitor.asking, str(session_id))
    if share_image_path(session, association) != f"/o/{slug}/sessions/{session_id}/image-{edition}.png":
        raise Refused(404, "not-found", "The session has another picture now", None)
    directory = await get_directory(visitor.asking)
    use_language(association.languages[0])
    picture = Picture(
        organiser=association.name,
        title=session.title,
        when=f"{sentence(day(session.starts_at))}, {clock_time(session.starts_at)}",
        place=directory.name_of(session.site_id),
        language=association.languages[0],
        colour=association.colour,
        strong=palette_of(association.colour).strong[0],
    )
    async with DRAWN_AT_ONCE:
        drawn = await asyncio.to_thread(draw, picture)
    return Response(drawn, media_type="image/png", headers=HEADERS)
