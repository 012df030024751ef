"""What is offered, by week and by month: of the whole federation, of one association, of one activity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from common.clock import now
from portal.agenda.domain import (
    PRICES_MINOR,
    WEEKDAYS,
    Month,
    Week,
    Wishes,
    days_of,
    first_days,
    is_wished,
    wishes_of,
)
from portal.agenda.queries import find_next_week, list_sessions
from portal.asking import Refused, part
from portal.colours import palette_of, style_sheet
from portal.directory.domain import Directory, Organisation
from portal.directory.queries import get_association, get_details, get_directory
from portal.home_clock import home_today
from portal.pages import show, show_part, wants_part
from portal.sessions.domain import Session, schema_event
from portal.sessions.queries import get_activity
from portal.visits import Reception, Visit, Visitor

router = APIRouter()
ACTIVITY_WEEKS = 16
EVENTS_TOLD_MAX = 20
MONDAY = date(2024, 1, 1)
PERIODS = frozenset({"week", "month", "language"})


@router.get("/")
async def show_agenda(request: Request, visitor: Visit) -> HTMLResponse:
    """The agenda of the whole federation; on an association's own host its programme."""
    reception: Reception = request.app.state.reception
    slug = reception.slug_of(request)
    association = await get_association(visitor.asking, slug) if slug else None
    return await _show_programme(request, visitor, association)


@router.get("/o/{slug}")
async def show_programme(slug: str, request: Request, visitor: Visit) -> HTMLResponse:
    """The programme of one association."""
    return await _show_programme(request, visitor, await get_association(visitor.asking, slug))


@router.get("/o/{slug}/activities/{activity_id}")
async def show_activity(slug: str, activity_id: UUID, visitor: Visit) -> HTMLResponse:
    """An activity with its terms and its next sessions."""
    association = await get_association(visitor.asking, slug)
    activity = await get_activity(visitor.asking, str(activity_id))
    if activity["organisation_id"] != association.id:
        raise Refused(404, "not-found", "Another association offers this activity", None)
    today = home_today()
    asked = list_sessions(visitor.asking, today, today + timedelta(weeks=ACTIVITY_WEEKS), activity_id=str(activity_id))
    sessions = await part(asked, [])
    directory = await get_directory(visitor.asking)
    return await show(
        visitor,
        "agenda/activity.html",
        association=association,
        activity=activity,
        sessions=sessions,
        days=days_of(session for session in sessions.value if session.starts_at > now()),
        directory=directory,
        events=[schema_event(one, association, directory, visitor.address) for one in sessions.value[:EVENTS_TOLD_MAX]],
    )


@router.get("/o/{slug}/theme-{colour}.css")
async def send_theme(slug: str, colour: str, visitor: Visit) -> Response:
    """The colours of an association; the address changes when they do."""
    if (await get_association(visitor.asking, slug)).colour != f"#{colour}":
        raise HTTPException(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(style_sheet(palette_of(f"#{colour}")), media_type="text/css", headers=headers)


async def _show_programme(request: Request, visitor: Visitor, association: Organisation | None) -> HTMLResponse:
    """The week or the month that is asked for; the part alone for the script."""
    directory = await get_directory(visitor.asking)
    wishes = wishes_of(request.query_params.multi_items())
    chosen = directory.by_slug.get(request.query_params.get("association", "")) if association is None else association
    today = home_today()
    month = Month.parse(request.query_params.get("month"), today)
    period = await (
        _month_facts(visitor, month, chosen, wishes) if month else _week_facts(request, visitor, chosen, wishes)
    )
    facts = period | {
        "directory": directory, "chosen": chosen, "wishes": wishes, "today": today, "month": month,
        "query": _query_without_period(request), "places": _places(directory, chosen, period["sessions"].value),
        "weekdays": [(name, MONDAY + timedelta(days=number)) for number, name in enumerate(WEEKDAYS)],
        "prices": PRICES_MINOR, "own_path": f"/o/{association.slug}" if association else "/",
    }  # fmt: skip
    if wants_part(request):
        return show_part(visitor, "agenda/period.html", association=association, **facts)
    details = await part(get_details(visitor.asking, association.id), {}) if association else None
    return await show(visitor, "agenda/agenda.html", association=association, details=details, **facts)


async def _week_facts(
    request: Request, visitor: Visitor, organiser: Organisation | None, wishes: Wishes
) -> dict[str, Any]:
    """The sessions of the week that is asked for; of the first week with one that is wished for when none is."""
    today = home_today()
    asked = Week.parse(request.query_params.get("week"), today)
    week = asked or Week(today)
    organiser_id = organiser.id if organiser else None
    sessions = await part(_upcoming(visitor, week, organiser_id), [])
    next_week = None
    if not any(is_wished(session, wishes) for session in sessions.value) and sessions.missing is None:
        next_week = (await part(find_next_week(visitor.asking, week, organiser_id, wishes), None)).value
        if asked is None and next_week is not None:
            week = next_week
            sessions = await part(_upcoming(visitor, week, organiser_id), [])
    days = days_of(session for session in sessions.value if is_wished(session, wishes))
    shown = first_days(days)
    later = days[len(shown) :]
    return {
        "week": week,
        "this_week": Week(today),
        "next_week": next_week if next_week != week else None,
        "sessions": sessions,
        "days": shown,
        "continues_on": later[0].on if later else None,
        "later_count": sum(len(day.sessions) for day in later),
    }


async def _month_facts(
    visitor: Visitor, month: Month, organiser: Organisation | None, wishes: Wishes
) -> dict[str, Any]:
    """The sessions of a whole month, those of its past days too."""
    organiser_id = organiser.id if organiser else None
    asked = list_sessions(visitor.asking, month.first, month.last, organisation_id=organiser_id)
    sessions = await part(asked, [])
    days = days_of(session for session in sessions.value if is_wished(session, wishes))
    first = max(month.first, home_today())
    return {
        "week": Week(first),
        "this_month": Month.of(home_today()),
        "sessions": sessions,
        "days": days,
        "by_day": {day.on: day.sessions for day in days},
    }


def _places(directory: Directory, organiser: Organisation | None, sessions: Sequence[Session]) -> list[Organisation]:
    """The sites to choose from: those of the organiser, else those where something takes place in the period."""
    if organiser is not None:
        return directory.sites_of(organiser.id)
    found = {session.site_id for session in sessions}
    return sorted((directory.by_id[one] for one in found if one in directory.by_id), key=lambda one: one.name)


def _query_without_period(request: Request) -> str:
    """What is looked for, as the start of another query."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in PERIODS and value]
    return f"{urlencode(kept)}&" if kept else ""


async def _upcoming(visitor: Visitor, week: Week, organisation_id: str | None) -> list[Session]:
    sessions = await list_sessions(visitor.asking, week.first, week.last, organisation_id=organisation_id)
    return [session for session in sessions if session.ends_at > now()]
