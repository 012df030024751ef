"""How well a federation's associations are supervised: its office reads counts, nobody else reads any."""

from __future__ import annotations

from uuid import UUID

from contracts.partners import OrganisationKind, Role
from tests.factories.accounts import World
from tests.staffing.conftest import Plan

PATH = "/api/staffing/v1/evaluation/associations"


def question(federation: UUID) -> dict[str, str]:
    days = {"starts_from": "2026-01-01T00:00:00Z", "starts_before": "2099-01-01T00:00:00Z"}
    return {"federation_id": str(federation), **days}


async def member_of(world: World, federation: UUID) -> UUID:
    organisation_id = await world.organisation()
    await world.organisation(organisation_id=organisation_id, version=2, federation_ids=(federation,), name="Member")
    return organisation_id


async def test_the_office_reads_counts_of_its_associations_only(service_world: World, plan: Plan) -> None:
    federation, other = [await service_world.organisation(OrganisationKind.federation) for _ in range(2)]
    office = await service_world.member(federation, Role.federation_admin)
    ours, theirs = await member_of(service_world, federation), await member_of(service_world, other)
    for organisation_id, age in ((ours, 9), (ours, 9), (ours, 40), (theirs, 9)):
        await plan(organisation_id, age)
    (figures,) = (await office.get(PATH, params=question(federation))).json()
    assert figures == {"organisation_id": str(ours), "supervised": 2, "short": 2}


async def test_another_period_counts_nothing(service_world: World, plan: Plan) -> None:
    federation = await service_world.organisation(OrganisationKind.federation)
    office = await service_world.member(federation, Role.federation_admin)
    await plan(await member_of(service_world, federation), 9)
    past = {**question(federation), "starts_before": "2026-02-01T00:00:00Z"}
    assert (await office.get(PATH, params=past)).json() == []


async def test_nobody_else_reads_them(service_world: World) -> None:
    federation, elsewhere = [await service_world.organisation(OrganisationKind.federation) for _ in range(2)]
    own = await member_of(service_world, federation)
    for person in (
        await service_world.member(own, Role.director),
        await service_world.member(federation, Role.operator),
        await service_world.member(elsewhere, Role.federation_admin),
        service_world.stranger(),
    ):
        assert (await person.get(PATH, params=question(federation))).status_code == 403
    assert (await service_world.nobody().get(PATH, params=question(federation))).status_code == 401
