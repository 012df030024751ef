"""The agenda as other programs read it."""

from __future__ import annotations

import pytest
from icalendar import Calendar

from portal.directory.domain import Directory
from portal.sessions.domain import schema_event, session_of
from tests.portal import answers
from tests.portal.conftest import ADDRESS, Neighbours, Portal

URL = f"{ADDRESS}/o/tremplin/sessions/{answers.SESSION}"


@pytest.fixture(autouse=True)
def _soon(neighbours: Neighbours) -> None:
    neighbours.answers["GET /sessions"] = answers.page(answers.soon())


@pytest.mark.parametrize("path", ["/agenda.ics", "/o/tremplin/agenda.ics"])
async def test_the_feed_carries_the_sessions(portal: Portal, path: str) -> None:
    answer = await portal.get(path)
    assert answer.headers["content-type"].startswith("text/calendar")
    [event] = Calendar.from_ical(answer.text).events
    assert (event["SUMMARY"], event["LOCATION"], event["URL"]) == ("Atelier cirque", "Grande salle", URL)
    assert event["SEQUENCE"] == 1


async def test_the_feed_names_the_rooms_that_are_held(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.answers["GET /sessions"] = answers.page(answers.soon(rooms=["Salle bleue", "Grande salle"]))
    [event] = Calendar.from_ical((await portal.get("/agenda.ics")).text).events
    assert event["LOCATION"] == "Grande salle, Salle bleue", "what the site is called is not said twice"


async def test_the_feed_stays_the_same_while_nothing_changes(portal: Portal) -> None:
    assert (await portal.get("/agenda.ics")).text == (await portal.get("/agenda.ics")).text


async def test_the_feed_is_filtered_as_the_page_is(portal: Portal) -> None:
    assert Calendar.from_ical((await portal.get("/agenda.ics?age=5")).text).events == []


async def test_a_session_that_was_called_off_is_cancelled_in_calendars(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.answers[f"GET /sessions/{answers.SESSION}"] = answers.session(state="cancelled")
    [event] = Calendar.from_ical((await portal.get(f"/o/tremplin/sessions/{answers.SESSION}.ics")).text).events
    assert event["STATUS"] == "CANCELLED"


async def test_a_session_of_another_association_has_no_calendar_here(portal: Portal) -> None:
    assert (await portal.get(f"/o/tilleuls/sessions/{answers.SESSION}.ics")).status_code == 404


async def test_programs_get_events(portal: Portal) -> None:
    answer = await portal.get("/o/tremplin/agenda.json")
    assert answer.headers["access-control-allow-origin"] == "*"
    [event] = answer.json()["dataFeedElement"]
    assert (event["@type"], event["url"], event["location"]["name"]) == ("Event", URL, "Grande salle")


def test_an_event_says_what_it_costs_and_whether_it_is_full() -> None:
    directory = Directory.of(answers.DIRECTORY)
    told = schema_event(session_of(answers.session(places_free=0)), directory.by_id[answers.HOUSE], directory, ADDRESS)
    assert [(offer["price"], offer["availability"]) for offer in told["offers"]] == [
        ("12.00", "https://schema.org/SoldOut"), ("8.00", "https://schema.org/SoldOut"),
    ]  # fmt: skip
    assert (told["startDate"], told["typicalAgeRange"]) == ("2090-11-22T14:00:00+01:00", "6-")


async def test_a_room_is_in_another_calendar_by_its_secret_address(portal: Portal, neighbours: Neighbours) -> None:
    secret = "a-secret-of-a-calendar"
    reserved = {"id": answers.BOOKING, "version": 3, "title": "Répétition", "state": "asked"}
    times = {"starts_at": "2090-11-22T13:00:00Z", "ends_at": "2090-11-22T15:00:00Z"}
    told = {"resource_id": answers.HALL, "name": "Grande salle", "reservations": [{**reserved, **times}]}
    neighbours.answers[f"GET /resource-calendars/{secret}"] = told
    answer = await portal.get(f"/calendars/resources/{secret}.ics")
    assert answer.headers["cache-control"] == "no-store"
    (event,) = Calendar.from_ical(answer.text).events
    assert (event["SUMMARY"], event["STATUS"], event["SEQUENCE"]) == ("Répétition", "TENTATIVE", 3)
    assert (await portal.get("/calendars/resources/another-secret-address.ics")).status_code == 404
    assert (await portal.get("/calendars/resources/..%2Fx.ics")).status_code == 404
