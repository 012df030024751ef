"""The rota: weeks, candidates, proposals."""

from __future__ import annotations

import httpx
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
    facts = {"minutes": 13 * 60 + 30, "hours": 11}
    warned = {"person_id": answers.LINA, "display_name": "Lea", "is_allowed": True, "findings": [
        {"rule": "daily_rest", "effect": "warn", "explanation": "", "facts": facts, "source": ""}]}  # fmt: skip
    away = {"person_id": answers.HOUSEHOLD, "display_name": "Karim", "is_allowed": False, "findings": []}
    neighbours.answers[f"GET /shifts/{answers.SHIFT}/candidates"] = [warned, away]  # type: ignore[assignment]
    text = (await portal.get(SHIFT)).text
    assert "13 h 30 from first to last duty without 11 h of rest in between." in text
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
    away = {"first_on": "2090-11-20", "last_on": "2090-11-24"}
    refusal = {
        "shift_id": answers.SHIFT, "person_id": answers.YANIS, "reason": "leave", "explanation": "", "facts": away,
    }  # fmt: skip
    neighbours.answers[path] = {"proposal": answers.proposal(state="accepted"), "refused": [refusal]}
    answer = await portal.post(PROPOSAL, coordinator, kept=answers.SHIFT)
    assert (answer.status_code, "Is away from Mon 20 Nov to Fri 24 Nov." in answer.text) == (409, True)


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


async def test_a_session_asks_who_could_do_its_shifts(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    team_page = f"/manage/tremplin/sessions/{answers.SESSION}"
    assert f'action="{team_page}/proposals"' in (await portal.get(team_page)).text
    assert (await portal.post(f"{team_page}/proposals", coordinator, key="a-key-of-the-page")).status_code == 404
    neighbours.answers[f"POST /sessions/{answers.SESSION}/proposals"] = answers.proposal(session_id=answers.SESSION)
    answer = await portal.post(f"{team_page}/proposals", coordinator, key="a-key-of-the-page")
    assert answer.headers["location"] == PROPOSAL
    neighbours.answers["GET /shifts"] = answers.page(answers.shift(places=1))
    assert f"{team_page}/proposals" not in (await portal.get(team_page)).text, "nobody is missing"


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


async def test_a_shift_beside_sessions_is_planned(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    assert "Plan a shift beside sessions" in (await portal.get(BASE)).text
    neighbours.answers["POST /shifts"] = answers.shift(session_id=None)
    form = {"title": "Accueil", "role": "helper", "on": "2090-11-22", "starts": "22:00", "ends": "02:00",
            "places": "2", "required": "first_aid", "is_open": "on", "key": "a-key-of-the-page"}  # fmt: skip
    answer = await portal.post(f"{BASE}/shifts", coordinator, **form)
    assert answer.headers["location"] == f"{BASE}?week=2090-11-20"
    assert neighbours.bodies("POST", "/shifts") == [{
        "organisation_id": answers.HOUSE, "title": "Accueil", "role": "helper", "places": 2,
        "required": ["first_aid"], "is_open": True, "starts_at": "2090-11-22T22:00:00+01:00",
        "ends_at": "2090-11-23T02:00:00+01:00"}]  # fmt: skip
    wrong = await portal.post(f"{BASE}/shifts", coordinator, **{**form, "title": "", "places": "0"})
    assert (wrong.status_code, wrong.text.count('class="error"')) == (422, 2)


async def test_a_shift_is_changed_as_it_was_read(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    assert 'name="version" value="1"' in (await portal.get(SHIFT)).text
    problem = {"type": "/problems/places-are-taken", "title": "Taken", "status": 409}
    neighbours.answers[f"PATCH /shifts/{answers.SHIFT}"] = lambda _: httpx.Response(409, json=problem)
    refused = await portal.post(SHIFT, coordinator, version="1", places="1", title="Not that of a session")
    assert (refused.status_code, "More people are on it than that. Take some off first." in refused.text) == (409, True)
    neighbours.answers[f"PATCH /shifts/{answers.SHIFT}"] = answers.shift()
    neighbours.answers[f"GET /shifts/{answers.SHIFT}"] = answers.shift(session_id=None)
    changed = await portal.post(SHIFT, coordinator, version="1", places="3", title="Accueil", required="lifeguard")
    assert changed.headers["location"] == SHIFT
    needs = {"required": [], "is_open": False}
    assert neighbours.bodies("PATCH", answers.SHIFT) == [
        {**needs, "places": 1},
        {**needs, "places": 3, "title": "Accueil", "required": ["lifeguard"]},
    ]
    assert neighbours.asked[-1].method == "PATCH"
    assert neighbours.asked[-1].headers["if-match"] == '"1"'


async def test_a_shift_is_called_off_and_says_so(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    assert "1 person on it is free again and is told at once." in (await portal.get(SHIFT)).text
    assert (await portal.post(f"{SHIFT}/cancellation", coordinator)).status_code == 404
    neighbours.answers[f"POST /shifts/{answers.SHIFT}/cancellation"] = answers.shift(state="cancelled")
    answer = await portal.post(f"{SHIFT}/cancellation", coordinator)
    assert answer.headers["location"] == f"{BASE}?week=2090-11-20"
    neighbours.answers[f"GET /shifts/{answers.SHIFT}"] = answers.shift(state="cancelled")
    text = (await portal.get(SHIFT)).text
    assert "This shift will not take place." in text
    assert "Call the shift off" not in text


async def test_shifts_of_another_association_are_not_touched(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"GET /shifts/{answers.SHIFT}"] = answers.shift(organisation_id=answers.HOME)
    for path in (SHIFT, f"{SHIFT}/cancellation"):
        assert (await portal.post(path, coordinator, version="1", places="1")).status_code == 404
