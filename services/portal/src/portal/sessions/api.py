"""The page of one session: what it is, what it costs, how many places are left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from common.clock import now
from portal.asking import Asking, Refused, Unavailable, part
from portal.directory.queries import get_association, get_details, get_directory
from portal.languages import use_language
from portal.live import LiveSessions
from portal.pages import render, show
from portal.sessions.domain import open_refunds, refunds_of, schema_event, share_image_path
from portal.sessions.queries import get_activity, get_session
from portal.visits import Reception, Visit, Visitor, is_id

router = APIRouter()
FOLLOWED_MAX = 80
PING_SECONDS = 15.0
TOLD_AT_ONCE_MAX = 3
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@router.get("/live/places")
async def stream_places(request: Request, visitor: Visit) -> Response:
    """The places of the named sessions now and whenever they change, as server-sent events; nothing personal."""
    reception: Reception = request.app.state.reception
    wanted = [text for text in request.query_params.getlist("session")[:FOLLOWED_MAX] if is_id(text)]
    return StreamingResponse(
        _places(visitor, reception.live, wanted), media_type="text/event-stream", headers=STREAM_HEADERS
    )


async def _places(visitor: Visitor, live: LiveSessions, session_ids: list[str]) -> AsyncIterator[str]:
    """A page of few sessions gets them as they are now; then each that changes, until the portal stops."""
    yield ": live\n\n"
    public = visitor.asking.stranger()
    async with live.followed(session_ids) as changes:
        if len(session_ids) <= TOLD_AT_ONCE_MAX:
            for session_id in session_ids:
                yield await _message(visitor, public, session_id)
        while session_ids and not live.closing.is_set():
            try:
                changed = {await asyncio.wait_for(changes.get(), PING_SECONDS)}
            except TimeoutError:
                yield ": still here\n\n"
                continue
            while not changes.empty():
                changed.add(changes.get_nowait())
            for session_id in sorted(changed) if not live.closing.is_set() else ():
                yield await _message(visitor, public, session_id)


async def _message(visitor: Visitor, public: Asking, session_id: str) -> str:
    try:
        session = await get_session(public, session_id)
    except (Refused, Unavailable):
        return ": nothing to show\n\n"
    use_language(visitor.language)
    text = render("sessions/places.html", session=session)
    return "".join(f"data: {line}\n" for line in text.splitlines()) + "\n"


@router.get("/o/{slug}/sessions/{session_id}")
async def show_session(slug: str, session_id: UUID, visitor: Visit) -> HTMLResponse:
    """One session, for everybody."""
    association = await get_association(visitor.asking, slug)
    session = await get_session(visitor.asking, str(session_id))
    if session.organisation_id != association.id:
        raise Refused(404, "not-found", "Another association offers this session", None)
    activity = await get_activity(visitor.asking, session.activity_id)
    site = await part(get_details(visitor.asking, session.site_id), {})
    directory = await get_directory(visitor.asking)
    moment = now()
    return await show(
        visitor,
        "sessions/session.html",
        association=association,
        session=session,
        activity=activity,
        site=site,
        directory=directory,
        share_image=share_image_path(session, association),
        event={"@context": "https://schema.org"} | schema_event(session, association, directory, visitor.address),
        is_bookable=session.is_bookable(moment),
        has_begun=session.has_begun(moment),
        refunds=open_refunds(refunds_of(activity["cancellation_terms"], session), moment),
    )
