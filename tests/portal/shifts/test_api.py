"""What a volunteer is on, and open shifts to take."""

from __future__ import annotations

import httpx

from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal


async def test_open_shifts_are_taken_and_own_ones_given_back(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    mine = answers.assignment(engagement="volunteer")
    neighbours.answers["GET /assignments/mine"] = [mine]  # type: ignore[assignment]
    neighbours.answers["GET /shifts"] = answers.page(answers.shift(id=answers.LINA, title="Vestiaire"))
    text = (await portal.get("/shifts")).text
    assert "Give it back" in text
    assert "Vestiaire" in text
    neighbours.answers[f"POST /shifts/{answers.LINA}/sign-up"] = mine
    answer = await portal.post(f"/shifts/{answers.LINA}/sign-up", session, key="a-key-of-the-page")
    assert answer.headers["location"] == "/shifts"
    neighbours.answers[f"POST /assignments/{answers.BOOKING}/release"] = mine
    assert (await portal.post(f"/shifts/leave/{answers.BOOKING}", session)).status_code == 303


async def test_a_rule_against_it_is_told(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    problem = {"type": "/problems/may-not-be-assigned", "title": "Rest", "status": 409}
    neighbours.answers[f"POST /shifts/{answers.LINA}/sign-up"] = lambda _: httpx.Response(409, json=problem)
    answer = await portal.post(f"/shifts/{answers.LINA}/sign-up", session, key="a-key-of-the-page")
    assert (answer.status_code, "A rule forbids this assignment." in answer.text) == (409, True)


async def test_who_is_asked_steps_in_and_who_is_ill_says_so(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    neighbours.answers["GET /substitute-requests"] = answers.page(answers.search())
    neighbours.answers["GET /assignments/mine"] = [answers.assignment()]  # type: ignore[assignment]
    text = (await portal.get("/shifts")).text
    assert "I step in" in text
    assert "I cannot come" in text
    neighbours.answers[f"POST /substitute-requests/{answers.BOOKING}/acceptance"] = answers.search(state="filled")
    assert (await portal.post(f"/shifts/searches/{answers.BOOKING}", session)).status_code == 303
    absence = {"leave_id": answers.BUDGET, "searches": [], "to_telephone": []}
    neighbours.answers[f"POST /people/{answers.YANIS}/absences"] = absence
    answer = await portal.post(f"/shifts/absence/{answers.BOOKING}", session, key="a-key-of-the-page")
    assert answer.status_code == 303
    assert neighbours.bodies("POST", "/absences") == [{"first_on": "2090-11-22", "last_on": "2090-11-22"}]


async def test_who_is_not_recorded_there_is_not_asked(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    neighbours.answers["GET /people/mine"] = []
    neighbours.answers["GET /substitute-requests"] = answers.page(answers.search())
    assert "I step in" not in (await portal.get("/shifts")).text
