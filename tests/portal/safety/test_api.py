"""Risk sheet and checklist of an activity: written as a whole, on the version that was read."""

from __future__ import annotations

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PATH = f"/manage/tremplin/activities/{answers.ACTIVITY}/safety"
RISK = {
    "hazard-0": "Chute", "exposed-0": "Enfants", "likelihood-0": "2", "severity-0": "4", "measure-0": "Tapis",
    "responsible-0": "Animation", "hazard-1": "", "reviewed_on": "2026-11-20", "sheet-version": "2",
}  # fmt: skip


def works_as(portal: Portal, neighbours: Neighbours, role: str) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": role, "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    return works_as(portal, neighbours, "coordinator")


async def test_a_risk_sheet_replaces_the_version_that_was_read(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"PUT /activities/{answers.ACTIVITY}/risk-sheet"] = answers.risk_sheet()
    answer = await portal.post(f"{PATH}/risk-sheet", coordinator, **RISK)
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    (sent,) = neighbours.bodies("PUT", "/risk-sheet")
    risk = {"hazard": "Chute", "exposed": "Enfants", "likelihood": 2, "severity": 4, "measure": "Tapis"}
    assert sent == {"reviewed_on": "2026-11-20", "risks": [{**risk, "responsible": "Animation"}]}
    (asked,) = (one for one in neighbours.asked if one.method == "PUT")
    assert asked.headers["if-match"] == '"2"'


async def test_what_is_missing_in_a_line_is_told_beside_it_and_the_rest_is_kept(
    portal: Portal, coordinator: BrowserSession
) -> None:
    answer = await portal.post(f"{PATH}/risk-sheet", coordinator, **{**RISK, "measure-0": ""})
    assert (answer.status_code, "Fill this in." in answer.text) == (422, True)
    assert 'value="Chute"' in answer.text
    assert 'value="Sorties dégagées"' in answer.text, "the other form stays as it stands"


async def test_items_keep_their_ids_and_an_emptied_line_goes(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"PUT /activities/{answers.ACTIVITY}/checklist"] = answers.checklist()
    form = {
        "task-0": "Sorties", "id-0": answers.BUDGET, "required-0": "on", "task-1": "", "id-1": answers.SHIFT,
        "task-2": "Tapis", "id-2": "", "checklist-version": "3",
    }  # fmt: skip
    assert (await portal.post(f"{PATH}/checklist", coordinator, **form)).status_code == 303
    (sent,) = neighbours.bodies("PUT", "/checklist")
    assert sent["items"] == [
        {"id": answers.BUDGET, "task": "Sorties", "is_required": True},
        {"id": None, "task": "Tapis", "is_required": False},
    ]
    problem = {"type": "/problems/changed-meanwhile", "title": "Changed", "status": 412}
    neighbours.answers[f"PUT /activities/{answers.ACTIVITY}/checklist"] = lambda _: httpx.Response(412, json=problem)
    answer = await portal.post(f"{PATH}/checklist", coordinator, **form)
    assert (answer.status_code, "Somebody else changed this meanwhile." in answer.text) == (412, True)


async def test_only_planners_write_what_an_activity_fears(portal: Portal, neighbours: Neighbours) -> None:
    animator = works_as(portal, neighbours, "animator")
    assert (await portal.get(PATH)).status_code == 403
    assert (await portal.post(f"{PATH}/risk-sheet", animator, **RISK)).status_code == 403
