"""Worked hours: recorded by oneself, answered by who plans."""

from __future__ import annotations

import httpx

from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

FORM = {
    "person": answers.YANIS, "title": "Rangement", "on": "2090-11-20", "starts": "14:00", "ends": "16:00",
    "break_minutes": "", "key": "a-key-of-the-page",
}  # fmt: skip


async def test_own_hours_are_recorded_on_the_clock_of_the_place(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    assert "Waits for a yes" in (await portal.get("/hours")).text
    neighbours.answers[f"POST /people/{answers.YANIS}/hours"] = answers.hours()
    assert (await portal.post("/hours", session, **FORM)).headers["location"] == "/hours"
    sent = neighbours.bodies("POST", "/hours")[0]
    assert (sent["starts_at"], sent["break_minutes"]) == ("2090-11-20T14:00:00+01:00", 0)


async def test_hours_are_recorded_for_oneself_only(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    answer = await portal.post("/hours", session, **{**FORM, "person": answers.LINA})
    assert answer.status_code == 422
    assert neighbours.bodies("POST", "/hours") == []


async def test_what_speaks_against_it_is_told(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    problem = {"type": "/problems/hours-are-recorded", "title": "Twice", "status": 409}
    path = f"POST /people/{answers.YANIS}/hours"
    neighbours.answers[path] = lambda _: httpx.Response(409, json=problem)
    answer = await portal.post("/hours", session, **FORM)
    assert (answer.status_code, "Some of this time is recorded already." in answer.text) == (409, True)


async def test_a_planner_answers_hours_of_the_own_association(portal: Portal, neighbours: Neighbours) -> None:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    other = answers.hours(id=answers.LINA, organisation_id=answers.HOME, title="Ailleurs")
    neighbours.answers["GET /hours"] = answers.page(answers.hours(), other)
    session = portal.sign_in()
    text = (await portal.get("/manage/tremplin/hours")).text
    assert "Rangement" in text
    assert "Ailleurs" not in text
    assert "2 h 30" in text
    neighbours.answers[f"PATCH /hours/{answers.BOOKING}"] = answers.hours(state="approved")
    own, foreign = (f"/manage/tremplin/hours/{one}" for one in (answers.BOOKING, answers.LINA))
    assert (await portal.post(own, session, answer="yes")).status_code == 303
    assert neighbours.bodies("PATCH", answers.BOOKING) == [{"state": "approved"}]
    assert neighbours.asked[-1].headers["If-Match"] == '"3"'
    assert (await portal.post(foreign, session, answer="yes")).status_code == 404


async def test_a_planner_sets_what_volunteers_get(portal: Portal, neighbours: Neighbours) -> None:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    session = portal.sign_in()
    assert "What volunteers get" in (await portal.get("/manage/tremplin/hours")).text
    form = {
        "day_allowance": "20,00",
        "hour_value": "15",
        "lent_price": "20",
        "valid_from": "2090-01-01",
        "valid_to": "",
        "key": "a-key-of-it",
    }
    neighbours.answers["POST /hour-terms"] = answers.hour_terms()
    assert (await portal.post("/manage/tremplin/hour-terms", session, **form)).status_code == 303
    (body,) = neighbours.bodies("POST", "/hour-terms")
    assert (body["volunteer_day_allowance_minor"], body["volunteer_hour_value_minor"]) == (2000, 1500)
    assert body["lent_hour_price_minor"] == 2000
    refused = await portal.post("/manage/tremplin/hour-terms", session, **{**form, "valid_to": "2089-12-31"})
    assert (refused.status_code, "The last day lies before the first." in refused.text) == (422, True)
