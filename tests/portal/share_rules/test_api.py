"""Which part of its families' places an association bears: entered, changed and removed by who keeps the books."""

from __future__ import annotations

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

BASE = "/manage/tremplin/share-rules"
RULE = f"{BASE}/{answers.BUDGET}"
FORM = {"percent": "40", "valid_from": "2090-09-01", "valid_to": "", "key": "a-key-of-the-page"}
TERMS = {"borne_percent": 40, "valid_from": "2090-09-01", "valid_to": None}


def works_as(portal: Portal, neighbours: Neighbours, role: str) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": role, "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


@pytest.fixture
def treasurer(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    return works_as(portal, neighbours, "treasurer")


def refusing(status: int, slug: str) -> httpx.Response:
    return httpx.Response(status, json={"type": f"/problems/{slug}", "title": slug, "status": status})


async def test_the_budgets_lead_to_what_is_borne(portal: Portal, treasurer: BrowserSession) -> None:
    assert f'href="{BASE}"' in (await portal.get("/manage/tremplin/budgets")).text
    text = (await portal.get(BASE)).text
    assert ("25% of the price" in text, "In force" in text, f'href="{RULE}"' in text) == (True, True, True)


async def test_a_part_is_entered_from_a_day_on(
    portal: Portal, neighbours: Neighbours, treasurer: BrowserSession
) -> None:
    neighbours.answers["POST /share-rules"] = answers.share_rule()
    sent = await portal.post(BASE, treasurer, **FORM)
    assert (sent.status_code, sent.headers["location"]) == (303, BASE)
    assert neighbours.bodies("POST", "/share-rules") == [{**TERMS, "organisation_id": answers.HOUSE}]
    neighbours.answers["POST /share-rules"] = lambda _: refusing(409, "share-rules-overlap")
    refused = await portal.post(BASE, treasurer, **FORM)
    assert (refused.status_code, "Some of these days are taken by another part" in refused.text) == (409, True)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"percent": "101"}, "Enter a whole number from 0 to 100."),
        ({"valid_from": ""}, "Enter a day."),
        ({"valid_to": "2090-08-31"}, "The last day lies before the first."),
    ],
)
@pytest.mark.parametrize("path", [BASE, RULE])
async def test_terms_that_make_no_sense_are_told_beside_their_field(
    portal: Portal, neighbours: Neighbours, treasurer: BrowserSession, change: dict[str, str], says: str, path: str
) -> None:
    refused = await portal.post(path, treasurer, **{**FORM, "version": "3", **change})
    assert (refused.status_code, says in refused.text, 'aria-invalid="true"' in refused.text) == (422, True, True)
    assert [one for one in neighbours.asked if one.method != "GET"] == []


async def test_a_rule_is_changed_and_removed_on_the_version_that_was_read(
    portal: Portal, neighbours: Neighbours, treasurer: BrowserSession
) -> None:
    assert 'value="25"' in (await portal.get(RULE)).text
    neighbours.answers[f"PUT /share-rules/{answers.BUDGET}"] = answers.share_rule(version=4)
    neighbours.answers[f"DELETE /share-rules/{answers.BUDGET}"] = lambda _: httpx.Response(204)
    changed = await portal.post(RULE, treasurer, **FORM, version="3")
    assert (changed.status_code, changed.headers["location"]) == (303, BASE)
    assert neighbours.bodies("PUT", answers.BUDGET) == [TERMS]
    assert (await portal.post(f"{RULE}/removal", treasurer, version="3")).status_code == 303
    written = [one for one in neighbours.asked if one.method in ("PUT", "DELETE")]
    assert [one.headers["If-Match"] for one in written] == ['"3"', '"3"']


async def test_a_rule_that_somebody_changed_meanwhile_is_shown_again(
    portal: Portal, neighbours: Neighbours, treasurer: BrowserSession
) -> None:
    for method in ("PUT", "DELETE"):
        neighbours.answers[f"{method} /share-rules/{answers.BUDGET}"] = lambda _: refusing(412, "changed-meanwhile")
    for path in (RULE, f"{RULE}/removal"):
        refused = await portal.post(path, treasurer, **FORM, version="2")
        assert (refused.status_code, "Somebody else changed this meanwhile." in refused.text) == (412, True)


async def test_a_coordinator_reads_what_is_borne_and_changes_nothing(portal: Portal, neighbours: Neighbours) -> None:
    coordinator = works_as(portal, neighbours, "coordinator")
    text = (await portal.get(BASE)).text
    assert ("25% of the price" in text, "Enter it" in text, f'href="{RULE}"' in text) == (True, False, False)
    assert (await portal.get(RULE)).status_code == 403
    for path in (BASE, RULE, f"{RULE}/removal"):
        assert (await portal.post(path, coordinator, **FORM, version="3")).status_code == 403
    assert [one for one in neighbours.asked if one.method != "GET"] == []


async def test_a_rule_that_is_not_there_is_not_found(portal: Portal, treasurer: BrowserSession) -> None:
    assert (await portal.get(f"{BASE}/{answers.LINA}")).status_code == 404


async def test_an_animator_does_not_read_it(portal: Portal, neighbours: Neighbours) -> None:
    works_as(portal, neighbours, "animator")
    assert (await portal.get(BASE)).status_code == 403
