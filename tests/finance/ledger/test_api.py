from __future__ import annotations

import pytest

from common.ids import new_id
from contracts.partners import Role
from tests.finance.events import Order, Workshop

LEDGER = "/api/finance/v1/ledger"


def payment(organisation_id, amount=500, **changes):
    lines = [
        {"account": "bank", "amount_minor": amount, "currency": "EUR"},
        {"account": "receivable_households", "amount_minor": -amount, "currency": "EUR"},
    ]
    told = {"organisation_id": str(organisation_id), "booked_on": "2026-10-15", "description": "Virement"}
    return {**told, "lines": lines, **changes}


def balances(answer):
    return {balance["account"]: (balance["code"], balance["amount_minor"]) for balance in answer.json()["balances"]}


async def test_a_payment_by_hand_settles_a_household_and_is_reversed_once(service_world, happen):
    organisation_id = await service_world.organisation()
    treasurer = await service_world.member(organisation_id, Role.treasurer)
    order = Order.of(Workshop(organisation_id), "household", new_id(), organisation_id, 500)
    await happen(order.confirmed())
    made = await treasurer.post(f"{LEDGER}/entries", payment(organisation_id))
    assert made.status_code == 201
    assert balances(await treasurer.get(f"{LEDGER}/balances")) == {
        "bank": ("550", 500),
        "income_participation": ("700", -500),
        "receivable_households": ("400", 0),
    }
    assert balances(await treasurer.get(f"{LEDGER}/balances", params={"as_of": "2026-10-14"})) == {}
    reversal = await treasurer.post(f"{LEDGER}/entries/{made.json()['id']}/reversal", {"reason": "Erreur"})
    assert reversal.json()["reverses_entry_id"] == made.json()["id"]
    again = await treasurer.post(f"{LEDGER}/entries/{made.json()['id']}/reversal", {"reason": "Erreur"})
    assert again.json()["type"] == "/problems/entry-is-reversed"
    of_booking = await treasurer.get(f"{LEDGER}/entries", params={"booking_id": str(order.booking_id)})
    (entry,) = of_booking.json()["items"]
    assert (await treasurer.post(f"{LEDGER}/entries/{entry['id']}/reversal", {"reason": "x"})).status_code == 409


async def test_today_is_that_of_the_book(service_world, happen):
    organisation_id = await service_world.organisation(time_zone="Pacific/Kiritimati")
    treasurer = await service_world.member(organisation_id, Role.treasurer)
    await happen(Order.of(Workshop(organisation_id), "household", new_id(), organisation_id, 500).confirmed())
    found = await treasurer.get(f"{LEDGER}/balances", params={"organisation_id": str(organisation_id)})
    assert balances(found)["receivable_households"] == ("400", 500)


async def test_entries_are_filtered_and_paged(service_world):
    organisation_id = await service_world.organisation()
    treasurer = await service_world.member(organisation_id, Role.treasurer)
    for amount in (1, 2, 3):
        await treasurer.post(f"{LEDGER}/entries", payment(organisation_id, amount))
    first = await treasurer.get(f"{LEDGER}/entries", params={"limit": 2, "account": "bank"})
    rest = await treasurer.get(f"{LEDGER}/entries", params={"cursor": first.json()["next_cursor"]})
    assert [len(first.json()["items"]), len(rest.json()["items"])] == [2, 1]
    for params in ({"account": "cash"}, {"from": "2026-10-16"}, {"to": "2026-10-14"}):
        assert (await treasurer.get(f"{LEDGER}/entries", params=params)).json()["items"] == []


async def test_the_chart_is_dated_and_sourced(service_world):
    organisation_id = await service_world.organisation(jurisdiction="FR")
    reader = await service_world.member(organisation_id, Role.coordinator)
    chart = (await reader.get(f"{LEDGER}/accounts", params={"jurisdiction": "FR"})).json()
    assert {account["account"]: account["code"] for account in chart}["receivable_households"] == "411"
    assert all(account["source"] and account["labels"]["nl"] for account in chart)
    assert (await reader.get(f"{LEDGER}/accounts", params={"on": "2019-12-31"})).json() == []


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"booked_on": "2999-01-01"}, "booked-in-the-future"),
        ({"lines": payment("x", 0)["lines"]}, "unbalanced-entry"),
        ({"lines": payment("x")["lines"][:1] * 2}, "unbalanced-entry"),
        (
            {
                "lines": [
                    {**line, "account": "payable_associations", "counterparty_id": str(new_id())}
                    for line in payment("x")["lines"]
                ]
            },
            "reserved-account",
        ),
        ({"lines": []}, "invalid-request"),
        ({"lines": [{"account": "bank", "amount_minor": 1.5, "currency": "EUR"}] * 2}, "invalid-request"),
    ],
)
async def test_an_entry_that_makes_no_sense_is_refused(service_world, change, slug):
    organisation_id = await service_world.organisation()
    treasurer = await service_world.member(organisation_id, Role.treasurer)
    answer = await treasurer.post(f"{LEDGER}/entries", payment(organisation_id, **change))
    assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{slug}")


async def test_others_see_and_book_nothing(service_world):
    organisation_id, other_id = await service_world.organisation(), await service_world.organisation()
    director = await service_world.member(organisation_id, Role.director)
    entry = (await director.post(f"{LEDGER}/entries", payment(organisation_id))).json()
    neighbour = await service_world.member(other_id, Role.director)
    animator = await service_world.member(organisation_id, Role.animator)
    for person in (neighbour, animator, service_world.stranger()):
        assert (await person.get(f"{LEDGER}/entries")).json()["items"] == []
        asked = {"organisation_id": str(organisation_id)}
        assert (await person.get(f"{LEDGER}/balances", params=asked)).json()["balances"] == []
        assert (await person.get(f"{LEDGER}/entries/{entry['id']}")).status_code == 404
        assert (await person.post(f"{LEDGER}/entries/{entry['id']}/reversal", {"reason": "x"})).status_code == 404
        assert (await person.post(f"{LEDGER}/entries", payment(organisation_id))).status_code == 403
    assert (await service_world.nobody().get(f"{LEDGER}/entries")).status_code == 401
