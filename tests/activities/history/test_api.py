"""What was changed of a session: for the organiser's team and nobody else."""

from __future__ import annotations

from contracts.partners import Role
from tests.factories.accounts import World
from tests.factories.activities import BASE, make_organiser


async def test_the_team_reads_what_was_changed_and_whether_it_did_so_itself(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    path = f"{BASE}/sessions/{session['id']}"
    colleague = await service_world.member(organiser.organisation_id, Role.coordinator)
    changed = await colleague.change("PATCH", path, {"title": "Répétition"}, version=1)
    assert changed.status_code == 200
    newest, oldest = (await organiser.director.get(f"{path}/history")).json()
    assert (newest["subject"], newest["action"], newest["fields"], newest["by_me"]) == (
        "session", "update", ["title"], False,
    )  # fmt: skip
    assert (oldest["action"], oldest["fields"], oldest["by_me"]) == ("insert", [], True)
    assert [one["by_me"] for one in (await colleague.get(f"{path}/history")).json()] == [True, False]
    assert "Répétition" not in (await organiser.director.get(f"{path}/history")).text


async def test_nobody_else_reads_it(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    path = f"{BASE}/sessions/{(await organiser.session())['id']}/history"
    neighbour = await service_world.member(await service_world.organisation(), Role.director)
    for person in (
        neighbour,
        service_world.stranger(),
        await service_world.member(organiser.organisation_id, Role.treasurer),
    ):
        assert (await person.get(path)).status_code == 403
    assert (await service_world.nobody().get(path)).status_code == 401
    draft = await make_organiser(service_world, publish=False)
    hidden = f"{BASE}/sessions/{(await draft.session())['id']}/history"
    assert (await neighbour.get(hidden)).status_code == 404
