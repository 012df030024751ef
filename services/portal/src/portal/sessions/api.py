"""The page of one session: what it is, what it costs, how many places are left."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from common.clock import now
from portal.asking import Refused, part
from portal.directory.queries import get_association, get_details, get_directory
from portal.pages import show
from portal.sessions.domain import open_refunds, refunds_of
from portal.sessions.queries import get_activity, get_session
from portal.visits import Visit

router = APIRouter()


@router.get("/o/{slug}/sessions/{session_id}")
async def show_session(slug: str, session_id: UUID, visitor: Visit) -> HTMLResponse:
    """One session, for everybody."""
    association = await get_association(visitor.asking, slug)
    session = await get_session(visitor.asking, str(session_id))
    if session.organisation_id != association.id:
        raise Refused(404, "not-found", "Another association offers this session", None)
    activity = await get_activity(visitor.asking, session.activity_id)
    site = await part(get_details(visitor.asking, session.site_id), {})
    moment = now()
    return await show(
        visitor,
        "sessions/session.html",
        association=association,
        session=session,
        activity=activity,
        site=site,
        directory=await get_directory(visitor.asking),
        is_bookable=session.is_bookable(moment),
        has_begun=session.has_begun(moment),
        refunds=open_refunds(refunds_of(activity["cancellation_terms"], session), moment),
    )
