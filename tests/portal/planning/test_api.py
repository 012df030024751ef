"""Moving and calling off from the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from common.clock import now
from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PATH = f"/manage/tremplin/sessions/{answers.SESSION}"
CHANGE = f"PATCH /sessions/{answers.SESSION}"
BRUSSELS = ZoneInfo("Europe/Brussels")
SOON = (now() + timedelta(days=14)).astimezone(BRUSSELS).replace(hour=14, minute=0, second=0, microsecond=0)
LATER = SOON + timedelta(days=2)
MOVED = {"on": LATER.date().isoformat(), "starts": "10:00", "ends": "12:00", "version": "1"}


def a_session(starts_at: datetime, **changes: Any) -> dict[str, Any]:
    """Two hours long, on the clock of Brussels."""
    ends_at = starts_at + timedelta(hours=2)
    return answers.session(starts_at=starts_at.isoformat(), ends_at=ends_at.isoformat(), **changes)


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    neighbours.answers[f"GET /sessions/{answers.SESSION}"] = a_session(SOON)
    neighbours.answers[CHANGE] = a_session(LATER.replace(hour=10), version=2)
    return portal.sign_in()


async def test_a_session_moves_on_the_clock_of_its_site_and_can_be_moved_back(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    answer = await portal.post(f"{PATH}/change", coordinator, **MOVED)
    (sent,) = neighbours.bodies("PATCH", answers.SESSION)
    assert datetime.fromisoformat(sent["starts_at"]) == LATER.replace(hour=10)
    assert datetime.fromisoformat(sent["ends_at"]) == LATER.replace(hour=12)
    neighbours.answers["GET /sessions"] = answers.page(a_session(LATER.replace(hour=10), version=2))
    calendar = (await portal.get(answer.headers["location"])).text
    assert f'name="on" value="{SOON.date()}"' in calendar, "the way back leads to the day before"
    assert 'name="starts" value="14:00"' in calendar


async def test_a_session_moves_to_another_place_and_back(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    at_home = a_session(SOON, version=2, site_id=answers.HOME)
    neighbours.answers[CHANGE] = at_home
    same_time = {"on": SOON.date().isoformat(), "starts": "14:00", "ends": "16:00", "version": "1"}
    answer = await portal.post(f"{PATH}/change", coordinator, **same_time, site=answers.HOME)
    assert neighbours.bodies("PATCH", answers.SESSION) == [{"site_id": answers.HOME}]
    neighbours.answers["GET /sessions"] = answers.page(at_home)
    assert f'name="site" value="{answers.HALL}"' in (await portal.get(answer.headers["location"])).text


async def test_what_makes_no_sense_is_told_beside_its_field(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    answer = await portal.post(f"{PATH}/change", coordinator, **{**MOVED, "starts": "late", "capacity": "0"})
    assert answer.status_code == 422
    assert "Enter a time such as 14:30." in answer.text
    assert "Enter a whole number from 1 to 10000." in answer.text
    assert neighbours.bodies("PATCH", answers.SESSION) == []


async def test_a_refusal_keeps_what_was_entered(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    problem = {"type": "/problems/changed-meanwhile", "title": "Changed", "status": 412}
    neighbours.answers[CHANGE] = lambda _: httpx.Response(412, json=problem)
    answer = await portal.post(f"{PATH}/change", coordinator, **MOVED)
    assert answer.status_code == 412
    assert f'value="{LATER.date()}"' in answer.text


async def test_calling_off_says_for_how_many_and_asks_why(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    listed = [answers.entry(), answers.entry(answers.LINA)]
    neighbours.answers[f"GET /sessions/{answers.SESSION}/roster"] = listed
    assert "Call off for all 2" in (await portal.get(f"{PATH}/calling-off")).text
    assert (await portal.post(f"{PATH}/calling-off", coordinator, version="1")).status_code == 422
    neighbours.answers[f"POST /sessions/{answers.SESSION}/cancellation"] = answers.session(state="cancelled")
    answer = await portal.post(f"{PATH}/calling-off", coordinator, version="1", reason="Panne de chauffage")
    assert answer.headers["location"] == PATH
    assert neighbours.bodies("POST", "/cancellation") == [{"reason": "Panne de chauffage"}]


async def test_an_animator_sees_the_calendar_and_moves_nothing(portal: Portal, neighbours: Neighbours) -> None:
    membership = {"organisation_id": answers.HOUSE, "role": "animator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    session = portal.sign_in()
    neighbours.answers["GET /sessions"] = answers.page(a_session(SOON))
    text = (await portal.get(f"/manage/tremplin/calendar?week={SOON.date()}")).text
    assert "Atelier cirque" in text
    assert "data-move=" not in text
    assert (await portal.post(f"{PATH}/change", session, **MOVED)).status_code == 403


async def test_what_was_proposed_for_a_lost_room_is_taken_in_one_act(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"GET /sessions/{answers.SESSION}"] = answers.session()
    neighbours.answers[f"GET /sessions/{answers.SESSION}/roster"] = []
    neighbours.answers[f"GET /sessions/{answers.SESSION}/hold"] = answers.lost_hold()
    neighbours.answers["GET /resources"] = answers.page(answers.resource(id=answers.LINA, name="Petite salle"))
    page = (await portal.get(PATH)).text
    assert "Its owner took it back: “Flooded”" in page
    assert page.count("Take this one") == 2
    form = {"lost": answers.HALL, "instead": answers.LINA, "starts_at": "2090-11-22T14:00:00+01:00"}
    assert (await portal.post(f"{PATH}/instead", coordinator, **form)).headers["location"] == PATH
    (sent,) = neighbours.bodies("PATCH", answers.SESSION)
    assert [one["resource_id"] for one in sent["wishes"]["resources"]] == [answers.BUDGET, answers.LINA]
    neighbours.answers[f"GET /sessions/{answers.SESSION}/hold"] = {**answers.lost_hold(), "state": "asked"}
    assert (await portal.post(f"{PATH}/instead", coordinator, **form)).status_code == 409
    assert len(neighbours.bodies("PATCH", answers.SESSION)) == 1


async def test_a_session_that_lost_its_room_stands_on_today(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers["GET /sessions"] = answers.page(a_session(SOON))
    neighbours.answers["GET /holds"] = answers.page(answers.lost_hold())
    text = (await portal.get("/manage/tremplin")).text
    assert "lacks a room, equipment or people" in text or "lack a room, equipment or people" in text
    assert "Grande salle" in text
