"""A hold over HTTP: asked for with the session, read by its team, and by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from activities.holds.event_handlers import HOLDS
from common.ids import new_id
from common.testing import deliver, example
from contracts.partners import ResourcesHeld, Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.factories.activities import BASE, Organiser, make_organiser

SEEN = text("select count(*) from session_rooms where session_id = :session_id")


def wishes(**changes: Any) -> dict[str, Any]:
    bus = {"resource_id": str(new_id()), "owner_organisation_id": str(new_id()), "minutes_before": 60}
    return {"resources": [bus], "people": [{"role": "animator", "count": 2}], **changes}


async def test_the_team_reads_what_was_asked_for_and_others_see_nothing_of_it(service_world: World) -> None:
    organiser, other = await make_organiser(service_world), await make_organiser(service_world)
    asked = await organiser.session(wishes=wishes())
    assert asked["hold_state"] == "asked"
    path = f"{BASE}/sessions/{asked['id']}"
    hold = (await organiser.director.get(f"{path}/hold")).json()
    assert (hold["state"], hold["version"], hold["resources"]) == ("asked", 1, [])
    assert [one["role"] for one in hold["wishes"]["people"]] == ["animator"]
    helper = await service_world.member(organiser.organisation_id, Role.volunteer)
    assert [one["id"] for one in (await helper.get(f"{BASE}/holds")).json()["items"]] == [hold["id"]]
    assert (await other.director.get(f"{path}/hold")).status_code == 404
    assert (await other.director.get(f"{BASE}/holds")).json()["items"] == []
    assert (await other.director.get(path)).json()["hold_state"] is None
    assert (await service_world.nobody().get(path)).json()["hold_state"] is None


async def test_everybody_who_may_see_a_session_reads_its_rooms(
    service_world: World, databases_of: Callable[[str], ServiceDatabases]
) -> None:
    organiser = await make_organiser(service_world)
    draft = await make_organiser(service_world, publish=False)
    nobody = service_world.nobody()
    for house, status in ((organiser, 200), (draft, 404)):
        session = await house.session(wishes=wishes(people=[]))
        path = f"{BASE}/sessions/{session['id']}"
        await hold_room(databases_of("activities"), (await house.director.get(f"{path}/hold")).json(), house)
        assert (await house.director.get(path)).json()["rooms"] == ["Salle bleue"]
        assert (await nobody.get(path)).status_code == status
        async with databases_of("activities").engine("api").connect() as connection:
            seen = await connection.scalar(SEEN, {"session_id": session["id"]})
        assert seen == (1 if status == 200 else 0), "as a row it is seen with its session"
    public = (await nobody.get(f"{BASE}/sessions", params={"organisation_id": str(organiser.organisation_id)})).json()
    assert [one["rooms"] for one in public["items"]] == [["Salle bleue"]]
    assert [one["hold_state"] for one in public["items"]] == [None]


async def hold_room(databases: ServiceDatabases, hold: dict[str, Any], house: Organiser) -> None:
    """The room's owner keeps it for the session."""
    (minibus, _) = example(ResourcesHeld).model_dump()["reservations"]
    told = {"hold_id": hold["id"], "version": 1, "session_id": hold["session_id"]}
    room = {**minibus, "name": "Salle bleue", "is_place": True}
    event = example(ResourcesHeld, **told, organisation_id=house.organisation_id, reservations=[minibus, room])
    async with AsyncSession(databases.engine("owner")) as session, session.begin():
        await deliver(session, HOLDS, event)


async def test_wishes_are_changed_and_taken_back_with_the_session(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    planned = await organiser.session()
    path = f"{BASE}/sessions/{planned['id']}"
    assert (planned["hold_state"], (await organiser.director.get(f"{path}/hold")).status_code) == (None, 404)
    asked = await organiser.director.change("PATCH", path, {"wishes": wishes()}, version=1)
    assert (asked.status_code, asked.json()["hold_state"]) == (200, "asked")
    gone = await organiser.director.change("PATCH", path, {"wishes": {}}, version=2)
    assert gone.json()["hold_state"] == "released"


async def test_wishes_that_contradict_themselves_plan_nothing(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    planned = await organiser.session()
    twice = wishes(people=[{"role": "animator", "count": 1, "person_ids": [str(new_id()), str(new_id())]}])
    path = f"{BASE}/sessions/{planned['id']}"
    refused = await organiser.director.change("PATCH", path, {"wishes": twice}, version=1)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/too-many-wishes")
