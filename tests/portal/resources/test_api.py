"""Rooms and equipment: requests to answer, reservations to make."""

from __future__ import annotations

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PATH = "/manage/tremplin/resources"
FORM = {
    "resource": answers.HALL, "title": "Montage", "on": "2090-11-22", "starts": "10:00", "ends": "12:00",
    "key": "a-key-of-the-page",
}  # fmt: skip


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    asked = answers.reservation(state="asked", reserved_by_organisation_id=answers.HOME)
    neighbours.answers["GET /reservations"] = answers.page(asked)
    return portal.sign_in()


async def test_a_request_is_answered(portal: Portal, neighbours: Neighbours, coordinator: BrowserSession) -> None:
    assert "One request waits for your answer" in (await portal.get(PATH)).text
    here = f"{PATH}/reservations/{answers.BOOKING}/answer"
    neighbours.answers[f"POST /reservations/{answers.BOOKING}/approval"] = {}
    assert (await portal.post(here, coordinator, answer="yes")).status_code == 303
    neighbours.answers[f"POST /reservations/{answers.BOOKING}/refusal"] = {}
    assert (await portal.post(here, coordinator, answer="no", reason="Travaux")).status_code == 303
    assert neighbours.bodies("POST", "/refusal") == [{"reason": "Travaux"}]


async def test_a_room_is_reserved_on_its_clock(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers["POST /reservations"] = answers.reservation()
    assert (await portal.post(f"{PATH}/reservations", coordinator, **FORM)).status_code == 303
    (sent,) = neighbours.bodies("POST", "/reservations")
    assert (sent["starts_at"], sent["quantity"]) == ("2090-11-22T10:00:00+01:00", 1)


async def test_a_room_that_is_taken_is_told(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    problem = {"type": "/problems/not-free", "title": "Taken", "status": 409, "detail": "Taken from 10:00."}
    neighbours.answers["POST /reservations"] = lambda _: httpx.Response(409, json=problem)
    answer = await portal.post(f"{PATH}/reservations", coordinator, **FORM)
    assert (answer.status_code, "Taken from 10:00." in answer.text) == (409, True)
    assert 'value="Montage"' in answer.text


CLOSING = {
    "closed": answers.HALL, "reason": "Inondation", "from_on": "2090-11-22", "from_time": "08:00",
    "until_on": "2090-11-24", "until_time": "20:00", "key": "a-key-of-the-page",
}  # fmt: skip


async def test_a_room_that_floods_is_closed_for_a_time(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers["GET /resources"] = answers.page(answers.resource())
    assert "Close it now" in (await portal.get(PATH)).text
    neighbours.answers[f"POST /resources/{answers.HALL}/sudden-closures"] = {}
    assert (await portal.post(f"{PATH}/closures", coordinator, **CLOSING)).status_code == 303
    (sent,) = neighbours.bodies("POST", "/sudden-closures")
    assert sent == {
        "starts_at": "2090-11-22T08:00:00+01:00", "ends_at": "2090-11-24T20:00:00+01:00", "reason": "Inondation",
    }  # fmt: skip


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"from_time": "soon"}, {"closed": "the hall"}])
async def test_a_closure_that_makes_no_sense_closes_nothing(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession, wrong: dict[str, str]
) -> None:
    neighbours.answers["GET /resources"] = answers.page(answers.resource())
    answer = await portal.post(f"{PATH}/closures", coordinator, **{**CLOSING, **wrong})
    assert (answer.status_code, 'value="2090-11-24"' in answer.text) == (422, True)
    assert neighbours.bodies("POST", "/sudden-closures") == []


async def test_a_reservation_cites_an_agreement_in_force(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers["GET /agreements"] = answers.page(
        answers.agreement(state="signed"),
        answers.agreement(state="signed", title="Finie", ends_on="2020-01-01", id=answers.BUDGET),
    )
    text = (await portal.get(PATH)).text
    assert ("Cirque entre générations" in text, "Finie" in text) == (True, False)
    assert "state=signed" in next(str(one.url) for one in neighbours.asked if one.url.path.endswith("/agreements"))
    neighbours.answers["POST /reservations"] = answers.reservation()
    form = {**FORM, "agreement": answers.PROGRAMME}
    assert (await portal.post(f"{PATH}/reservations", coordinator, **form)).status_code == 303
    (sent,) = neighbours.bodies("POST", "/reservations")
    assert sent["agreement_id"] == answers.PROGRAMME
