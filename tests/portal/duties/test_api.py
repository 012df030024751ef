"""The calendar by person: shifts are given to others there, and given back."""

from __future__ import annotations

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PATH = "/manage/tremplin/calendar/people"
WEEK = "2090-11-20"
KEY = "a-key-of-the-page"


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    anna = answers.person(id=answers.LINA, display_name="Anna")
    neighbours.answers["GET /people"] = answers.page(answers.person(), anna)
    neighbours.answers["GET /shifts"] = answers.page(answers.shift())
    return portal.sign_in()


def dragged(**changes: str) -> dict[str, str]:
    """Noah's place, dragged to Anna's row."""
    return {
        "week": WEEK, "shift": answers.SHIFT, "assignment": answers.BOOKING, "before": answers.YANIS,
        "person": answers.LINA, "key": KEY, **changes,
    }  # fmt: skip


async def test_a_place_is_handed_over_and_can_be_given_back(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"POST /assignments/{answers.BOOKING}/handover"] = answers.assignment(person_id=answers.LINA)
    answer = await portal.post(PATH, coordinator, **dragged())
    assert (answer.status_code, neighbours.bodies("POST", "/handover")) == (303, [{"person_id": answers.LINA}])
    handed = answers.assignment(id=answers.BUDGET, person_id=answers.LINA)
    neighbours.answers["GET /shifts"] = answers.page(answers.shift(assignments=[handed]))
    week = (await portal.get(answer.headers["location"])).text
    assert "Anna does Atelier cirque on Wednesday 22 November and is told." in week
    assert (
        f'name="assignment" value="{answers.BUDGET}"><input type="hidden" name="person" value="{answers.YANIS}"' in week
    )


async def test_a_free_place_is_given_and_a_taken_one_made_free(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"POST /shifts/{answers.SHIFT}/assignments"] = answers.assignment(person_id=answers.LINA)
    assert (await portal.post(PATH, coordinator, **dragged(assignment="", before=""))).status_code == 303
    assert neighbours.bodies("POST", "/assignments") == [{"person_id": answers.LINA}]
    neighbours.answers[f"POST /assignments/{answers.BOOKING}/release"] = answers.assignment(state="released")
    answer = await portal.post(PATH, coordinator, **dragged(person=""))
    assert (
        "A place of Atelier cirque on Wednesday 22 November is free again."
        in (await portal.get(answer.headers["location"])).text
    )


async def test_what_the_rules_forbid_changes_nothing_and_leads_to_the_shift(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    problem = {"type": "/problems/may-not-be-assigned", "title": "A rule forbids it", "status": 409}
    refusing = httpx.Response(409, json=problem)
    neighbours.answers[f"POST /assignments/{answers.BOOKING}/handover"] = lambda _: refusing
    answer = await portal.post(PATH, coordinator, **dragged())
    assert answer.status_code == 409
    assert f"/manage/tremplin/rota/shifts/{answers.SHIFT}" in answer.text
    assert "Who could do Atelier cirque, and what speaks against it" in answer.text


@pytest.mark.parametrize("wrong", [{"shift": "x"}, {"person": "../people"}, {"person": "", "assignment": ""}])
async def test_what_no_drag_could_send_is_refused(
    portal: Portal, coordinator: BrowserSession, wrong: dict[str, str]
) -> None:
    assert (await portal.post(PATH, coordinator, **dragged(**wrong))).status_code == 422
