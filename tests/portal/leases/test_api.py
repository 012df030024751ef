"""Leases are written down and changed."""

from __future__ import annotations

import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PATH = f"/manage/tremplin/resources/{answers.HALL}/leases"
FORM = {
    "side": "tenant", "other_side": "Commune", "starts_on": "2026-01-01", "ends_on": "", "notice_months": "3",
    "rent": "450", "rent_period": "month", "deposit": "", "key": "k",
}  # fmt: skip


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


async def test_a_lease_says_until_when_notice_is_in_time(portal: Portal, coordinator: BrowserSession) -> None:
    text = (await portal.get(PATH)).text
    assert "Commune de Valbois" in text
    assert "notice until" in text


async def test_a_lease_is_written_down_and_ended(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"POST /resources/{answers.HALL}/leases"] = answers.lease()
    assert (await portal.post(PATH, coordinator, **FORM)).status_code == 303
    (sent,) = neighbours.bodies("POST", "/leases")
    assert (sent["rent_minor"], sent["ends_on"], sent["deposit_minor"]) == (45_000, None, 0)
    here = f"{PATH}/{answers.BUDGET}"
    assert 'value="450.00"' in (await portal.get(here)).text
    neighbours.answers[f"PUT /leases/{answers.BUDGET}"] = answers.lease(version=3)
    changed = {**FORM, "ends_on": "2027-06-30", "version": "2"}
    assert (await portal.post(here, coordinator, **changed)).status_code == 303
    (put,) = [one for one in neighbours.asked if one.method == "PUT"]
    assert put.headers["If-Match"] == '"2"'
    wrong = await portal.post(here, coordinator, **{**changed, "ends_on": "2025-06-30"})
    assert (wrong.status_code, "The last day lies before the first." in wrong.text) == (422, True)
