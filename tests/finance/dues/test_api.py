"""What somebody owes an organiser, and under which reference it is paid."""

from __future__ import annotations

from stdnum.be import ogm_vcs

from common.ids import new_id
from contracts.partners import Role
from tests.finance.events import Order, Workshop

DUES = "/api/finance/v1/dues"


async def test_a_household_pays_one_organiser_always_under_the_same_reference(service_world, happen):
    organiser, household = await service_world.organisation(), new_id()
    workshop = Workshop(organiser)
    first = Order.of(workshop, "household", household, organiser, 1000)
    await happen(first.confirmed())
    parent = await service_world.parent(organiser, household, *first.participants)
    (before,) = (await parent.get(DUES)).json()["items"]
    assert before["amounts"] == {"EUR": 1000}
    assert ogm_vcs.is_valid(before["reference"])
    second = Order.of(workshop, "household", household, organiser, 700)
    await happen(second.confirmed(), first.cancelled({0: 1000}))
    (after,) = (await parent.get(DUES, params={"payer_id": str(household)})).json()["items"]
    assert after == {**before, "amounts": {"EUR": 700}}


async def test_two_payers_and_two_organisers_have_references_of_their_own(service_world, happen):
    organiser, other = await service_world.organisation(), await service_world.organisation()
    household, neighbour = new_id(), new_id()
    orders = [
        Order.of(Workshop(owner), "household", payer, organiser, 500)
        for owner, payer in ((organiser, household), (organiser, neighbour), (other, household))
    ]
    await happen(*(order.confirmed() for order in orders))
    treasurer = await service_world.member(organiser, Role.treasurer)
    owed = (await treasurer.get(DUES, params={"organisation_id": str(organiser)})).json()["items"]
    own = (await (await service_world.parent(organiser, household)).get(DUES)).json()["items"]
    assert {due["payer_id"] for due in owed} == {str(household), str(neighbour)}
    assert {due["organisation_id"] for due in own} == {str(organiser), str(other)}
    assert len({due["reference"] for due in (*owed, *own)}) == 3


async def test_nobody_else_sees_a_due(service_world, happen):
    organiser, other = await service_world.organisation(), await service_world.organisation()
    await happen(Order.of(Workshop(organiser), "household", new_id(), organiser, 500).confirmed())
    for person in (
        await service_world.member(other, Role.director),
        await service_world.member(organiser, Role.animator),
        await service_world.parent(organiser, new_id()),
    ):
        assert (await person.get(DUES)).json()["items"] == []
    assert (await service_world.nobody().get(DUES)).status_code == 401


async def test_dues_come_in_pages(service_world, happen):
    organiser = await service_world.organisation()
    workshop = Workshop(organiser)
    await happen(*(Order.of(workshop, "household", new_id(), organiser, 500).confirmed() for _ in range(3)))
    treasurer = await service_world.member(organiser, Role.treasurer)
    first = (await treasurer.get(DUES, params={"limit": 2})).json()
    rest = (await treasurer.get(DUES, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
