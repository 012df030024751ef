"""Keys go out to members and others, come back, and get lost."""

from __future__ import annotations

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PATH = f"/manage/tremplin/resources/{answers.HALL}/keys"
MEMBER = {"id": answers.YANIS, "display_name": "Noah Lambert"}


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    neighbours.answers["GET /task-owners"] = answers.page(MEMBER)
    return portal.sign_in()


async def test_who_has_a_key_for_too_long_is_seen(portal: Portal, coordinator: BrowserSession) -> None:
    text = (await portal.get(PATH)).text
    assert "Nadia Peeters has it since" in text
    assert "overdue" in text


async def test_a_key_goes_to_a_member_or_to_somebody_by_name(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"POST /keys/{answers.BOOKING}/handovers"] = {}
    here, given = f"{PATH}/{answers.BOOKING}/handover", {"handed_over_on": "2026-11-20", "key": "k"}
    assert (await portal.post(here, coordinator, **given, member=answers.YANIS, due_on="2026-12-01")).status_code == 303
    assert (await portal.post(here, coordinator, **given, member="", holder="La concierge")).status_code == 303
    member, other = neighbours.bodies("POST", "/handovers")
    assert (member["holder_name"], member["membership_id"], member["due_on"]) == (
        "Noah Lambert", answers.YANIS, "2026-12-01",
    )  # fmt: skip
    assert (other["holder_name"], other["membership_id"], other["due_on"]) == ("La concierge", None, None)
    nobody = await portal.post(here, coordinator, **given, member="", holder="")
    assert nobody.status_code == 422


async def test_a_key_comes_back_today_and_a_lost_one_says_why(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"POST /keys/{answers.BUDGET}/return"] = {}
    assert (await portal.post(f"{PATH}/{answers.BUDGET}/return", coordinator)).status_code == 303
    neighbours.answers[f"POST /keys/{answers.BUDGET}/withdrawal"] = {}
    assert (await portal.post(f"{PATH}/{answers.BUDGET}/withdrawal", coordinator, reason="Perdue")).status_code == 303
    assert neighbours.bodies("POST", "/withdrawal") == [{"reason": "Perdue"}]
    assert (await portal.post(f"{PATH}/{answers.BUDGET}/withdrawal", coordinator, reason="")).status_code == 422


async def test_a_label_that_is_taken_is_told(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    problem = {"type": "/problems/key-label-taken", "title": "Taken", "status": 409}
    neighbours.answers[f"POST /resources/{answers.HALL}/keys"] = lambda _: httpx.Response(409, json=problem)
    answer = await portal.post(PATH, coordinator, label="A3", key="k")
    assert (answer.status_code, "Another key has this label already." in answer.text) == (409, True)
    assert 'value="A3"' in answer.text
