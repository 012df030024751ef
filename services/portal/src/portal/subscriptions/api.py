"""One's own shifts, and a family's bookings, in a calendar program that cannot sign in, at a secret address."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from icalendar import Calendar

from portal.asking import Refused, Unavailable, part
from portal.calendars import calendar_of_bookings, calendar_of_shifts
from portal.directory.queries import get_directory
from portal.languages import LANGUAGES, translate, use_language
from portal.pages import go, show
from portal.subscriptions import use_cases
from portal.subscriptions.queries import get_calendar, get_family_calendar, list_family_addresses, map_places
from portal.visits import SignedForm, Visit, Visitor, stranger_of

router = APIRouter()
NO_STORE = {"Cache-Control": "no-store"}
SECRET = re.compile("[A-Za-z0-9_-]{20,100}")
RETRY_SECONDS = 600


@router.post("/shifts/calendar/{person_id}")
async def make_address(person_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Make the address of one's own shifts, or replace the one there is."""
    await use_cases.make_address(visitor, "staffing", str(person_id))
    return go("/shifts#calendar")


@router.post("/shifts/calendar/{person_id}/withdrawal")
async def withdraw_address(person_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Let the address show nothing any more."""
    await use_cases.withdraw_address(visitor, "staffing", str(person_id))
    return go("/shifts#calendar")


@router.get("/household/calendar")
async def show_family_addresses(visitor: Visit) -> HTMLResponse:
    """Where a calendar program reads the bookings of the visitor's households."""
    _ = visitor.person
    addresses = await part(list_family_addresses(visitor), [])
    return await show(visitor, "subscriptions/household.html", addresses=addresses)


@router.post("/household/calendar/{household_id}")
async def make_family_address(household_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Make the address of a household's bookings, or replace the one there is."""
    await use_cases.make_address(visitor, "activities", str(household_id))
    return go("/household/calendar")


@router.post("/household/calendar/{household_id}/withdrawal")
async def withdraw_family_address(household_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Let the address show nothing any more."""
    await use_cases.withdraw_address(visitor, "activities", str(household_id))
    return go("/household/calendar")


@router.get("/calendars/bookings/{secret}.ics")
async def send_family_calendar(secret: str, request: Request) -> Response:
    """The bookings of the household at this address."""
    return await _send(secret, request, _read_bookings)


@router.get("/calendars/{secret}.ics")
async def send_calendar(secret: str, request: Request) -> Response:
    """The shifts of whoever made this address."""
    return await _send(secret, request, _read_shifts)


async def _send(secret: str, request: Request, read: Callable[[Visitor, str], Awaitable[Calendar]]) -> Response:
    """A calendar as a file. A program that is told of a fault keeps what it has, and asks again."""
    visitor = stranger_of(request)
    try:
        if not SECRET.fullmatch(secret):
            raise Refused(404, "not-found", "There is no such calendar", None)
        calendar = await read(visitor, secret)
    except Refused:
        return PlainTextResponse(translate("There is no calendar at this address."), 404, headers=NO_STORE)
    except Unavailable:
        headers = {**NO_STORE, "Retry-After": str(RETRY_SECONDS)}
        return PlainTextResponse(translate("The calendar cannot be read just now."), 503, headers=headers)
    return Response(calendar.to_ical(), media_type="text/calendar", headers=NO_STORE)


async def _read_shifts(visitor: Visitor, secret: str) -> Calendar:
    calendar = await get_calendar(visitor.asking, secret)
    _speak(calendar.language, visitor)
    places = await map_places(visitor.asking, calendar.shifts)
    return calendar_of_shifts(translate("My shifts"), calendar.shifts, visitor.address, places)


async def _read_bookings(visitor: Visitor, secret: str) -> Calendar:
    calendar = await get_family_calendar(visitor.asking, secret)
    _speak(calendar.language, visitor)
    directory = (await part(get_directory(visitor.asking), None)).value
    return calendar_of_bookings(translate("My bookings"), calendar.bookings, visitor.address, directory)


def _speak(language: str, visitor: Visitor) -> None:
    use_language(language if language in LANGUAGES else visitor.language)
