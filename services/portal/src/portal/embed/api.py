"""The programme for the association's own site: a page to be framed, without cookies and without sign-in."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from common.clock import now
from portal.agenda.domain import days_of, is_wished, wishes_of
from portal.agenda.queries import list_sessions
from portal.asking import part
from portal.directory.queries import get_association, get_directory
from portal.home_clock import home_today
from portal.pages import render
from portal.visits import stranger_of

router = APIRouter()
DAYS_SHOWN = 28
SESSIONS_SHOWN_MAX = 30


@router.get("/embed/{slug}")
async def show_widget(slug: str, request: Request) -> HTMLResponse:
    """The next four weeks; `?language=` chooses the language, the filters are those of the programme."""
    visitor = stranger_of(request)
    association = await get_association(visitor.asking, slug)
    today = home_today()
    asked = list_sessions(visitor.asking, today, today + timedelta(days=DAYS_SHOWN), organisation_id=association.id)
    sessions = await part(asked, [])
    wishes = wishes_of(request.query_params.multi_items())
    ahead = [one for one in sessions.value if one.starts_at > now() and is_wished(one, wishes)]
    ahead.sort(key=lambda one: one.starts_at)
    text = render(
        "embed/widget.html",
        visitor=visitor,
        association=association,
        directory=await get_directory(visitor.asking),
        sessions=sessions,
        days=days_of(ahead[:SESSIONS_SHOWN_MAX]),
        has_more=len(ahead) > SESSIONS_SHOWN_MAX,
    )
    return HTMLResponse(text, headers={"Cache-Control": "public, max-age=60"})
