"""Documents for people: asked for, fetched, handed over; and who the association is before the law."""

from __future__ import annotations

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PATH = f"/manage/tremplin/people/{answers.YANIS}/documents"
EMPLOYER = "/manage/tremplin/employer"
WISH = {
    "kind": "volunteer_note", "language": "fr", "task": "Animer", "starts_on": "2090-07-01", "ends_on": "",
    "weekly_hours": "", "pay": "", "key": "a-key-of-a-form",
}  # fmt: skip


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


async def test_a_document_is_asked_for_and_fetched(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"POST /people/{answers.YANIS}/documents"] = answers.document()
    assert (await portal.post(PATH, coordinator, **WISH)).status_code == 303
    (body,) = neighbours.bodies("POST", "/documents")
    assert (body["kind"], body["starts_on"], body["weekly_minutes"]) == ("volunteer_note", "2090-07-01", None)
    neighbours.answers[f"GET /documents/{answers.BUDGET}/pdf"] = lambda _: httpx.Response(200, content=b"%PDF-1.7")
    file = await portal.get(f"{PATH}/{answers.BUDGET}.pdf")
    assert (file.content, file.headers["content-type"]) == (b"%PDF-1.7", "application/pdf")
    assert file.headers["content-disposition"].startswith("attachment")


async def test_days_that_contradict_each_other_are_said_beside_their_field(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    refused = await portal.post(PATH, coordinator, **{**WISH, "ends_on": "2090-06-30"})
    assert (refused.status_code, "The last day lies before the first." in refused.text) == (422, True)
    assert neighbours.bodies("POST", "/documents") == []


async def test_what_became_of_a_document_is_noted_on_the_version_that_was_seen(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"PATCH /documents/{answers.BUDGET}"] = answers.document(version=3)
    path = f"{PATH}/{answers.BUDGET}"
    assert (await portal.post(path, coordinator, state="handed_over", version="2")).status_code == 303
    (asked,) = (one for one in neighbours.asked if one.method == "PATCH")
    assert asked.headers["if-match"] == '"2"'
    elsewhere = f"/manage/tremplin/people/{answers.LINA}/documents/{answers.BUDGET}"
    assert (await portal.post(elsewhere, coordinator, state="signed", version="2")).status_code == 404


async def test_an_insurer_without_a_policy_is_refused(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    values = {name: str(value or "") for name, value in answers.employer().items() if name != "organisation_id"}
    refused = await portal.post(EMPLOYER, coordinator, **{**values, "accident_insurer_name": "Assur"})
    assert (refused.status_code, "Give both insurer and policy, or neither." in refused.text) == (422, True)
    neighbours.answers[f"PUT /organisations/{answers.HOUSE}/employer-details"] = answers.employer(version=4)
    assert (await portal.post(EMPLOYER, coordinator, **values)).status_code == 303
    (body,) = neighbours.bodies("PUT", "/employer-details")
    assert (body["legal_form"], body["accident_insurer_name"]) == ("ASBL", None)
