"""Training: planned, taken part in, and recorded once it is over."""

from __future__ import annotations

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

BASE = "/manage/tremplin/trainings"
TRAINING = f"{BASE}/{answers.PROGRAMME}"
PLAN = {
    "title": "Secourisme", "kind": "first_aid", "issuer": "Croix-Rouge", "on": "2090-06-01", "starts": "09:00",
    "ends": "17:00", "places": "12", "valid_months": "", "key": "a-key-of-a-form",
}  # fmt: skip


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


async def test_a_training_is_planned_on_the_clock_of_the_association(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers["POST /trainings"] = answers.training()
    made = await portal.post(BASE, coordinator, **PLAN)
    assert (made.status_code, made.headers["location"]) == (303, TRAINING)
    (body,) = neighbours.bodies("POST", "/trainings")
    assert (body["starts_at"], body["valid_months"]) == ("2090-06-01T09:00:00+02:00", None)
    refused = await portal.post(BASE, coordinator, **{**PLAN, "ends": "08:00"})
    assert (refused.status_code, "It must end after it starts." in refused.text) == (422, True)


async def test_somebody_takes_part_and_gives_the_place_back(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    trainee = f"/trainings/{answers.PROGRAMME}/trainees/{answers.YANIS}"
    for method in ("PUT", "DELETE"):
        neighbours.answers[f"{method} {trainee}"] = lambda _: httpx.Response(204)
    for act in ("enrol", "withdraw"):
        done = await portal.post(f"{TRAINING}/trainees", coordinator, act=act, person=answers.YANIS)
        assert done.status_code == 303
    assert [one.method for one in neighbours.asked if "trainees" in one.url.path] == ["PUT", "DELETE"]


async def test_who_was_there_is_said_once_it_is_over(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    assert "Say who was there" not in (await portal.get(TRAINING)).text
    over = answers.training(starts_at="2020-06-01T07:00:00Z", ends_at="2020-06-01T15:00:00Z")
    neighbours.answers[f"GET /trainings/{answers.PROGRAMME}"] = over
    assert "Who was there?" in (await portal.get(TRAINING)).text
    neighbours.answers[f"PUT /trainings/{answers.PROGRAMME}/attendance"] = over
    said = await portal.post(f"{TRAINING}/attendance", coordinator, person=answers.YANIS, version="1")
    assert said.status_code == 303
    assert neighbours.bodies("PUT", "/attendance") == [{"person_ids": [answers.YANIS]}]


async def test_a_training_of_others_is_not_called_off(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    path = f"/trainings/{answers.PROGRAMME}/cancellation"
    neighbours.answers[f"POST {path}"] = answers.training(state="cancelled")
    assert (await portal.post(f"{TRAINING}/cancellation", coordinator, version="1")).status_code == 303
    neighbours.answers[f"GET /trainings/{answers.PROGRAMME}"] = answers.training(organisation_id=answers.HOME)
    assert (await portal.post(f"{TRAINING}/cancellation", coordinator, version="1")).status_code == 404
    assert [one.url.path for one in neighbours.asked if one.method == "POST"] == [f"/api/staffing/v1{path}"]
