"""Keys over HTTP: entered, handed over, taken back, lost; for the owner's team and nobody else."""

from __future__ import annotations

import asyncio

import pytest

from contracts.partners import Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import Person, World
from tests.partners.conftest import Founded
from tests.partners.lending import second_association
from tests.partners.resources.conftest import BASE, made, new_handover, new_resource


@pytest.fixture
async def owner(service_world: World, ours: Founded) -> Person:
    """Coordinates the association whose room it is."""
    return await service_world.member(ours.association_id, Role.coordinator)


async def test_a_key_goes_out_and_comes_back(owner: Person, ours: Founded) -> None:
    room = await made(owner, "/resources", new_resource(ours.association_id))
    key = await made(owner, f"/resources/{room['id']}/keys", {"label": "A3", "note": "Porte de la cour"})
    assert key["held_by"] is None
    twice = await owner.post(f"{BASE}/resources/{room['id']}/keys", {"label": "A3"})
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/key-label-taken")

    handovers = f"{BASE}/keys/{key['id']}/handovers"
    answers = await asyncio.gather(*(owner.post(handovers, new_handover(holder_name=name)) for name in ("A", "B")))
    assert sorted(answer.status_code for answer in answers) == [201, 409], "one key has one holder"
    given = next(answer.json() for answer in answers if answer.status_code == 201)
    (listed,) = (await owner.get(f"{BASE}/resources/{room['id']}/keys")).json()
    assert listed["held_by"] == given

    back = f"{BASE}/keys/{key['id']}/return"
    early = await owner.post(back, {"returned_on": "2026-11-01"})
    assert (early.status_code, early.json()["type"]) == (422, "/problems/unfit-days")
    assert (await owner.post(back, {"returned_on": "2026-11-20"})).json()["returned_on"] == "2026-11-20"
    assert (await owner.post(back, {"returned_on": "2026-11-20"})).json()["type"] == "/problems/key-is-here"
    assert [one["returned_on"] for one in (await owner.get(handovers)).json()] == ["2026-11-20"]


async def test_a_lost_key_is_nobodys_and_its_label_is_free_again(owner: Person, ours: Founded) -> None:
    room = await made(owner, "/resources", new_resource(ours.association_id))
    key = await made(owner, f"/resources/{room['id']}/keys", {"label": "A3"})
    await made(owner, f"/keys/{key['id']}/handovers", new_handover())
    lost = [await owner.post(f"{BASE}/keys/{key['id']}/withdrawal", {"reason": reason}) for reason in ("Lost", "Again")]
    assert [answer.json()["withdrawal_reason"] for answer in lost] == ["Lost", "Lost"]
    refused = await owner.post(f"{BASE}/keys/{key['id']}/handovers", new_handover())
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/key-withdrawn")
    await made(owner, f"/resources/{room['id']}/keys", {"label": "A3"})
    listed = (await owner.get(f"{BASE}/resources/{room['id']}/keys")).json()
    assert [(one["withdrawn_at"] is None, one["held_by"]) for one in listed] == [(True, None), (False, None)]


async def test_who_has_a_key_is_read_by_the_team_only(
    service_world: World, databases: ServiceDatabases, owner: Person, ours: Founded
) -> None:
    room = await made(owner, "/resources", new_resource(ours.association_id, pooled=True))
    key = await made(owner, f"/resources/{room['id']}/keys", {"label": "A3"})
    animator = await service_world.member(ours.association_id, Role.animator)
    neighbour = await service_world.member(await second_association(databases, ours), Role.director)
    for person, status in ((animator, 200), (neighbour, 403)):
        assert (await person.get(f"{BASE}/resources/{room['id']}/keys")).status_code == status
    assert (await animator.post(f"{BASE}/keys/{key['id']}/handovers", new_handover())).status_code in (403, 404)
    assert (await neighbour.post(f"{BASE}/keys/{key['id']}/handovers", new_handover())).status_code == 404
