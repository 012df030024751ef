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
