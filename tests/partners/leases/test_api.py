"""Leases over HTTP: for the planners of the association that rents or lets, and nobody else."""

from __future__ import annotations

from contracts.partners import Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.partners.conftest import Founded
from tests.partners.lending import second_association
from tests.partners.resources.conftest import BASE, made, new_lease, new_resource


async def test_a_lease_is_written_down_and_ended(
    service_world: World, databases: ServiceDatabases, ours: Founded
) -> None:
    owner = await service_world.member(ours.association_id, Role.coordinator)
    hall = await made(owner, "/resources", new_resource(ours.association_id, pooled=True))
    lease = await made(owner, f"/resources/{hall['id']}/leases", new_lease(ends_on=None))
    assert (lease["notice_by"], lease["currency"], lease["version"]) == (None, "EUR", 1)
    path = f"{BASE}/leases/{lease['id']}"
    ended = await owner.change("PUT", path, new_lease(ends_on="2027-06-30"), version=1)
    assert (ended.status_code, ended.json()["notice_by"], ended.json()["version"]) == (200, "2027-03-30", 2)
    assert (await owner.get(f"{BASE}/resources/{hall['id']}/leases")).json() == [ended.json()]
    assert (await owner.change("PUT", path, new_lease(), version=1)).status_code == 412
    wrong = await owner.change("PUT", path, new_lease(ends_on="2020-01-01"), version=2)
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/unfit-lease")

    neighbour = await service_world.member(await second_association(databases, ours), Role.director)
    assert (await neighbour.get(f"{BASE}/resources/{hall['id']}")).status_code == 200, "it is lent to them"
    assert (await neighbour.get(f"{BASE}/resources/{hall['id']}/leases")).status_code == 403
    assert (await neighbour.change("PUT", path, new_lease(), version=2)).status_code == 404
    animator = await service_world.member(ours.association_id, Role.animator)
    assert (await animator.get(f"{BASE}/resources/{hall['id']}/leases")).status_code == 404
