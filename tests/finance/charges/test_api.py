from __future__ import annotations

import pytest

from common.ids import new_id
from contracts.partners import Role
from tests.finance.events import Order, Workshop

CHARGES = "/api/finance/v1/charges"
RULES = "/api/finance/v1/share-rules"


def rule(organisation_id, **changes):
    return {"organisation_id": str(organisation_id), "borne_percent": 40, "valid_from": "2026-01-01", **changes}


async def test_creditor_debtor_and_household_each_see_their_own(service_world, happen):
    organiser, home, other = [await service_world.organisation() for _ in range(3)]
    treasurer = await service_world.member(home, Role.treasurer)
    assert (await treasurer.post(RULES, rule(home))).status_code == 201
    household = new_id()
    order = Order.of(Workshop(organiser), "household", household, home, 1000)
    await happen(order.confirmed())
    asked = {"booking_id": str(order.booking_id)}

    async def seen_by(person):
        answer = await person.get(CHARGES, params=asked)
        return sorted(charge["amount_minor"] for charge in answer.json()["items"])

    assert await seen_by(await service_world.member(organiser, Role.coordinator)) == [400, 600]
    assert await seen_by(treasurer) == [400]
    parent = await service_world.parent(home, household, *order.participants)
    assert await seen_by(parent) == [600]
    for person in (
        await service_world.member(other, Role.director),
        await service_world.member(organiser, Role.animator),
        await service_world.parent(home, new_id()),
        service_world.stranger(),
    ):
        assert await seen_by(person) == []
    (charge,) = (await parent.get(CHARGES)).json()["items"]
    assert (await parent.get(f"{CHARGES}/{charge['id']}")).json() == charge
    assert (await treasurer.get(f"{CHARGES}/{charge['id']}")).status_code == 404
    assert (await service_world.nobody().get(CHARGES)).status_code == 401


async def test_charges_are_filtered_by_session_and_state(service_world, happen):
    organiser = await service_world.organisation()
    workshop = Workshop(organiser)
    order = Order.of(workshop, "household", new_id(), organiser, 1000, 700)
    await happen(order.confirmed(), order.cancelled({0: 1000}, held=(1,)))
    treasurer = await service_world.member(organiser, Role.treasurer)
    for state, amounts in (("open", [700]), ("reversed", [0]), ("reduced", [])):
        asked = {"session_id": str(workshop.session_id), "state": state, "organisation_id": str(organiser)}
        answer = await treasurer.get(CHARGES, params=asked)
        assert [charge["amount_minor"] for charge in answer.json()["items"]] == amounts
    assert (await treasurer.get(CHARGES, params={"session_id": str(new_id())})).json()["items"] == []
    asked = {"payer_id": str(order.payer_id), "state": "open"}
    assert len((await treasurer.get(CHARGES, params=asked)).json()["items"]) == 1
    assert (await treasurer.get(CHARGES, params={"payer_id": str(new_id())})).json()["items"] == []
    page = (await treasurer.get(CHARGES, params={"limit": 1})).json()
    rest = (await treasurer.get(CHARGES, params={"limit": 1, "cursor": page["next_cursor"]})).json()
    assert rest["next_cursor"] is None
    assert page["items"] != rest["items"]


async def test_share_rules_are_dated_and_do_not_overlap(service_world):
    home = await service_world.organisation()
    treasurer = await service_world.member(home, Role.treasurer)
    first = (await treasurer.post(RULES, rule(home, valid_to="2026-06-30"))).json()
    overlapping = await treasurer.post(RULES, rule(home, valid_from="2026-06-30"))
    assert overlapping.json()["type"] == "/problems/share-rules-overlap"
    second = await treasurer.post(RULES, rule(home, valid_from="2026-07-01"))
    assert second.status_code == 201
    longer = {"borne_percent": 40, "valid_from": "2026-01-01", "valid_to": "2026-07-01"}
    path = f"{RULES}/{first['id']}"
    assert (await treasurer.change("PUT", path, longer, version=1)).status_code == 409
    shorter = {**longer, "valid_to": "2026-05-31", "borne_percent": 50}
    changed = await treasurer.change("PUT", path, shorter, version=1)
    assert (changed.json()["borne_percent"], changed.headers["etag"]) == (50, '"2"')
    assert (await treasurer.change("PUT", path, shorter, version=1)).status_code == 412
    assert (await treasurer.change("PUT", path, shorter)).status_code == 428
    assert (await treasurer.change("DELETE", path, version=2)).status_code == 204
    assert len((await treasurer.get(RULES)).json()["items"]) == 1


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"valid_to": "2025-12-31"}, "period-is-empty"),
        ({"borne_percent": 101}, "invalid-request"),
        ({"borne_percent": "40"}, "invalid-request"),
        ({"valid_from": "yesterday"}, "invalid-request"),
    ],
)
async def test_a_rule_that_makes_no_sense_is_refused(service_world, change, slug):
    home = await service_world.organisation()
    treasurer = await service_world.member(home, Role.treasurer)
    answer = await treasurer.post(RULES, rule(home, **change))
    assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{slug}")


async def test_others_see_and_change_no_rule(service_world):
    home, other = await service_world.organisation(), await service_world.organisation()
    treasurer = await service_world.member(home, Role.treasurer)
    made = (await treasurer.post(RULES, rule(home))).json()
    terms = {"borne_percent": 0, "valid_from": "2026-01-01"}
    for person in (await service_world.member(other, Role.director), await service_world.member(home, Role.animator)):
        assert (await person.get(RULES)).json()["items"] == []
        assert (await person.change("PUT", f"{RULES}/{made['id']}", terms, version=1)).status_code == 404
        assert (await person.change("DELETE", f"{RULES}/{made['id']}", version=1)).status_code == 404
        assert (await person.post(RULES, rule(home))).status_code == 403
