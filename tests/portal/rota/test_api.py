"""The rota: weeks, candidates, proposals."""

from __future__ import annotations

import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

BASE = "/manage/tremplin/rota"
PROPOSAL = f"{BASE}/proposals/{answers.BUDGET}"
SHIFT = f"{BASE}/shifts/{answers.SHIFT}"


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


async def test_a_week_says_how_many_are_missing(portal: Portal, coordinator: BrowserSession) -> None:
    text = (await portal.get(BASE)).text
    assert "1 person is missing" in text
    assert "Noah" in text
    assert "Propose who could do it" in text


async def test_who_could_do_it_is_shown_with_what_speaks_against_it(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    warned = {"person_id": answers.LINA, "display_name": "Lea", "is_allowed": True, "findings": [
        {"rule": "daily_rest", "effect": "warn", "explanation": "Nine hours of rest.", "source": ""}]}  # fmt: skip
    away = {"person_id": answers.HOUSEHOLD, "display_name": "Karim", "is_allowed": False, "findings": []}
    neighbours.answers[f"GET /shifts/{answers.SHIFT}/candidates"] = [warned, away]  # type: ignore[assignment]
    text = (await portal.get(SHIFT)).text
    assert "Nine hours of rest." in text
    assert text.count("Assign<") == 1
    assert "Why all the same?" in text
    neighbours.answers[f"POST /shifts/{answers.SHIFT}/assignments"] = answers.assignment()
    form = {"person": answers.LINA, "because": "Holiday camp", "key": "a-key-of-the-page"}
    assert (await portal.post(f"{SHIFT}/assignments", coordinator, **form)).status_code == 303
    assert neighbours.bodies("POST", "/assignments") == [{"person_id": answers.LINA, "because": "Holiday camp"}]


async def test_a_proposal_looks_again_until_it_is_ready(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"GET /proposals/{answers.BUDGET}"] = answers.proposal(state="requested", shifts=[])
    assert 'hx-trigger="load delay:1500ms"' in (await portal.get(PROPOSAL)).text
    neighbours.answers[f"GET /proposals/{answers.BUDGET}"] = answers.proposal()
    part = (await portal.get(PROPOSAL, headers={"HX-Request": "true", "HX-Request-Type": "partial"})).text
    assert part.lstrip().startswith('<section id="proposed"')
    assert "hx-trigger" not in part
    assert "1 person would be assigned." in part


async def test_only_ticked_shifts_are_assigned(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    path = f"POST /proposals/{answers.BUDGET}/acceptance"
    neighbours.answers[path] = {"proposal": answers.proposal(state="accepted"), "refused": []}
    assert (await portal.post(PROPOSAL, coordinator)).status_code == 303
    assert neighbours.bodies("POST", "/acceptance") == [{"without_shift_ids": [answers.SHIFT]}]
    refusal = {"shift_id": answers.SHIFT, "person_id": answers.YANIS, "explanation": "On leave since."}
    neighbours.answers[path] = {"proposal": answers.proposal(state="accepted"), "refused": [refusal]}
    answer = await portal.post(PROPOSAL, coordinator, kept=answers.SHIFT)
    assert (answer.status_code, "On leave since." in answer.text) == (409, True)


async def test_a_shift_is_planned_on_its_session(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"POST /sessions/{answers.SESSION}/shifts"] = answers.shift()
    path = f"/manage/tremplin/sessions/{answers.SESSION}/shifts"
    form = {"role": "animator", "places": "2", "is_open": "on", "key": "a-key-of-the-page"}
    assert (await portal.post(path, coordinator, **form)).status_code == 303
    assert neighbours.bodies("POST", "/shifts") == [{"role": "animator", "places": 2, "is_open": True}]


async def test_a_session_leads_to_its_shifts(portal: Portal, coordinator: BrowserSession) -> None:
    text = (await portal.get(f"/manage/tremplin/sessions/{answers.SESSION}")).text
    assert f'href="{SHIFT}"' in text


async def test_people_of_other_associations_are_asked(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    text = (await portal.get(SHIFT)).text
    assert "Ask those who are ticked" in text
    neighbours.answers[f"POST /shifts/{answers.SHIFT}/substitute-requests"] = {"id": answers.BOOKING}
    asked = await portal.post(f"{SHIFT}/elsewhere", coordinator, person=answers.LINA, key="a-key-of-the-page")
    assert (asked.status_code, asked.headers["location"]) == (303, f"{SHIFT}?asked")
    assert "They are asked now" in (await portal.get(f"{SHIFT}?asked")).text
    nobody = await portal.post(f"{SHIFT}/elsewhere", coordinator, key="a-key-of-the-page")
    assert nobody.headers["location"] == SHIFT
