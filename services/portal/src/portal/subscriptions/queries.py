"""Questions about calendar addresses, and what they show."""

from __future__ import annotations

from datetime import datetime

from portal.asking import Asking, Json, part
from portal.booking.queries import list_own_households
from portal.directory.queries import get_directory
from portal.sessions.queries import map_sessions
from portal.subscriptions.domain import (
    CalendarAddress,
    CalendarShift,
    FamilyAddress,
    FamilyCalendar,
    OwnCalendar,
    calendar_of,
    family_calendar_of,
)
from portal.visits import Visitor

JUST_MADE = "calendar address of "


async def list_addresses(visitor: Visitor, records: list[Json]) -> list[CalendarAddress]:
    """The address of each of the visitor's own records; a new secret is told this once."""
    paths = [f"/people/{record['id']}/calendar-address" for record in records]
    found = await visitor.asking.get_many("staffing", paths)
    return [
        CalendarAddress(
            person_id=record["id"],
            organisation_id=record["organisation_id"],
            made_at=datetime.fromisoformat(answer["made_at"]) if answer else None,
            secret=visitor.person.known.pop(JUST_MADE + record["id"], (0.0, None))[1],
        )
        for record, answer in zip(records, found, strict=True)
    ]


async def list_family_addresses(visitor: Visitor) -> list[FamilyAddress]:
    """The address of each of the visitor's households; a new secret is told this once."""
    households = await list_own_households(visitor)
    paths = [f"/households/{household['id']}/calendar-address" for household in households]
    found = await visitor.asking.get_many("activities", paths)
    return [
        FamilyAddress(
            household_id=household["id"],
            name=household["name"],
            made_at=datetime.fromisoformat(answer["made_at"]) if answer else None,
            secret=visitor.person.known.pop(JUST_MADE + household["id"], (0.0, None))[1],
        )
        for household, answer in zip(households, found, strict=True)
    ]


async def get_family_calendar(asking: Asking, secret: str) -> FamilyCalendar:
    """What is shown at a family's address. Raises Refused (404) and Unavailable."""
    return family_calendar_of(await asking.get("activities", f"/calendars/{secret}"))


async def get_calendar(asking: Asking, secret: str) -> OwnCalendar:
    """What is shown at an address. Raises Refused (404) and Unavailable."""
    return calendar_of(await asking.get("staffing", f"/calendars/{secret}"))


async def map_places(asking: Asking, shifts: list[CalendarShift]) -> dict[str, str]:
    """Where each shift is: in the rooms of its session if that is published, else at the association."""
    directory = await part(get_directory(asking), None)
    if directory.value is None:
        return {}
    wanted = {shift.session_id for shift in shifts if shift.session_id is not None}
    sessions = (await part(map_sessions(asking, wanted), {})).value
    places = {}
    for shift in shifts:
        session = sessions.get(shift.session_id or "")
        known = directory.value
        places[shift.id] = known.place_of(session) if session else known.name_of(shift.organisation_id)
    return places
