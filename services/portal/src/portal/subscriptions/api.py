"""One's own shifts in a calendar program that cannot sign in, at a secret address."""

from __future__ import annotations

import re
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from portal.asking import Refused, Unavailable
from portal.calendars import calendar_of_shifts
from portal.languages import LANGUAGES, translate, use_language
from portal.pages import go
from portal.subscriptions import use_cases
from portal.subscriptions.queries import get_calendar, map_places
from portal.visits import SignedForm, Visit, stranger_of

router = APIRouter()
NO_STORE = {"Cache-Control": "no-store"}
SECRET = re.compile("[A-Za-z0-9_-]{20,100}")
RETRY_SECONDS = 600


@router.post("/shifts/calendar/{person_id}")
async def make_address(person_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Make the address, or replace the one there is."""
    await use_cases.make_address(visitor, str(person_id))
    return go("/shifts#calendar")


@router.post("/shifts/calendar/{person_id}/withdrawal")
async def withdraw_address(person_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Let the address show nothing any more."""
    await use_cases.withdraw_address(visitor, str(person_id))
    return go("/shifts#calendar")


@router.get("/calendars/{secret}.ics")
async def send_calendar(secret: str, request: Request) -> Response:
    """The shifts of whoever made this address. A program that is told of a fault keeps what it has, and asks again."""
    visitor = stranger_of(request)
    try:
        if not SECRET.fullmatch(secret):
            raise Refused(404, "not-found", "There is no such calendar", None)
        calendar = await get_calendar(visitor.asking, secret)
    except Refused:
        return PlainTextResponse(translate("There is no calendar at this address."), 404, headers=NO_STORE)
    except Unavailable:
        headers = {**NO_STORE, "Retry-After": str(RETRY_SECONDS)}
        return PlainTextResponse(translate("Shifts cannot be read just now."), 503, headers=headers)
    use_language(calendar.language if calendar.language in LANGUAGES else visitor.language)
    places = await map_places(visitor.asking, calendar.shifts)
    text = calendar_of_shifts(translate("My shifts"), calendar.shifts, visitor.address, places).to_ical()
    return Response(text, media_type="text/calendar", headers=NO_STORE)
