"""Who works and helps: record, papers, leave, and substitutes."""

from __future__ import annotations

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

BASE = "/manage/tremplin/people"
NOAH = f"{BASE}/{answers.YANIS}"
RECORD = {
    "display_name": "Lea", "kind": "volunteer", "email": "", "phone": "", "language": "fr", "weekly_hours": "",
    "started_on": "2090-11-01", "ended_on": "",
}  # fmt: skip


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


async def test_an_animator_does_not_see_the_records(portal: Portal, neighbours: Neighbours) -> None:
    membership = {"organisation_id": answers.HOUSE, "role": "animator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    portal.sign_in()
    assert (await portal.get(BASE)).status_code == 403
    assert (await portal.get(NOAH)).status_code == 403


async def test_the_list_says_what_needs_an_answer(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers["GET /substitute-requests"] = answers.page(answers.search())
    text = (await portal.get(BASE)).text
    for expected in ("First aid", "Asks for leave", "Many evenings this week", "Somebody is sought for one shift"):
        assert expected in text


async def test_somebody_of_another_association_is_not_shown(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"GET /people/{answers.YANIS}"] = answers.person(organisation_id=answers.HOME)
    assert (await portal.get(NOAH)).status_code == 404


async def test_somebody_is_recorded_and_changed(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers["POST /people"] = answers.person()
    answer = await portal.post(BASE, coordinator, key="a-key-of-the-page", **RECORD)
    assert answer.headers["location"] == NOAH
    sent = neighbours.bodies("POST", "/people")[0]
    assert (sent["organisation_id"], sent["email"], sent["weekly_minutes_agreed"]) == (answers.HOUSE, None, None)
    neighbours.answers[f"PATCH /people/{answers.YANIS}"] = answers.person()
    changed = await portal.post(NOAH, coordinator, version="4", **{**RECORD, "weekly_hours": "19"})
    assert changed.status_code == 303
    assert neighbours.bodies("PATCH", answers.YANIS)[0]["weekly_minutes_agreed"] == 1140
    assert neighbours.asked[-1].headers["If-Match"] == '"4"'


async def test_what_makes_no_sense_is_said_beside_its_field(portal: Portal, coordinator: BrowserSession) -> None:
    answer = await portal.post(BASE, coordinator, **{**RECORD, "phone": "ask her", "email": "lea"})
    assert answer.status_code == 422
    assert "Enter a telephone number." in answer.text
    assert "Enter an e-mail address." in answer.text


async def test_a_paper_is_recorded_seen_and_taken_off(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"POST /people/{answers.YANIS}/qualifications"] = answers.paper()
    form = {"paper": "first_aid", "issuer": "Croix-Rouge", "issued_on": "2090-01-01", "expires_on": ""}
    assert (await portal.post(f"{NOAH}/papers", coordinator, key="a-key-of-the-page", **form)).status_code == 303
    assert neighbours.bodies("POST", "/qualifications")[0]["expires_on"] is None
    paper = f"/qualifications/{answers.LINA}"
    neighbours.answers[f"PATCH {paper}"] = answers.paper(is_verified=True)
    neighbours.answers[f"DELETE {paper}"] = lambda _: httpx.Response(204)
    assert (await portal.post(f"{NOAH}/papers/{answers.LINA}", coordinator, act="seen")).status_code == 303
    assert neighbours.bodies("PATCH", paper) == [{"is_verified": True}]
    assert (await portal.post(f"{NOAH}/papers/{answers.LINA}", coordinator, act="remove")).status_code == 303
    assert neighbours.asked[-1].method == "DELETE"


async def test_leave_is_decided(portal: Portal, neighbours: Neighbours, coordinator: BrowserSession) -> None:
    neighbours.answers[f"PATCH /leaves/{answers.BUDGET}"] = answers.leave(state="approved")
    answer = await portal.post(f"{BASE}/leaves/{answers.BUDGET}", coordinator, state="approved")
    assert answer.headers["location"] == NOAH
    assert neighbours.bodies("PATCH", answers.BUDGET) == [{"state": "approved"}]


async def test_who_cannot_come_is_replaced_and_whom_to_telephone_is_told(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    search = answers.freed()
    absence = {"leave_id": answers.BUDGET, "searches": [search], "to_telephone": search["asked"]}
    neighbours.answers[f"POST /people/{answers.YANIS}/absences"] = absence
    days = {"first_on": "2090-11-22", "last_on": "2090-11-22"}
    text = (await portal.post(f"{NOAH}/absence", coordinator, key="a-key-of-the-page", **days)).text
    assert "One shift is free again, and others are asked." in text
    assert 'href="tel:+3247055"' in text
    wrong = await portal.post(f"{NOAH}/absence", coordinator, first_on="2090-11-22", last_on="2090-11-21")
    assert (wrong.status_code, "The last day lies before the first." in wrong.text) == (422, True)


async def test_a_search_for_a_substitute_is_ended(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers["GET /substitute-requests"] = answers.page(answers.search())
    assert "Seek nobody any more" in (await portal.get(BASE)).text
    path = f"{BASE}/searches/{answers.BOOKING}/withdrawal"
    assert (await portal.post(path, coordinator)).status_code == 404
    neighbours.answers[f"POST /substitute-requests/{answers.BOOKING}/withdrawal"] = answers.search(state="withdrawn")
    assert (await portal.post(path, coordinator)).headers["location"] == BASE


async def test_an_account_is_unlinked(portal: Portal, neighbours: Neighbours, coordinator: BrowserSession) -> None:
    assert "Unlink the account" not in (await portal.get(NOAH)).text
    neighbours.answers[f"GET /people/{answers.YANIS}"] = answers.person(has_account=True)
    assert "Unlink the account" in (await portal.get(NOAH)).text
    assert (await portal.post(f"{NOAH}/unlinking", coordinator)).status_code == 404
    neighbours.answers[f"DELETE /people/{answers.YANIS}/account"] = answers.person()
    assert (await portal.post(f"{NOAH}/unlinking", coordinator)).headers["location"] == NOAH
    assert neighbours.asked[-1].method == "DELETE"
