"""The calendar of a resource at its secret address: read without signing in, gone when it is replaced or withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from contracts.partners import Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.partners.conftest import Founded
from tests.partners.lending import second_association
from tests.partners.resources.conftest import BASE, made, new_reservation, new_resource


async def test_who_has_the_address_reads_the_calendar_until_it_is_withdrawn(
    service_world: World, databases: ServiceDatabases, ours: Founded
) -> None:
    owner = await service_world.member(ours.association_id, Role.coordinator)
    neighbour = await service_world.member(await second_association(databases, ours), Role.director)
    hall = await made(owner, "/resources", new_resource(ours.association_id, pooled=True))
    other = await made(owner, "/resources", new_resource(ours.association_id, name="Atelier"))
    soon = datetime.now(UTC) + timedelta(days=3)
    times = {"starts_at": soon.isoformat(), "ends_at": (soon + timedelta(hours=2)).isoformat()}
    kept = await made(owner, "/reservations", {**new_reservation(ours.association_id, hall["id"]), **times})
    await made(owner, "/reservations", new_reservation(ours.association_id, hall["id"], day=2_000))
    await made(owner, "/reservations", {**new_reservation(ours.association_id, other["id"]), **times})

    address = f"{BASE}/resources/{hall['id']}/calendar-address"
    assert (await owner.get(address)).json() == {"resource_id": hall["id"], "made_at": None}
    assert (await neighbour.change("PUT", address)).status_code == 403
    first = (await owner.change("PUT", address)).json()["secret"]
    assert (await owner.get(address)).json()["made_at"] is not None
    nobody = service_world.nobody()
    told = (await nobody.get(f"{BASE}/resource-calendars/{first}")).json()
    assert (told["name"], [one["id"] for one in told["reservations"]]) == ("Grande salle", [kept["id"]])

    second = (await owner.change("PUT", address)).json()["secret"]
    assert first != second
    assert (await nobody.get(f"{BASE}/resource-calendars/{first}")).status_code == 404, "replaced"
    assert (await nobody.get(f"{BASE}/resource-calendars/{second}")).status_code == 200
    assert (await neighbour.change("DELETE", address)).status_code == 403
    assert [(await owner.change("DELETE", address)).status_code for _ in range(2)] == [204, 204]
    assert (await nobody.get(f"{BASE}/resource-calendars/{second}")).status_code == 404, "withdrawn"
    assert (await nobody.get(f"{BASE}/resource-calendars/too-short")).status_code in (404, 422)
