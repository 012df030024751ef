from __future__ import annotations

import pytest

from common.ids import new_id
from contracts.partners import Role
from tests.finance.events import Order, Workshop

BUDGETS = "/api/finance/v1/budgets"


def request(organisation_id, **changes):
    lines = [{"kind": "income", "label": "Participations", "planned_minor": 1000}]
    told = {"organisation_id": str(organisation_id), "activity_id": str(new_id()), "activity_title": "Cirque"}
    return {**told, "year": 2026, "currency": "EUR", "lines": lines, **changes}


async def test_a_budget_is_planned_read_and_changed(service_world, happen):
    organisation_id = await service_world.organisation()
    treasurer = await service_world.member(organisation_id, Role.treasurer)
    workshop = Workshop(organisation_id)
    await happen(Order.of(workshop, "household", new_id(), organisation_id, 400).confirmed())
    made = await treasurer.post(BUDGETS, request(organisation_id, activity_id=str(workshop.activity_id)))
    assert made.status_code == 201
    assert made.json()["income"] == {"planned_minor": 1000, "reached_minor": 400, "percent": 40}
    read = await treasurer.get(f"{BUDGETS}/{made.json()['id']}")
    version = int(read.headers["etag"].strip('"'))
    change = {"lines": [{"kind": "income", "label": "Moins", "planned_minor": 800}]}
    changed = await treasurer.change("PATCH", f"{BUDGETS}/{made.json()['id']}", change, version=version)
    assert changed.json()["income"]["percent"] == 50
    stale = await treasurer.change("PATCH", f"{BUDGETS}/{made.json()['id']}", change, version=version)
    assert stale.status_code == 412
    listed = await treasurer.get(BUDGETS, params={"year": 2026, "organisation_id": str(organisation_id)})
    assert [budget["id"] for budget in listed.json()["items"]] == [made.json()["id"]]


async def test_the_same_activity_is_planned_once_a_year(service_world):
    organisation_id = await service_world.organisation()
    director = await service_world.member(organisation_id, Role.director)
    body = request(organisation_id)
    first = await director.post(BUDGETS, body, key="plan-of-2026")
    assert (await director.post(BUDGETS, body, key="plan-of-2026")).json() == first.json()
    assert (await director.post(BUDGETS, body)).json()["type"] == "/problems/budget-exists"


async def test_a_spending_is_recorded_and_taken_back(service_world):
    organisation_id = await service_world.organisation()
    treasurer = await service_world.member(organisation_id, Role.treasurer)
    budget = (await treasurer.post(BUDGETS, request(organisation_id))).json()
    spendings = f"{BUDGETS}/{budget['id']}/spendings"
    spent = await treasurer.post(spendings, {"amount_minor": 250, "label": "Balles", "spent_on": "2026-10-01"})
    assert spent.status_code == 201
    again = f"/api/finance/v1/ledger/entries/{spent.json()['entry_id']}/reversal"
    by_hand = await treasurer.post(again, {"reason": "no"})
    assert by_hand.json()["type"] == "/problems/entry-is-not-manual"
    back = await treasurer.post(f"{spendings}/{spent.json()['id']}/reversal", {"reason": "Rendu"})
    assert back.json()["reversal_entry_id"] is not None
    twice = await treasurer.post(f"{spendings}/{spent.json()['id']}/reversal", {"reason": "Rendu"})
    assert twice.status_code == 409
    assert (await treasurer.get(f"{BUDGETS}/{budget['id']}")).json()["spent_minor"] == 0
    assert len((await treasurer.get(spendings)).json()["items"]) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"year": 1999},
        {"currency": "euro"},
        {"activity_title": "a\u0000b"},
        {"lines": [{"kind": "income", "label": "x", "planned_minor": -1}]},
        {"lines": [{"kind": "gift", "label": "x", "planned_minor": 1}]},
        {"surprise": 1},
    ],
)
async def test_a_plan_that_makes_no_sense_is_refused(service_world, change):
    organisation_id = await service_world.organisation()
    director = await service_world.member(organisation_id, Role.director)
    assert (await director.post(BUDGETS, request(organisation_id, **change))).status_code == 422


async def test_others_see_and_change_nothing(service_world):
    organisation_id, other_id = await service_world.organisation(), await service_world.organisation()
    director = await service_world.member(organisation_id, Role.director)
    budget = (await director.post(BUDGETS, request(organisation_id))).json()
    path, spending = f"{BUDGETS}/{budget['id']}", {"amount_minor": 1, "label": "x", "spent_on": "2026-10-01"}
    neighbour = await service_world.member(other_id, Role.director)
    animator = await service_world.member(organisation_id, Role.animator)
    for person in (neighbour, animator, service_world.stranger()):
        assert (await person.get(BUDGETS)).json()["items"] == []
        assert (await person.get(path)).status_code == 404
        assert (await person.get(f"{path}/spendings")).status_code == 404
        assert (await person.change("PATCH", path, {"lines": []}, version=1)).status_code == 404
        assert (await person.post(f"{path}/spendings", spending)).status_code == 404
        assert (await person.post(BUDGETS, request(organisation_id))).status_code == 403
    coordinator = await service_world.member(organisation_id, Role.coordinator)
    assert (await coordinator.get(path)).status_code == 200
    assert (await coordinator.change("PATCH", path, {"lines": []}, version=1)).status_code == 404
    assert (await service_world.nobody().get(path)).status_code == 401
