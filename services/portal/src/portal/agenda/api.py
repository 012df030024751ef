"""What is offered, week by week: of the whole federation, of one association, of one activity."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from common.clock import now
from portal.agenda.domain import WEEKDAYS, Week, days_of, is_wished, wishes_of
from portal.agenda.queries import find_next_week, list_sessions
from portal.asking import Refused, part
from portal.colours import default_colour, palette_of, style_sheet
from portal.directory.domain import Organisation
from portal.directory.queries import get_association, get_details, get_directory
from portal.pages import show, show_part, wants_part
from portal.sessions.queries import get_activity
from portal.visits import Visit, Visitor

router = APIRouter()
ACTIVITY_WEEKS = 16
MONDAY = date(2024, 1, 1)


@router.get("/")
async def show_agenda(request: Request, visitor: Visit) -> HTMLResponse:
    """The agenda of the whole federation."""
    directory = await get_directory(visitor.asking)
    slug = request.query_params.get("association", "")
    chosen = directory.by_slug.get(slug)
    facts = await _week_facts(request, visitor, chosen)
    return await _answer(request, visitor, None, facts | {"chosen": chosen, "directory": directory})


@router.get("/o/{slug}")
async def show_programme(slug: str, request: Request, visitor: Visit) -> HTMLResponse:
    """The programme of one association."""
    association = await get_association(visitor.asking, slug)
    facts = await _week_facts(request, visitor, association)
    directory = await get_directory(visitor.asking)
    return await _answer(request, visitor, association, facts | {"chosen": None, "directory": directory})


@router.get("/o/{slug}/activities/{activity_id}")
async def show_activity(slug: str, activity_id: UUID, visitor: Visit) -> HTMLResponse:
    """An activity with its terms and its next sessions."""
    association = await get_association(visitor.asking, slug)
    activity = await get_activity(visitor.asking, str(activity_id))
    if activity["organisation_id"] != association.id:
        raise Refused(404, "not-found", "Another association offers this activity", None)
    today = now().date()
    asked = list_sessions(visitor.asking, today, today + timedelta(weeks=ACTIVITY_WEEKS), activity_id=str(activity_id))
    sessions = await part(asked, [])
    return await show(
        visitor,
        "agenda/activity.html",
        association=association,
        activity=activity,
        sessions=sessions,
        days=days_of(session for session in sessions.value if session.starts_at > now()),
        directory=await get_directory(visitor.asking),
    )


@router.get("/o/{slug}/theme-{colour}.css")
async def send_theme(slug: str, colour: str) -> Response:
    """The colours of an association; the address changes when they do."""
    if default_colour(slug) != f"#{colour}":
        raise HTTPException(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(style_sheet(palette_of(f"#{colour}")), media_type="text/css", headers=headers)


async def _week_facts(request: Request, visitor: Visitor, organiser: Organisation | None) -> dict[str, Any]:
    """The sessions of the week that is asked for; of the first week with any when none is."""
    today = now().date()
    wishes = wishes_of(request.query_params.multi_items())
    asked = Week.parse(request.query_params.get("week"), today)
    week = asked or Week(today)
    organiser_id = organiser.id if organiser else None
    sessions = await part(_upcoming(visitor, week, organiser_id), [])
    next_week = None
    if not sessions.value and sessions.missing is None:
        next_week = (await part(find_next_week(visitor.asking, week, organiser_id), None)).value
        if asked is None and next_week is not None:
            week = next_week
            sessions = await part(_upcoming(visitor, week, organiser_id), [])
    return {
        "week": week,
        "this_week": Week(today),
        "today": today,
        "next_week": next_week if next_week != week else None,
        "wishes": wishes,
        "wishes_query": _query_without_week(request),
        "weekdays": [(name, MONDAY + timedelta(days=number)) for number, name in enumerate(WEEKDAYS)],
        "sessions": sessions,
        "days": days_of(session for session in sessions.value if is_wished(session, wishes)),
    }


def _query_without_week(request: Request) -> str:
    """What is looked for, as the start of another query."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "week" and value]
    return f"{urlencode(kept)}&" if kept else ""


async def _upcoming(visitor: Visitor, week: Week, organisation_id: str | None) -> list[Any]:
    sessions = await list_sessions(visitor.asking, week.first, week.last, organisation_id=organisation_id)
    return [session for session in sessions if session.ends_at > now()]


async def _answer(
    request: Request, visitor: Visitor, association: Organisation | None, facts: dict[str, Any]
) -> HTMLResponse:
    facts["own_path"] = f"/o/{association.slug}" if association else "/"
    if wants_part(request):
        return show_part(visitor, "agenda/week.html", association=association, **facts)
    details = await part(get_details(visitor.asking, association.id), {}) if association else None
    return await show(visitor, "agenda/agenda.html", association=association, details=details, **facts)
