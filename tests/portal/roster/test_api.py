"""A session as its team sees it."""

from __future__ import annotations

import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

SESSION = f"/manage/tremplin/sessions/{answers.SESSION}"


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    neighbours.answers[f"GET /sessions/{answers.SESSION}/roster"] = [answers.entry()]
    return portal.sign_in()


async def test_whom_to_call_is_a_number_to_tap(portal: Portal, coordinator: BrowserSession) -> None:
    for path in (SESSION, f"{SESSION}/list"):
        assert 'href="tel:+32470551001"' in (await portal.get(path)).text
    assert "+32 470 55 10 01" in (await portal.get(f"{SESSION}/list.csv")).text


async def test_reserved_rooms_are_shown_with_their_owner_and_answer(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    asked = answers.reservation(organisation_id=answers.HOME, state="asked")
    gone = answers.reservation(state="released", title="Autre")
    neighbours.answers["GET /reservations"] = answers.page(asked, gone)
    text = (await portal.get(SESSION)).text
    assert "of Les Tilleuls" in text
    assert "not answered" in text
    assert "Autre" not in text


async def test_without_the_partners_service_the_list_is_still_there(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    assert (await portal.get(SESSION)).status_code == 200
    neighbours.away.add("partners")
    text = (await portal.get(SESSION)).text
    assert "Yanis" in text
    assert "The directory of associations cannot be shown just now." in text


async def test_what_was_changed_is_told_in_words(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    planned = answers.change(action="insert", fields=[], by_me=True)
    counted = answers.change(subject="attendance", fields=[])
    neighbours.answers[f"GET /sessions/{answers.SESSION}/history"] = [  # type: ignore[assignment]
        counted, answers.change(), answers.change(fields=["rank"]), answers.change(fields=[]), planned,
    ]  # fmt: skip
    text = (await portal.get(SESSION)).text
    told = [line for line in ("attendance written", "end, start", "details", "session planned") if line in text]
    assert told == ["attendance written", "end, start", "details", "session planned"]
    assert (text.count("by a colleague or the platform"), text.count("by you")) == (3, 1)


async def test_planners_see_what_went_out_about_the_session_and_to_whom_of_their_own(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    message = {"kind": "booking_confirmed", "channel": "post", "state": "to_print", "recipient_name": "Amina Haddad"}
    own = {**message, "organisation_id": answers.HOUSE}
    elsewhere = {**message, "organisation_id": answers.HOME, "recipient_name": "Odette"}
    neighbours.answers["GET /messages"] = answers.page(own, elsewhere)
    text = (await portal.get(f"{SESSION}?language=en")).text
    assert "6 messages went out about it" in text
    assert "to call" in text
    assert "Amina Haddad" in text
    assert "Odette" not in text
    asked = [one.url.params["session_id"] for one in neighbours.asked if one.url.path.endswith("/v1/messages")]
    assert asked == [answers.SESSION]


async def test_who_does_not_plan_asks_for_no_messages(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    membership = {"organisation_id": answers.HOUSE, "role": "animator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    text = (await portal.get(f"{SESSION}?language=en")).text
    assert "went out about it" not in text
    assert not [one for one in neighbours.asked if one.url.host.startswith("notifications")]
