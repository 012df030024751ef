"""Well-being over HTTP: the week of everybody, for planners only."""

from __future__ import annotations

from contracts.partners import Role
from tests.factories.accounts import World
from tests.staffing.people.making import BASE
from tests.staffing.shifts.making import House, created, house

__all__ = ["house"]


async def test_a_week_shows_who_carries_most(house: House, service_world: World) -> None:
    noah = await house.person(kind="employee", weekly_minutes_agreed=60, display_name="Noah")
    aicha = await house.person(display_name="Aïcha")
    await created(house.assign(await house.shift(), noah))
    query = f"organisation_id={house.organisation_id}&day={house.session.starts_at.date()}"
    first, second = (await house.coordinator.get(f"{BASE}/well-being?{query}")).json()
    assert (first["person_id"], first["minutes"], first["signs"]) == (noah["id"], 120, ["overload", "no_leave"])
    assert (second["person_id"], second["minutes"], second["signs"]) == (aicha["id"], 0, [])
    for other in (
        await service_world.member(house.organisation_id, Role.animator),
        await service_world.member(await service_world.organisation(), Role.director),
    ):
        assert (await other.get(f"{BASE}/well-being?{query}")).status_code == 403
