"""The agenda for other programs: as a calendar feed (ICS) and as schema.org events (JSON)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from common.clock import now
from portal.agenda.domain import is_wished, wishes_of
from portal.agenda.queries import list_sessions
from portal.asking import Refused
from portal.calendars import calendar_of, calendar_of_resource, calendar_of_shifts
from portal.directory.domain import Organisation
from portal.directory.queries import get_association, get_directory
from portal.feeds.queries import get_reserved
from portal.home_clock import home_today
from portal.languages import translate
from portal.sessions.domain import Session, schema_event
from portal.sessions.queries import get_session
from portal.shifts.queries import list_own_assignments
from portal.visits import Visit, Visitor

router = APIRouter()
DAYS_AHEAD = 92
HEADERS = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}


@router.get("/agenda.ics")
async def send_calendar(request: Request, visitor: Visit) -> Response:
    """The federation's next three months, filtered as the page is."""
    return await _calendar(request, visitor, None)


@router.get("/agenda.json")
async def send_events(request: Request, visitor: Visit) -> Response:
    """The same as schema.org events."""
    return await _events(request, visitor, None)


@router.get("/o/{slug}/agenda.ics")
async def send_calendar_of_association(slug: str, request: Request, visitor: Visit) -> Response:
    """One association's next three months."""
    return await _calendar(request, visitor, await get_association(visitor.asking, slug))


@router.get("/o/{slug}/agenda.json")
async def send_events_of_association(slug: str, request: Request, visitor: Visit) -> Response:
    """The same as schema.org events."""
    return await _events(request, visitor, await get_association(visitor.asking, slug))


@router.get("/o/{slug}/sessions/{session_id}.ics")
async def send_session(slug: str, session_id: UUID, visitor: Visit) -> Response:
    """One session, to add to a calendar."""
    association = await get_association(visitor.asking, slug)
    session = await get_session(visitor.asking, str(session_id))
    if session.organisation_id != association.id:
        raise Refused(404, "not-found", "Another association offers this session", None)
    return await _as_calendar(visitor, association.name, [session])


@router.get("/shifts.ics")
async def send_own_shifts(visitor: Visit) -> Response:
    """What the visitor is on, for another calendar."""
    _ = visitor.person
    own = await list_own_assignments(visitor, now())
    text = calendar_of_shifts(translate("My shifts"), [shift for _, shift in own], visitor.address).to_ical()
    return Response(text, media_type="text/calendar", headers={"Cache-Control": "no-store"})


@router.get("/calendars/resources/{secret}.ics")
async def send_resource(secret: str, visitor: Visit) -> Response:
    """When a room or a piece of equipment is reserved, for whoever has its secret address."""
    found = await get_reserved(visitor, secret)
    text = calendar_of_resource(found, visitor.address).to_ical()
    return Response(text, media_type="text/calendar", headers={"Cache-Control": "no-store"})


async def _calendar(request: Request, visitor: Visitor, association: Organisation | None) -> Response:
    directory = await get_directory(visitor.asking)
    shown = association or directory.federation
    return await _as_calendar(visitor, shown.name if shown else "", await _sessions(request, visitor, association))


async def _as_calendar(visitor: Visitor, name: str, sessions: list[Session]) -> Response:
    directory = await get_directory(visitor.asking)
    text = calendar_of(name, sessions, directory, visitor.address).to_ical()
    return Response(text, media_type="text/calendar", headers=HEADERS)


async def _events(request: Request, visitor: Visitor, association: Organisation | None) -> Response:
    directory = await get_directory(visitor.asking)
    events = [
        schema_event(session, directory.by_id[session.organisation_id], directory, visitor.address)
        for session in await _sessions(request, visitor, association)
        if session.organisation_id in directory.by_id
    ]
    feed = {"@context": "https://schema.org", "@type": "DataFeed", "dataFeedElement": events}
    return JSONResponse(feed, headers=HEADERS)


async def _sessions(request: Request, visitor: Visitor, association: Organisation | None) -> list[Session]:
    chosen = association
    if association is None:
        directory = await get_directory(visitor.asking)
        chosen = directory.by_slug.get(request.query_params.get("association", ""))
    today = home_today()
    last = today + timedelta(days=DAYS_AHEAD)
    found = await list_sessions(visitor.asking, today, last, organisation_id=chosen.id if chosen else None)
    wishes = wishes_of(request.query_params.multi_items())
    return sorted((one for one in found if is_wished(one, wishes)), key=lambda one: (one.starts_at, one.id))
