"""Members: invitations, roles, ends; for those who lead."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PATH = "/manage/tremplin/members"
INVITATION = {
    "display_name": "Lea", "email": "lea@example.org", "role": "volunteer", "language": "fr", "key": "a-key-of-a-form",
}  # fmt: skip


def member(state: str = "active", **changes: Any) -> dict[str, Any]:
    return {
        "id": answers.BOOKING, "organisation_id": answers.HOUSE, "version": 3, "role": "animator", "state": state,
        "display_name": "Noah", "email": "noah@example.org", "language": "en", "invited_at": "2090-01-01T10:00:00Z",
        "expires_at": None, "accepted_at": None, "ended_at": None, **changes,
    }  # fmt: skip


@pytest.fixture
def director(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "director", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    neighbours.answers["GET /memberships"] = answers.page(member(), member("invited", display_name="Lea"))
    return portal.sign_in()


async def test_members_and_invitations_are_shown_apart(portal: Portal, director: BrowserSession) -> None:
    text = (await portal.get(PATH)).text
    assert "One role is held" in text
    assert "Withdraw" in text


async def test_somebody_is_invited_once(portal: Portal, neighbours: Neighbours, director: BrowserSession) -> None:
    neighbours.answers["POST /memberships"] = member("invited")
    assert (await portal.post(PATH, director, **INVITATION)).status_code == 303
    (sent,) = neighbours.bodies("POST", "/memberships")
    assert sent == {
        "organisation_id": answers.HOUSE, "display_name": "Lea", "email": "lea@example.org", "role": "volunteer",
        "language": "fr",
    }  # fmt: skip


async def test_an_address_that_is_none_is_told(portal: Portal, director: BrowserSession) -> None:
    answer = await portal.post(PATH, director, **{**INVITATION, "email": "lea"})
    assert (answer.status_code, "Enter an e-mail address." in answer.text) == (422, True)


async def test_roles_change_by_the_version_that_was_read(
    portal: Portal, neighbours: Neighbours, director: BrowserSession
) -> None:
    neighbours.answers[f"PATCH /memberships/{answers.BOOKING}"] = member(role="coordinator")
    form = {"role": "coordinator", "version": "3"}
    assert (await portal.post(f"{PATH}/{answers.BOOKING}/role", director, **form)).status_code == 303
    (sent,) = (one for one in neighbours.asked if one.method == "PATCH")
    assert sent.headers["if-match"] == '"3"'


async def test_the_last_who_leads_stays(portal: Portal, neighbours: Neighbours, director: BrowserSession) -> None:
    problem = {"type": "/problems/last-leader-must-stay", "title": "Stay", "status": 409}
    path = f"POST /memberships/{answers.BOOKING}/end"
    neighbours.answers[path] = lambda _: httpx.Response(409, json=problem)
    answer = await portal.post(f"{PATH}/{answers.BOOKING}/end", director)
    assert (answer.status_code, "Somebody must go on leading" in answer.text) == (409, True)


async def test_others_are_refused(portal: Portal, neighbours: Neighbours) -> None:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    portal.sign_in()
    assert (await portal.get(PATH)).status_code == 403


async def test_an_invitation_is_taken_up_by_its_code(portal: Portal, neighbours: Neighbours) -> None:
    invited = portal.sign_in()
    assert "Code from the message" in (await portal.get("/invitation")).text
    neighbours.answers["POST /memberships/accept"] = member(organisation_id=answers.HOUSE)
    answer = await portal.post("/invitation", invited, code=" aB-3_x ", key="a-key-of-a-form")
    assert answer.status_code == 303
    assert neighbours.bodies("POST", "/memberships/accept") == [{"code": "aB-3_x"}]
    membership = {"organisation_id": answers.HOUSE, "role": "animator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    text = (await portal.get(answer.headers["location"])).text
    assert "You belong to Le Tremplin now." in text
    assert "Animator" in text


@pytest.mark.parametrize("code", ["", "two words", "é", "x" * 101])
async def test_what_cannot_be_a_code_is_told_without_asking(portal: Portal, neighbours: Neighbours, code: str) -> None:
    answer = await portal.post("/invitation", portal.sign_in(), code=code, key="a-key-of-a-form")
    assert (answer.status_code, "This code does not work." in answer.text) == (422, True)
    assert neighbours.bodies("POST", "/memberships/accept") == []


async def test_a_code_that_is_used_up_is_told(portal: Portal, neighbours: Neighbours) -> None:
    problem = {"type": "/problems/invitation-not-valid", "title": "Not valid", "status": 422}
    neighbours.answers["POST /memberships/accept"] = lambda _: httpx.Response(422, json=problem)
    answer = await portal.post("/invitation", portal.sign_in(), code="aB-3_x", key="a-key-of-a-form")
    assert (answer.status_code, "ask for a new invitation" in answer.text) == (422, True)


async def test_who_has_not_signed_in_comes_back_to_the_invitation(portal: Portal) -> None:
    answer = await portal.get("/invitation")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?return_to=%2Finvitation")


async def test_the_account_and_an_empty_household_lead_to_it(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    neighbours.answers["GET /households"] = answers.page()
    assert 'href="/invitation"' in (await portal.get("/account")).text
    assert 'href="/invitation"' in (await portal.get("/household")).text


@pytest.mark.parametrize(
    ("role", "organisation", "path"),
    [
        ("animator", answers.HOUSE, "/manage/tremplin"),
        ("treasurer", answers.HOUSE, "/manage/tremplin/budgets"),
        ("federation_admin", answers.FEDERATION, "/federation"),
        ("volunteer", answers.HOUSE, "/"),
    ],
)
async def test_everybody_begins_where_their_work_is(
    portal: Portal, neighbours: Neighbours, role: str, organisation: str, path: str
) -> None:
    membership = {"organisation_id": organisation, "role": role, "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    portal.sign_in()
    assert (await portal.get("/welcome")).headers["location"] == path
