"""The programme editor: drafts, steps, activities."""

from __future__ import annotations

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

BASE = "/manage/tremplin/programmes"
OWN = f"{BASE}/{answers.PROGRAMME}"
DRAFT = {
    "title": "Hiver", "season": "2091", "audience": "Tous", "starts_on": "2091-01-05", "ends_on": "2091-03-31",
    "statement-0": "Se rencontrer", "indicator-0": "présences", "unit-0": "personnes", "target-0": "40",
    "key": "a-key-of-the-form",
}  # fmt: skip


def works_as(portal: Portal, neighbours: Neighbours, role: str) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": role, "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


async def test_a_draft_is_written_with_its_objectives(portal: Portal, neighbours: Neighbours) -> None:
    session = works_as(portal, neighbours, "coordinator")
    neighbours.answers["POST /programmes"] = answers.programme()
    answer = await portal.post(BASE, session, **DRAFT)
    assert answer.headers["location"] == OWN
    (sent,) = neighbours.bodies("POST", "/programmes")
    assert sent["organisation_id"] == answers.HOUSE
    assert sent["objectives"] == [
        {"statement": "Se rencontrer", "indicator": "présences", "unit": "personnes", "target": 40}
    ]


async def test_an_objective_needs_a_number_that_tells(portal: Portal, neighbours: Neighbours) -> None:
    session = works_as(portal, neighbours, "coordinator")
    answer = await portal.post(BASE, session, **{**DRAFT, "target-0": ""})
    assert answer.status_code == 422
    assert 'value="Se rencontrer"' in answer.text, "what was entered is kept"
    assert neighbours.bodies("POST", "/programmes") == []


@pytest.mark.parametrize(("role", "may"), [("coordinator", False), ("director", True)])
async def test_directors_approve(portal: Portal, neighbours: Neighbours, role: str, may: bool) -> None:
    works_as(portal, neighbours, role)
    assert ("Approve</button>" in (await portal.get(OWN)).text) is may


async def test_a_coordinator_publishes_what_was_approved(portal: Portal, neighbours: Neighbours) -> None:
    session = works_as(portal, neighbours, "coordinator")
    neighbours.answers[f"GET /programmes/{answers.PROGRAMME}"] = answers.programme(state="approved", version=2)
    assert "Publish</button>" in (await portal.get(OWN)).text
    neighbours.answers[f"PATCH /programmes/{answers.PROGRAMME}"] = answers.programme(state="published")
    assert (await portal.post(f"{OWN}/step", session, state="published", version="2")).status_code == 303
    assert neighbours.bodies("PATCH", answers.PROGRAMME) == [{"state": "published"}]


async def test_a_step_that_somebody_took_before_is_told(portal: Portal, neighbours: Neighbours) -> None:
    session = works_as(portal, neighbours, "director")
    problem = {"type": "/problems/wrong-programme-step", "title": "Wrong step", "status": 409}
    neighbours.answers[f"PATCH /programmes/{answers.PROGRAMME}"] = lambda _: httpx.Response(409, json=problem)
    answer = await portal.post(f"{OWN}/step", session, state="approved", version="1")
    assert (answer.status_code, "Somebody took this step before." in answer.text) == (409, True)


async def test_the_terms_of_a_published_activity_stay(portal: Portal, neighbours: Neighbours) -> None:
    session = works_as(portal, neighbours, "coordinator")
    neighbours.answers[f"PATCH /activities/{answers.ACTIVITY}"] = answers.activity()
    form = {"title": "Cirque", "audience": "dès 6 ans", "description": "", "version": "1", "waiting_rule": "arrival"}
    answer = await portal.post(f"/manage/tremplin/activities/{answers.ACTIVITY}", session, **form)
    assert answer.status_code == 303
    (sent,) = neighbours.bodies("PATCH", answers.ACTIVITY)
    assert set(sent) == {"title", "description", "audience"}


async def test_a_programme_of_another_association_is_not_found(portal: Portal, neighbours: Neighbours) -> None:
    works_as(portal, neighbours, "director")
    foreign = answers.programme(organisation_id=answers.HOME)
    neighbours.answers[f"GET /programmes/{answers.PROGRAMME}"] = foreign
    assert (await portal.get(OWN)).status_code == 404
