"""A room is entered, changed, proved safe, closed, shown in other calendars, and taken out of service."""

from __future__ import annotations

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PATH = "/manage/tremplin/resources"
HERE = f"{PATH}/{answers.HALL}"
FORM = {
    "kind": "room", "name": "Atelier bois", "quantity": "1", "capacity": "12", "hours-0": "8:30-12:00, 13:30-18:00",
    "price": "12,50", "pooled": "on", "approval": "owner", "accessibility": "lift, wheelchair", "quota_hours": "",
    "set_up_minutes": "15", "clean_up_minutes": "", "key": "a-key-of-the-page",
}  # fmt: skip


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


def refused(slug: str, status: int = 409) -> httpx.Response:
    """A problem of a service."""
    return httpx.Response(status, json={"type": f"/problems/{slug}", "title": "No", "status": status, "detail": "No."})


async def test_a_room_is_entered_as_it_is_written(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers["POST /resources"] = answers.resource()
    answer = await portal.post(PATH, coordinator, **FORM)
    assert answer.headers["location"] == HERE
    (sent,) = neighbours.bodies("POST", "/resources")
    assert (sent["price_per_hour_minor"], sent["pooled"], sent["clean_up_minutes"]) == (1_250, True, 0)
    assert sent["accessibility"] == ["lift", "wheelchair"]
    assert [(one["opens"], one["closes"]) for one in sent["opening_hours"]] == [("08:30", "12:00"), ("13:30", "18:00")]


async def test_what_is_unclear_is_said_beside_its_field_and_nothing_is_sent(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    answer = await portal.post(PATH, coordinator, **{**FORM, "hours-0": "morning", "quota_hours": "8", "name": ""})
    assert answer.status_code == 422
    for text in ("Enter hours such as", "Give the hours and the period", "Fill this in."):
        assert text in answer.text
    assert 'value="morning"' in answer.text
    assert neighbours.bodies("POST", "/resources") == []


async def test_a_room_is_changed_at_the_version_that_was_read(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    assert 'value="08:30-12:00"' in (await portal.get(f"{HERE}/edit")).text
    neighbours.answers[f"PATCH /resources/{answers.HALL}"] = answers.resource(version=2)
    answer = await portal.post(f"{HERE}/edit", coordinator, **FORM, version="1")
    assert answer.headers["location"] == HERE
    (sent,) = [one for one in neighbours.asked if one.method == "PATCH"]
    assert sent.headers["If-Match"] == '"1"'
    neighbours.answers[f"PATCH /resources/{answers.HALL}"] = lambda _: refused("stock-too-small")
    answer = await portal.post(f"{HERE}/edit", coordinator, **FORM, version="1")
    assert (answer.status_code, "More pieces are reserved" in answer.text) == (409, True)


async def test_an_expired_inspection_is_seen_and_a_new_one_recorded(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    assert "It is not lent until a new paper is here." in (await portal.get(HERE)).text
    paper = {"kind": "fire_inspection", "issuer": "SIAMU", "issued_on": "2026-01-05", "key": "k"}
    wrong = await portal.post(f"{HERE}/papers", coordinator, **paper, expires_on="2025-01-05")
    assert (wrong.status_code, "The last day lies before the first." in wrong.text) == (422, True)
    neighbours.answers[f"POST /resources/{answers.HALL}/papers"] = answers.resource_paper()
    assert (await portal.post(f"{HERE}/papers", coordinator, **paper, expires_on="2027-01-05")).status_code == 303


async def test_a_room_is_closed_on_its_own_clock_and_opened_again(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    closing = {
        "closure": "maintenance", "reason": "Peinture", "starts_on": "2090-12-01", "starts_at": "08:00",
        "ends_on": "2090-12-02", "ends_at": "18:00", "key": "k",
    }  # fmt: skip
    neighbours.answers[f"POST /resources/{answers.HALL}/closures"] = answers.resource_closure()
    assert (await portal.post(f"{HERE}/closures", coordinator, **closing)).status_code == 303
    (sent,) = neighbours.bodies("POST", "/closures")
    assert (sent["starts_at"], sent["kind"]) == ("2090-12-01T08:00:00+01:00", "maintenance")
    neighbours.answers[f"POST /resources/{answers.HALL}/closures"] = lambda _: refused("still-reserved")
    taken = await portal.post(f"{HERE}/closures", coordinator, **closing)
    assert (taken.status_code, "give that back or take another time" in taken.text) == (409, True)
    neighbours.answers[f"DELETE /closures/{answers.BOOKING}"] = {}
    assert (await portal.post(f"{HERE}/closures/{answers.BOOKING}/reopening", coordinator)).status_code == 303


async def test_a_calendar_address_is_shown_once_and_withdrawn(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"PUT /resources/{answers.HALL}/calendar-address"] = {"secret": "a-secret-of-a-calendar"}
    text = (await portal.post(f"{HERE}/calendar-address", coordinator, act="make")).text
    assert "/calendars/resources/a-secret-of-a-calendar.ics" in text
    assert "a-secret-of-a-calendar" not in (await portal.get(HERE)).text
    neighbours.answers[f"DELETE /resources/{answers.HALL}/calendar-address"] = {}
    assert (await portal.post(f"{HERE}/calendar-address", coordinator, act="withdraw")).status_code == 303


async def test_what_others_have_is_shown_without_what_is_its_owners(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"GET /resources/{answers.HALL}"] = answers.resource(organisation_id=answers.HOME)
    text = (await portal.get(HERE)).text
    assert "Grande salle" in text
    for owners in ("Peinture", "Make an address", "Take it out of service", f"{HERE}/edit"):
        assert owners not in text
    for page in ("edit", "keys", "leases", "photos"):
        assert (await portal.get(f"{HERE}/{page}")).status_code == 404


async def test_it_is_taken_out_of_service_once_nobody_has_it(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"POST /resources/{answers.HALL}/end"] = lambda _: refused("still-reserved")
    assert (await portal.post(f"{HERE}/end", coordinator)).status_code == 409
    neighbours.answers[f"POST /resources/{answers.HALL}/end"] = answers.resource()
    assert (await portal.post(f"{HERE}/end", coordinator)).headers["location"] == PATH
