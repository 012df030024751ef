"""The log of incidents over HTTP: who writes, who reads, and what is left when somebody is erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from activities.incidents.use_cases import forget_concerned, forget_who_recorded
from common.database import Database, organisation_context
from common.ids import new_id
from contracts.partners import Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.factories.activities import BASE, Organiser, booking_body, created, make_household, make_organiser

SOON_DAYS = 0.5 / 24


async def make_fall(world: World) -> tuple[Organiser, str, UUID, dict[str, Any]]:
    """A session with a child on its list, and what is told of the child's fall."""
    organiser = await make_organiser(world)
    session = await organiser.session(in_days=SOON_DAYS)
    _household, (child,) = await make_household(organiser.director, organiser.organisation_id, "2017-05-01")
    created(await organiser.director.post(f"{BASE}/bookings", booking_body(session, child)))
    report = {
        "happened_at": (datetime.now(UTC) - timedelta(minutes=5)).isoformat(),
        "place": "Gymnasium",
        "what_happened": "Yanis fell from the beam",
        "severity": "minor",
        "first_aid": "Cold compress",
        "told": "His mother, by telephone",
        "participant_ids": [str(child)],
    }
    return organiser, f"{BASE}/sessions/{session['id']}/incidents", child, report


async def test_field_staff_log_and_follow_up(service_world: World) -> None:
    organiser, path, child, report = await make_fall(service_world)
    noah = await service_world.member(organiser.organisation_id, Role.animator)
    logged = created(await noah.post(path, report, key="one-fall"))
    assert created(await noah.post(path, report, key="one-fall")) == logged
    assert "fell" not in str(logged), "the answer that is kept for repetitions tells nothing"
    task = {"task": "Have the beam looked at", "due_on": "2026-12-01"}
    follow_up = created(await noah.post(f"{BASE}/incidents/{logged['id']}/follow-ups", task))
    (shown,) = (await organiser.director.get(path)).json()["items"]
    assert (shown["what_happened"], shown["participant_ids"]) == ("Yanis fell from the beam", [str(child)])
    assert (shown["recorded_by_me"], shown["follow_ups"]) == (False, [follow_up])
    todo = f"{BASE}/follow-ups?organisation_id={organiser.organisation_id}&is_done=false"
    assert [one["task"] for one in (await noah.get(todo)).json()["items"]] == [task["task"]]
    settle = f"{BASE}/follow-ups/{follow_up['id']}"
    assert (await noah.change("PATCH", settle, {"is_done": True})).status_code == 428
    done = await noah.change("PATCH", settle, {"is_done": True}, version=1)
    assert (done.status_code, done.json()["version"], done.json()["done_at"] is None) == (200, 2, False)
    assert (await noah.change("PATCH", settle, {"is_done": True}, version=1)).status_code == 412
    assert (await noah.get(todo)).json()["items"] == []


async def test_an_incident_names_people_of_the_list_and_a_moment_that_was(service_world: World) -> None:
    organiser, path, _child, report = await make_fall(service_world)
    stranger = await organiser.director.post(path, {**report, "participant_ids": [str(new_id())]})
    assert (stranger.status_code, stranger.json()["type"]) == (422, "/problems/not-on-the-list")
    tomorrow = {**report, "happened_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
    later = await organiser.director.post(path, tomorrow)
    assert (later.status_code, later.json()["type"]) == (422, "/problems/not-of-this-session")


async def test_nobody_else_learns_of_an_incident(service_world: World) -> None:
    organiser, path, _child, report = await make_fall(service_world)
    logged = created(await organiser.director.post(path, report))
    neighbour = await service_world.member(await service_world.organisation(), Role.director)
    volunteer = await service_world.member(organiser.organisation_id, Role.volunteer)
    treasurer = await service_world.member(organiser.organisation_id, Role.treasurer)
    todo = f"{BASE}/follow-ups?organisation_id={organiser.organisation_id}"
    created(
        await organiser.director.post(
            f"{BASE}/incidents/{logged['id']}/follow-ups", {"task": "Look", "due_on": "2026-12-01"}
        )
    )
    for outsider in (neighbour, volunteer, treasurer, service_world.stranger()):
        assert (await outsider.get(path)).status_code == 403
        assert (await outsider.post(path, report)).status_code == 403
        follow_up = await outsider.post(
            f"{BASE}/incidents/{logged['id']}/follow-ups", {"task": "Look", "due_on": "2026-12-01"}
        )
        assert follow_up.status_code == 404, "for them there is no such incident"
        assert (await outsider.get(todo)).json()["items"] == []


async def test_who_is_erased_is_in_no_incident_and_the_count_stays(
    service_world: World, databases_of: Callable[[str], ServiceDatabases], worker: Database
) -> None:
    organiser, path, child, report = await make_fall(service_world)
    logged = created(await organiser.director.post(path, report))
    task = {"task": "Call Yanis's mother", "due_on": "2026-12-01"}
    created(await organiser.director.post(f"{BASE}/incidents/{logged['id']}/follow-ups", task))
    async with worker.transaction(organisation_context(organiser.organisation_id, "test")) as session:
        assert await forget_concerned(session, [child]) == 1
        assert await forget_concerned(session, [child]) == 0
        assert await forget_who_recorded(session, organiser.organisation_id, ["0" * 64]) == 0
    (shown,) = (await organiser.director.get(path)).json()["items"]
    assert "Yanis" not in str(shown)
    assert (shown["participant_ids"], shown["participants_count"], shown["severity"]) == ([], 1, "minor")
