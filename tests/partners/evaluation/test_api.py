"""What a federation's associations lend each other: its office reads sums, nobody else reads any."""

from __future__ import annotations

from uuid import UUID

from contracts.partners import Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import Person, World
from tests.partners.conftest import Founded
from tests.partners.lending import second_association
from tests.partners.resources.conftest import made, new_reservation, new_resource

PATH = "/api/partners/v1/evaluation/lending"


def question(federation: UUID, until: str = "2099-01-01T00:00:00Z") -> dict[str, str]:
    return {"federation_id": str(federation), "starts_from": "2026-01-01T00:00:00Z", "starts_before": until}


async def lend(world: World, databases: ServiceDatabases, founded: Founded) -> tuple[Person, UUID]:
    """A hall that is reserved twice by another association of the federation, and once by its own."""
    owner = await world.member(founded.association_id, Role.coordinator)
    lodger_id = await second_association(databases, founded)
    await world.organisation(organisation_id=lodger_id, version=2, federation_ids=(founded.federation_id,))
    lodger = await world.member(lodger_id, Role.coordinator)
    hall = await made(owner, "/resources", new_resource(founded.association_id, pooled=True))
    for by, organisation_id, day in (
        (lodger, lodger_id, 0),
        (lodger, lodger_id, 1),
        (owner, founded.association_id, 2),
    ):
        await made(by, "/reservations", new_reservation(organisation_id, hall["id"], day))
    given_back = await made(lodger, "/reservations", new_reservation(lodger_id, hall["id"], 3))
    assert (await lodger.post(f"/api/partners/v1/reservations/{given_back['id']}/release", {})).status_code == 200
    return owner, lodger_id


async def test_the_office_reads_what_was_lent_between_its_associations(
    service_world: World, databases: ServiceDatabases, ours: Founded, theirs: Founded
) -> None:
    _owner, lodger_id = await lend(service_world, databases, ours)
    await lend(service_world, databases, theirs)
    office = await service_world.member(ours.federation_id, Role.federation_admin)
    assert (await office.get(PATH, params=question(ours.federation_id))).json() == [
        {
            "owner_id": str(ours.association_id), "lodger_id": str(lodger_id), "reservations": 2, "minutes": 240,
            "price_minor": 6_000, "currency": "EUR",
        }
    ]  # fmt: skip
    past = question(ours.federation_id, until="2027-01-01T00:00:00Z")
    assert (await office.get(PATH, params=past)).json() == []


async def test_nobody_else_reads_it(
    service_world: World, databases: ServiceDatabases, ours: Founded, theirs: Founded
) -> None:
    owner, lodger_id = await lend(service_world, databases, ours)
    for person in (
        owner,
        await service_world.member(lodger_id, Role.director),
        await service_world.member(ours.federation_id, Role.operator),
        await service_world.member(theirs.federation_id, Role.federation_admin),
        service_world.stranger(),
    ):
        assert (await person.get(PATH, params=question(ours.federation_id))).status_code == 403
    assert (await service_world.nobody().get(PATH, params=question(ours.federation_id))).status_code == 401
