"""The money of a federation's associations: its office reads sums, nobody else reads any."""

from __future__ import annotations

from uuid import UUID

from common.ids import new_id
from contracts.partners import OrganisationKind, Role
from tests.factories.accounts import World

BASE = "/api/finance/v1"
PATH = f"{BASE}/evaluation/associations"


def question(federation: UUID, year: int = 2026) -> dict[str, str]:
    return {"federation_id": str(federation), "year": str(year)}


async def planned(world: World, federation: UUID, *amounts_minor: int) -> UUID:
    """An association of the federation with a budget of each planned income, half of it planned as expense."""
    organisation_id = await world.organisation()
    await world.organisation(organisation_id=organisation_id, version=2, federation_ids=(federation,), name="Member")
    treasurer = await world.member(organisation_id, Role.treasurer)
    for amount_minor in amounts_minor:
        lines = [
            {"kind": "income", "label": "Participations", "planned_minor": amount_minor},
            {"kind": "expense", "label": "Animation", "planned_minor": amount_minor // 2},
        ]
        plan = {"organisation_id": str(organisation_id), "activity_id": str(new_id()), "activity_title": "Cirque",
                "year": 2026, "currency": "EUR", "lines": lines}  # fmt: skip
        made = await treasurer.post(f"{BASE}/budgets", plan)
        assert made.status_code == 201
    spending = {"amount_minor": 150, "label": "Balles", "spent_on": "2026-10-01"}
    assert (await treasurer.post(f"{BASE}/budgets/{made.json()['id']}/spendings", spending)).status_code == 201
    return organisation_id


async def test_the_office_reads_sums_of_its_associations_only(service_world: World) -> None:
    federation, other = [await service_world.organisation(OrganisationKind.federation) for _ in range(2)]
    office = await service_world.member(federation, Role.federation_admin)
    ours = await planned(service_world, federation, 1_000, 600)
    await planned(service_world, other, 5_000)
    (figures,) = (await office.get(PATH, params=question(federation))).json()
    assert figures == {
        "organisation_id": str(ours), "currency": "EUR", "planned_income_minor": 1_600, "promised_minor": 0,
        "earned_minor": 0, "planned_expense_minor": 800, "spent_minor": 150,
    }  # fmt: skip
    assert (await office.get(PATH, params=question(federation, 2027))).json() == []


async def test_nobody_else_reads_them(service_world: World) -> None:
    federation, elsewhere = [await service_world.organisation(OrganisationKind.federation) for _ in range(2)]
    own = await planned(service_world, federation, 1_000)
    for person in (
        await service_world.member(own, Role.director),
        await service_world.member(own, Role.treasurer),
        await service_world.member(federation, Role.operator),
        await service_world.member(elsewhere, Role.federation_admin),
        service_world.stranger(),
    ):
        assert (await person.get(PATH, params=question(federation))).status_code == 403
    assert (await service_world.nobody().get(PATH, params=question(federation))).status_code == 401
