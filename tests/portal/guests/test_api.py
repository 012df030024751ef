"""Booking without an account."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from common.pacing import Pace
from tests.portal import answers
from tests.portal.booking.test_api import problem
from tests.portal.conftest import Neighbours, Portal

GUEST = f"/o/tremplin/sessions/{answers.SESSION}/guest"
LINK = f"/guest-bookings/{answers.GUEST_CODE}"
KEY = "0123456789abcdef0123456789abcdef"
ADA = {"email": "ada@example.org", "given-1": "Ada", "family-1": "Byron", "category-1": "senior", "key": KEY}


async def test_the_places_are_held_once_and_the_page_says_until_when(portal: Portal, neighbours: Neighbours) -> None:
    answer = await portal.post(GUEST, **ADA, **{"given-2": "Grace", "family-2": "Hopper", "category-2": "none"})
    assert answer.headers["location"] == f"{GUEST}/sent?until=2090-11-20T12:00:00Z"
    [body] = neighbours.bodies("POST", "/guest-bookings")
    assert body["people"] == [
        {"given_name": "Ada", "family_name": "Byron", "price_category": "senior"},
        {"given_name": "Grace", "family_name": "Hopper", "price_category": "standard"},
    ]
    assert [one.headers["idempotency-key"] for one in neighbours.asked if one.method == "POST"] == [KEY]
    assert "until 13:00" in (await portal.get(answer.headers["location"])).text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "ada"}, "email"),
        ({"email": ""}, "email"),
        ({"family-1": ""}, "family-1"),
        ({"given-1": "", "family-1": ""}, "given-1"),
        ({"given-3": "Joan"}, "family-3"),
        ({"key": "short"}, None),
    ],
)
async def test_what_is_missing_is_said_beside_its_field(
    portal: Portal, neighbours: Neighbours, changes: dict[str, Any], field: str | None
) -> None:
    answer = await portal.post(GUEST, **{**ADA, **changes})
    assert answer.status_code == 422
    assert neighbours.bodies("POST", "/guest-bookings") == []
    if field is not None:
        assert 'aria-invalid="true"' in answer.text.partition(f'id="{field}"')[2].partition(">")[0]


async def test_a_refusal_is_told_and_what_was_entered_stays(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.answers["POST /guest-bookings"] = lambda _request: problem(409, "session-full")
    answer = await portal.post(GUEST, **ADA)
    assert answer.status_code == 409
    assert "There are not enough free places any more." in answer.text
    assert 'value="Byron"' in answer.text


async def test_who_asks_for_too_many_places_has_to_wait_and_loses_nothing_entered(
    portal: Portal, neighbours: Neighbours
) -> None:
    portal.app.state.reception = replace(portal.app.state.reception, guests=Pace("2/hour"))
    for number in range(2):
        assert (await portal.post(GUEST, **{**ADA, "key": f"{number}" * 32})).status_code == 303
    answer = await portal.post(GUEST, **ADA)
    assert answer.status_code == 429
    assert "Too many bookings without an account" in answer.text
    assert 'value="Byron"' in answer.text
    assert len(neighbours.bodies("POST", "/guest-bookings")) == 2


async def test_opening_the_link_books_nothing(portal: Portal, neighbours: Neighbours) -> None:
    text = (await portal.get(LINK)).text
    assert "Confirm for €12.00" in text
    assert neighbours.bodies("POST", "/confirmation") == []
    answer = await portal.post(f"{LINK}/confirmation")
    assert answer.headers["location"] == f"{LINK}?new"
    assert neighbours.bodies("POST", "/confirmation") == [{"code": answers.GUEST_CODE}]


async def test_what_is_booked_can_be_given_up(portal: Portal, neighbours: Neighbours) -> None:
    booked = answers.guest_booking(state="confirmed", booking_state="confirmed")
    neighbours.answers["POST /guest-bookings/link"] = booked
    assert "Give up the place" in (await portal.get(LINK)).text
    assert (await portal.post(f"{LINK}/cancellation")).headers["location"] == LINK
    assert neighbours.bodies("POST", "/cancellation") == [{"code": answers.GUEST_CODE}]


async def test_what_was_given_back_cannot_be_confirmed(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.answers["POST /guest-bookings/link"] = answers.guest_booking(state="given_back", people=[])
    text = (await portal.get(LINK)).text
    assert "These places are no longer kept" in text
    assert "/confirmation" not in text


async def test_a_form_of_another_site_is_refused(portal: Portal, neighbours: Neighbours) -> None:
    answer = await portal.client.post(GUEST, data=ADA, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert neighbours.bodies("POST", "/guest-bookings") == []


async def test_a_full_session_leads_to_the_waiting_list(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.answers[f"GET /sessions/{answers.SESSION}"] = answers.session(places_free=0)
    assert f'href="{GUEST}"' in (await portal.get(GUEST.removesuffix("/guest"))).text
    text = (await portal.get(GUEST)).text
    assert "All places are taken." in text
    assert "Send the link" in text
    neighbours.answers["POST /guest-bookings"] = answers.guest_hold(state="asked")
    answer = await portal.post(GUEST, **ADA)
    assert answer.headers["location"] == f"{GUEST}/sent?until=2090-11-20T12:00:00Z&waits"
    assert neighbours.bodies("POST", "/guest-bookings")[0]["accepts_waiting"] is True
    assert "leads to the waiting list" in (await portal.get(answer.headers["location"])).text


async def test_the_link_of_who_asked_to_wait_joins_the_list(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.answers["POST /guest-bookings/link"] = answers.guest_booking(state="asked")
    text = (await portal.get(LINK)).text
    assert "Join the waiting list" in text
    assert "Confirm for" not in text
    assert (await portal.post(f"{LINK}/confirmation")).headers["location"] == f"{LINK}?new"
    neighbours.answers["POST /guest-bookings/link"] = answers.guest_booking(state="confirmed", booking_state="waiting")
    text = (await portal.get(f"{LINK}?new")).text
    assert "You are on the waiting list." in text
    assert "Leave the waiting list" in text


@pytest.mark.parametrize(("act", "location"), [("offer-acceptance", f"{LINK}?new"), ("offer-refusal", LINK)])
async def test_an_offer_is_taken_or_left_by_the_link(
    portal: Portal, neighbours: Neighbours, act: str, location: str
) -> None:
    offered = {"state": "confirmed", "booking_state": "offered"}
    neighbours.answers["POST /guest-bookings/link"] = answers.guest_booking(
        **offered, offer_expires_at="2090-11-21T12:00:00Z"
    )
    text = (await portal.get(LINK)).text
    assert "A place is set aside for you until" in text
    assert f'action="{LINK}/{act}"' in text
    assert (await portal.post(f"{LINK}/{act}")).headers["location"] == location
    assert neighbours.bodies("POST", f"/{act}") == [{"code": answers.GUEST_CODE}]


async def test_a_late_answer_to_an_offer_is_told(portal: Portal, neighbours: Neighbours) -> None:
    offered = answers.guest_booking(state="confirmed", booking_state="offered", offer_expires_at="2020-11-21T12:00:00Z")
    neighbours.answers["POST /guest-bookings/link"] = offered
    text = (await portal.get(LINK)).text
    assert "The offer was not answered in time" in text
    assert "/offer-acceptance" not in text
    neighbours.answers["POST /guest-bookings/offer-acceptance"] = lambda _request: problem(409, "offer-expired")
    answer = await portal.post(f"{LINK}/offer-acceptance")
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
