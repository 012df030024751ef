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
