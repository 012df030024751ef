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
