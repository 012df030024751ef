"""One's own shifts, and a family's bookings, in a calendar program that cannot sign in."""

from __future__ import annotations

from typing import Any

import pytest
from icalendar import Calendar

from tests.portal import answers
from tests.portal.conftest import ADDRESS, Neighbours, Portal

SECRET = "kM3x_-Zq0aB4vT7yWc1Jd2Le5Nf6Pg8Rh9Si0Uj1Vk2"
FEED = f"/calendars/{SECRET}.ics"
HERE = f"/shifts/calendar/{answers.YANIS}"
UNKNOWN = ["x", "x%2Fy", "x" * 101, "%C3%A9" * 43, SECRET]
PATH = f"/people/{answers.YANIS}/calendar-address"


def shown(**changes: Any) -> dict[str, Any]:
    """What the staffing service tells at the address."""
    fields = ("id", "organisation_id", "session_id", "version", "title", "starts_at", "ends_at", "time_zone")
    shift = {name: answers.shift(**changes)[name] for name in fields}
    return {"language": "fr", "shifts": [shift]}


async def test_a_program_reads_the_shifts_without_signing_in(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.answers[f"GET /calendars/{SECRET}"] = shown()
    answer = await portal.get(FEED)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    calendar = Calendar.from_ical(answer.text)
    [event] = calendar.events
    assert str(calendar["NAME"]) == "Mes services"
    assert (event["SUMMARY"], event["LOCATION"], event["SEQUENCE"]) == ("Atelier cirque", "Grande salle", 1)
    assert event["UID"] == f"{answers.SHIFT}@maillage"
    assert all("authorization" not in request.headers for request in neighbours.asked)


async def test_a_shift_beside_sessions_is_at_the_association(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.answers[f"GET /calendars/{SECRET}"] = shown(session_id=None)
    [event] = Calendar.from_ical((await portal.get(FEED)).text).events
    assert event["LOCATION"] == "Le Tremplin"


@pytest.mark.parametrize("secret", UNKNOWN)
async def test_an_unknown_address_shows_nothing(portal: Portal, secret: str) -> None:
    assert (await portal.get(f"/calendars/{secret}.ics")).status_code == 404


async def test_a_program_is_told_to_come_again_and_keeps_what_it_has(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.answers[f"GET /calendars/{SECRET}"] = shown()
    neighbours.away.add("activities")
    assert (await portal.get(FEED)).status_code == 200
    neighbours.away.add("staffing")
    answer = await portal.get(FEED)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "600")


async def test_an_address_is_made_shown_once_replaced_and_withdrawn(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    assert "Make an address" in (await portal.get("/shifts")).text
    made = {"person_id": answers.YANIS, "made_at": "2090-11-20T10:00:00Z"}
    neighbours.answers[f"POST {PATH}"] = {**made, "secret": SECRET}
    assert (await portal.post(HERE, session)).headers["location"] == "/shifts#calendar"
    neighbours.answers[f"GET {PATH}"] = made
    assert f"{ADDRESS}{FEED}" in (await portal.get("/shifts")).text
    text = (await portal.get("/shifts")).text
    assert SECRET not in text
    assert "Replace the address" in text
    neighbours.answers[f"DELETE {PATH}"] = {}
    assert (await portal.post(f"{HERE}/withdrawal", session)).status_code == 303
    assert neighbours.asked[-1].method == "DELETE"


async def test_only_ones_own_calendar_has_an_address(portal: Portal, neighbours: Neighbours) -> None:
    assert (await portal.post(HERE)).status_code in (303, 403)
    session = portal.sign_in()
    assert (await portal.post(HERE, session)).status_code == 404


FAMILY_FEED = f"/calendars/bookings/{SECRET}.ics"
FAMILY_HERE = f"/household/calendar/{answers.HOUSEHOLD}"
FAMILY_PATH = f"/households/{answers.HOUSEHOLD}/calendar-address"


def booked(**changes: Any) -> dict[str, Any]:
    """What the activities service tells at the address."""
    fields = ("organisation_id", "site_id", "version", "title", "starts_at", "ends_at")
    session = {name: answers.session()[name] for name in fields}
    own = {
        "id": answers.BOOKING,
        "session_id": answers.SESSION,
        "given_names": ["Lina", "Yanis"],
        "rooms": ["Salle bleue"],
    }
    return {"language": "fr", "bookings": [{**session, **own, **changes}]}


async def test_a_program_reads_the_bookings_of_a_family(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.answers[f"GET /calendars/{SECRET}"] = booked(version=3)
    answer = await portal.get(FAMILY_FEED)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "set-cookie" not in answer.headers
    calendar = Calendar.from_ical(answer.text)
    [event] = calendar.events
    assert str(calendar["NAME"]) == "Mes réservations"
    assert (event["SUMMARY"], event["LOCATION"], event["SEQUENCE"]) == (
        "Atelier cirque: Lina, Yanis",
        "Grande salle, Salle bleue",
        3,
    )
    assert event["URL"] == f"{ADDRESS}/bookings/{answers.BOOKING}"
    assert all("authorization" not in request.headers for request in neighbours.asked)
    neighbours.away.add("activities")
    assert (await portal.get(FAMILY_FEED)).status_code == 503


@pytest.mark.parametrize("secret", UNKNOWN)
async def test_an_unknown_address_shows_no_family(portal: Portal, secret: str) -> None:
    assert (await portal.get(f"/calendars/bookings/{secret}.ics")).status_code == 404


async def test_a_family_makes_replaces_and_withdraws_its_address(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    assert "/household/calendar" in (await portal.get("/household")).text
    assert "Make an address" in (await portal.get("/household/calendar")).text
    made = {"household_id": answers.HOUSEHOLD, "made_at": "2090-11-20T10:00:00Z"}
    neighbours.answers[f"POST {FAMILY_PATH}"] = {**made, "secret": SECRET}
    assert (await portal.post(FAMILY_HERE, session)).headers["location"] == "/household/calendar"
    neighbours.answers[f"GET {FAMILY_PATH}"] = made
    assert f"{ADDRESS}{FAMILY_FEED}" in (await portal.get("/household/calendar")).text
    text = (await portal.get("/household/calendar")).text
    assert SECRET not in text
    assert "Replace the address" in text
    neighbours.answers[f"DELETE {FAMILY_PATH}"] = {}
    assert (await portal.post(f"{FAMILY_HERE}/withdrawal", session)).status_code == 303
    assert neighbours.asked[-1].method == "DELETE"
