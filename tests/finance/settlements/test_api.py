from __future__ import annotations

from contracts.partners import Role
from tests.finance.events import Order, Workshop

SETTLEMENTS = "/api/finance/v1/settlements"


async def test_both_sides_see_the_same_and_others_nothing(service_world, happen):
    organiser, home, other = [await service_world.organisation() for _ in range(3)]
    workshop = Workshop(organiser, ((home, 4000),))
    order = Order.of(workshop, "organisation", home, home, 1000, 500)
    await happen(order.confirmed(), order.cancelled({1: 500}, held=(0,)))
    people = [await service_world.member(one, Role.treasurer) for one in (organiser, home)]
    answers = [(await person.get(SETTLEMENTS, params={"quarter": "2026Q4"})).json() for person in people]
    assert answers[0] == answers[1]
    (pair,) = answers[0]
    owed = {pair["first_id"]: pair["first_owes_minor"], pair["second_id"]: pair["second_owes_minor"]}
    assert owed == {str(home): 1000, str(organiser): 400}
    assert abs(pair["net_minor"]) == 600
    asked = {"quarter": "2026Q4", "debtor_id": str(home), "creditor_id": str(organiser)}
    lines = [(await person.get(f"{SETTLEMENTS}/lines", params=asked)).json()["items"] for person in people]
    assert lines[0] == lines[1]
    assert sorted(line["amount_minor"] for line in lines[0]) == [-500, 500, 1000]
    assert {line["booking_id"] for line in lines[0]} == {str(order.booking_id)}
    outsiders = [
        await service_world.member(other, Role.treasurer),
        await service_world.member(home, Role.animator),
        service_world.stranger(),
    ]
    for person in outsiders:
        assert (await person.get(SETTLEMENTS)).json() == []
        assert (await person.get(f"{SETTLEMENTS}/lines", params=asked)).json()["items"] == []
    assert (await service_world.nobody().get(SETTLEMENTS)).status_code == 401


async def test_another_quarter_is_empty_and_nonsense_is_refused(service_world, happen):
    organiser, home = [await service_world.organisation() for _ in range(2)]
    await happen(Order.of(Workshop(organiser), "organisation", home, home, 1000).confirmed())
    treasurer = await service_world.member(organiser, Role.treasurer)
    assert (await treasurer.get(SETTLEMENTS, params={"quarter": "2026Q3"})).json() == []
    assert (await treasurer.get(SETTLEMENTS, params={"quarter": "2026Q5"})).status_code == 422
    one = await treasurer.get(f"{SETTLEMENTS}/lines", params={"limit": 1})
    assert one.json()["next_cursor"] is None
