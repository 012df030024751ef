"""Questions about the bookings of the people somebody answers for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from portal.asking import Json
from portal.booking.queries import list_own_households
from portal.household.domain import Booking, booking_of
from portal.sessions.queries import map_sessions
from portal.visits import Visitor


async def list_bookings(visitor: Visitor) -> list[Booking]:
    """The bookings that the visitor's households pay."""
    households = await list_own_households(visitor)
    found = await asyncio.gather(*(_bookings_and_names(visitor, household["id"]) for household in households))
    answers = [answer for bookings, _ in found for answer in bookings]
    names = {person_id: name for _, people in found for person_id, name in people.items()}
    sessions = await map_sessions(visitor.asking, {answer["session_id"] for answer in answers})
    known = [answer for answer in answers if answer["session_id"] in sessions]
    return [booking_of(answer, sessions[answer["session_id"]], names) for answer in known]


async def _bookings_and_names(visitor: Visitor, household_id: str) -> tuple[list[Json], dict[str, str]]:
    bookings, people = await asyncio.gather(
        visitor.asking.list_all("activities", "/bookings", payer_id=household_id),
        visitor.asking.list_all("activities", "/participants", household_id=household_id),
    )
    return bookings, {person["id"]: person["given_name"] for person in people}


async def list_charges(visitor: Visitor) -> list[Json]:
    """What the visitor's households were charged."""
    households = await list_own_households(visitor)
    asked = [visitor.asking.list_all("finance", "/charges", payer_id=household["id"]) for household in households]
    return [charge for charges in await asyncio.gather(*asked) for charge in charges]


async def get_booking(visitor: Visitor, booking_id: str) -> tuple[Booking, Sequence[Any]]:
    """One booking and every decision on it. Raises Refused (404)."""
    answer, decisions = await asyncio.gather(
        visitor.asking.get("activities", f"/bookings/{booking_id}"),
        visitor.asking.get("activities", f"/bookings/{booking_id}/decisions"),
    )
    roster, sessions = await asyncio.gather(
        visitor.asking.get("activities", f"/sessions/{answer['session_id']}/roster"),
        map_sessions(visitor.asking, {answer["session_id"]}),
    )
    names = {entry["participant_id"]: f"{entry['given_name']} {entry['family_name']}" for entry in roster}
    return booking_of(answer, sessions[answer["session_id"]], names), decisions
