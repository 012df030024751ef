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


async def test_who_cannot_come_asks_for_a_substitute_follows_it_and_takes_it_back(
    portal: Portal, neighbours: Neighbours
) -> None:
    session = portal.sign_in()
    assert f"/shifts/substitute/{answers.BOOKING}" in (await portal.get("/shifts")).text
    path = f"/shifts/substitute/{answers.BOOKING}"
    assert "Pol" in (await portal.get(path)).text
    neighbours.answers[f"POST /assignments/{answers.BOOKING}/substitute-requests"] = answers.search()
    answer = await portal.post(path, session, key="a-key-of-the-page")
    assert answer.headers["location"] == "/shifts?asked"
    assert "It is asked." in (await portal.get("/shifts?asked")).text
    await portal.post(path, session, in_return=answers.LINA, key="another-key-here")
    assert neighbours.bodies("POST", "/substitute-requests") == [{}, {"in_return_assignment_id": answers.LINA}]
    own = answers.search(id=answers.LINA, assignment_id=answers.BOOKING, is_asked=False)
    neighbours.answers["GET /substitute-requests"] = answers.page(own)
    text = (await portal.get("/shifts")).text
    assert "2 colleagues are asked" in text
    assert "I step in" not in text
    neighbours.answers[f"POST /substitute-requests/{answers.LINA}/withdrawal"] = answers.search(state="withdrawn")
    assert (await portal.post(f"/shifts/searches/{answers.LINA}/withdrawal", session)).status_code == 303


async def test_why_nobody_can_be_asked_is_shown_and_only_for_own_shifts(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    problem = {"type": "/problems/substitute-is-sought", "title": "Sought", "status": 409}
    path = f"POST /assignments/{answers.BOOKING}/substitute-requests"
    neighbours.answers[path] = lambda _: httpx.Response(409, json=problem)
    answer = await portal.post(f"/shifts/substitute/{answers.BOOKING}", session, key="a-key-of-the-page")
    assert (answer.status_code, "Somebody is sought for this shift already." in answer.text) == (409, True)
    assert (await portal.get(f"/shifts/substitute/{answers.LINA}")).status_code == 404


async def test_an_exchange_names_the_shift_that_is_given(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    asked = answers.search(id=answers.LINA, title="Vestiaire", in_return_assignment_id=answers.BOOKING)
    neighbours.answers["GET /substitute-requests"] = answers.page(asked)
    assert "in exchange for yours: Atelier cirque" in (await portal.get("/shifts")).text


async def test_who_is_not_asked_is_not_offered_to_step_in(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    neighbours.answers["GET /substitute-requests"] = answers.page(answers.search(is_asked=False))
    assert "I step in" not in (await portal.get("/shifts")).text
