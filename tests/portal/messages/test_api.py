"""Whom planners must tell by hand, with what to say, and what becomes of it."""

from __future__ import annotations

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

BASE = "/manage/tremplin/messages"
TOLD, AGAIN = f"/messages/{answers.BOOKING}/printed", f"/messages/{answers.LINA}/retry"
FAILED = answers.to_tell(
    id=answers.LINA, recipient_id=answers.LINA, recipient_name="Noah", channel="email", state="failed", body=None,
    last_error="550 no such mailbox",
)  # fmt: skip


def works_as(portal: Portal, neighbours: Neighbours, role: str) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": role, "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    by_state = {"to_print": answers.page(answers.to_tell()), "failed": answers.page(FAILED)}
    neighbours.answers["GET /messages"] = lambda request: httpx.Response(
        200, json=by_state[request.url.params["state"]]
    )
    neighbours.answers[f"GET /contacts/{answers.BOOKING}"] = answers.contact(phone="+32 470 12 34 56", email=None)
    return works_as(portal, neighbours, "coordinator")


def refusing(slug: str) -> httpx.Response:
    return httpx.Response(409, json={"type": f"/problems/{slug}", "title": slug, "status": 409})


async def test_who_calls_sees_the_number_and_what_to_say(portal: Portal, coordinator: BrowserSession) -> None:
    text = (await portal.get(BASE)).text
    assert "One message to read out or to print" in text
    assert ('href="tel:+32470123456"' in text, "Yanis a une place." in text) == (True, True)
    assert f'href="/manage/tremplin/families/{answers.HOUSEHOLD}"' in text
    assert ("One e-mail did not arrive" in text, "550 no such mailbox" in text) == (True, True)


async def test_letters_stand_apart_and_failed_mails_are_none(portal: Portal, coordinator: BrowserSession) -> None:
    text = (await portal.get(f"{BASE}/letters")).text
    assert text.count('<article class="card message letter" lang="fr"') == 1
    assert ("Yanis a une place." in text, "Noah" in text) == (True, False)


async def test_who_was_told_is_noted(portal: Portal, neighbours: Neighbours, coordinator: BrowserSession) -> None:
    neighbours.answers[f"POST {TOLD}"] = answers.to_tell(state="printed")
    sent = await portal.post(f"/manage/tremplin{TOLD}", coordinator)
    assert (sent.status_code, sent.headers["location"]) == (303, BASE)
    assert neighbours.bodies("POST", "/printed") == [{}]
    neighbours.answers[f"POST {TOLD}"] = lambda _: refusing("message-not-to-print")
    refused = await portal.post(f"/manage/tremplin{TOLD}", coordinator)
    assert (refused.status_code, "This message is not told by hand any more." in refused.text) == (409, True)


async def test_an_email_that_failed_is_sent_again(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"POST {AGAIN}"] = {**FAILED, "state": "pending"}
    sent = await portal.post(f"/manage/tremplin{AGAIN}", coordinator)
    assert (sent.status_code, sent.headers["location"]) == (303, BASE)
    neighbours.answers[f"POST {AGAIN}"] = lambda _: refusing("message-not-failed")
    refused = await portal.post(f"/manage/tremplin{AGAIN}", coordinator)
    assert (refused.status_code, "This e-mail is on its way already." in refused.text) == (409, True)


async def test_a_list_that_is_long_says_how_much_follows(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    many = answers.page(*[answers.to_tell()] * 53)
    neighbours.answers["GET /messages"] = lambda request: httpx.Response(
        200, json=many if request.url.params["state"] == "to_print" else answers.page()
    )
    text = (await portal.get(BASE)).text
    assert (text.count("Yanis a une place."), "3 more follow once these are done." in text) == (50, True)


async def test_without_families_the_texts_are_shown_all_the_same(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.away.add("activities")
    text = (await portal.get(BASE)).text
    assert "Sessions and bookings cannot be shown just now." in text
    assert "Yanis a une place." in text


async def test_messages_of_another_association_are_not_shown(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers["GET /messages"] = answers.page(answers.to_tell(organisation_id=answers.HOME))
    assert "Everybody has been told." in (await portal.get(BASE)).text


async def test_today_leads_there(portal: Portal, coordinator: BrowserSession) -> None:
    assert f'href="{BASE}"' in (await portal.get("/manage/tremplin")).text


@pytest.mark.parametrize("role", ["animator", "treasurer"])
async def test_who_does_not_plan_tells_nobody(portal: Portal, neighbours: Neighbours, role: str) -> None:
    session = works_as(portal, neighbours, role)
    assert (await portal.get(BASE)).status_code == 403
    assert (await portal.get(f"{BASE}/letters")).status_code == 403
    for path in (TOLD, AGAIN):
        assert (await portal.post(f"/manage/tremplin{path}", session)).status_code == 403
    assert [one for one in neighbours.asked if one.method != "GET"] == []
