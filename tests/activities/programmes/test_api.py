"""Programmes and activities over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from common.ids import new_id
from contracts.partners import Role
from tests.factories.accounts import Person, World
from tests.factories.activities import BASE, created, make_organiser, programme_body

PROGRAMMES = f"{BASE}/programmes"
ACTIVITIES = f"{BASE}/activities"


async def make_draft(world: World, role: Role = Role.director) -> tuple[UUID, Person, dict[str, Any]]:
    organisation_id = await world.organisation()
    person = await world.member(organisation_id, role)
    return organisation_id, person, created(await person.post(PROGRAMMES, programme_body(organisation_id)))


async def test_a_programme_goes_from_draft_to_closed(service_world: World) -> None:
    organisation_id, director, draft = await make_draft(service_world)
    path = f"{PROGRAMMES}/{draft['id']}"
    seen = await director.get(path)
    assert (seen.headers["ETag"], seen.json()) == ('"1"', draft)
    assert draft["objectives"] == programme_body(organisation_id)["objectives"]
    for version, state in enumerate(("approved", "published", "closed"), start=1):
        moved = await director.change("PATCH", path, {"state": state}, version=version)
        assert (moved.status_code, moved.json()["state"], moved.headers["ETag"]) == (200, state, f'"{version + 1}"')
    assert (await service_world.nobody().get(path)).json()["state"] == "closed"


async def test_a_director_approves_what_a_coordinator_drafts_and_publishes(service_world: World) -> None:
    organisation_id, coordinator, draft = await make_draft(service_world, Role.coordinator)
    path = f"{PROGRAMMES}/{draft['id']}"
    refused = await coordinator.change("PATCH", path, {"state": "approved"}, version=1)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
    director = await service_world.member(organisation_id, Role.director)
    assert (await director.change("PATCH", path, {"state": "approved"}, version=1)).status_code == 200
    assert (await coordinator.change("PATCH", path, {"state": "published"}, version=2)).status_code == 200


async def test_steps_are_not_skipped_and_a_change_meanwhile_is_told(service_world: World) -> None:
    _, director, draft = await make_draft(service_world)
    path = f"{PROGRAMMES}/{draft['id']}"
    cases: list[tuple[str, int | None, int, str]] = [
        ("published", 1, 409, "wrong-programme-step"),
        ("approved", 7, 412, "changed-meanwhile"),
        ("approved", None, 428, "if-match-missing"),
        ("finished", 1, 422, "invalid-request"),
    ]
    for state, version, status, slug in cases:
        answer = await director.change("PATCH", path, {"state": state}, version=version)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")


async def test_of_two_changes_at_once_one_is_told_to_look_again(service_world: World) -> None:
    _, director, draft = await make_draft(service_world)
    path = f"{PROGRAMMES}/{draft['id']}"
    bodies = [{**programme_body(new_id()), "title": title} for title in ("One", "Other")]
    for body in bodies:
        del body["organisation_id"]
    answers = await asyncio.gather(*(director.change("PUT", path, body, version=1) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_the_public_sees_what_is_published_and_nothing_else(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    _, _, draft = await make_draft(service_world)
    nobody, stranger = service_world.nobody(), service_world.stranger()
    for person in (nobody, stranger):
        assert (await person.get(f"{PROGRAMMES}/{draft['id']}")).status_code == 404
        listed = (await person.get(PROGRAMMES, params={"organisation_id": draft["organisation_id"]})).json()
        assert listed == {"items": [], "next_cursor": None}
        own = (await person.get(ACTIVITIES, params={"organisation_id": str(organiser.organisation_id)})).json()
        assert [item["id"] for item in own["items"]] == [str(organiser.activity_id)]
        assert (await person.get(f"{ACTIVITIES}/{organiser.activity_id}")).json()["published"]


async def test_another_association_and_other_roles_change_nothing(service_world: World) -> None:
    organisation_id, director, draft = await make_draft(service_world)
    neighbour = await service_world.member(await service_world.organisation(), Role.director)
    path = f"{PROGRAMMES}/{draft['id']}"
    assert (await neighbour.get(path)).status_code == 404
    assert (await neighbour.change("PATCH", path, {"state": "approved"}, version=1)).status_code == 404
    assert (await neighbour.post(PROGRAMMES, programme_body(organisation_id))).status_code == 403
    body = {"programme_id": draft["id"], "title": "Cirque", "audience": "6-12"}
    assert (await neighbour.post(ACTIVITIES, body)).status_code == 404
    for role in (Role.animator, Role.volunteer, Role.treasurer, Role.funder, Role.operator):
        member = await service_world.member(organisation_id, role)
        assert (await member.post(PROGRAMMES, programme_body(organisation_id))).status_code == 403
        assert (await member.change("PATCH", path, {"state": "approved"}, version=1)).status_code in (403, 404)
        assert (await member.get(path)).status_code == (200 if role is Role.animator else 404)
    assert (await director.get(path)).json() == draft


async def test_an_activity_is_changed_with_the_version_that_was_read(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    path = f"{ACTIVITIES}/{organiser.activity_id}"
    version = int((await organiser.director.get(path)).headers["ETag"].strip('"'))
    changed = await organiser.director.change("PATCH", path, {"title": "Jonglage"}, version=version)
    assert (changed.json()["title"], changed.headers["ETag"]) == ("Jonglage", f'"{version + 1}"')
    stale = await organiser.director.change("PATCH", path, {"title": "Clown"}, version=version)
    assert stale.status_code == 412
    promised = await organiser.director.change("PATCH", path, {"offer_hours": 2}, version=version + 1)
    assert (promised.status_code, promised.json()["type"]) == (409, "/problems/terms-are-published")


BAD_PROGRAMMES = [
    {"title": ""},
    {"title": "x" * 201},
    {"title": "NUL \x00"},
    {"starts_on": "2027-07-01"},
    {"starts_on": "2026-13-01"},
    {"objectives": [{"statement": "a", "indicator": " ", "unit": "u", "target": 1}]},
    {"objectives": [{"statement": "a", "indicator": "b", "unit": "u", "target": -1}]},
    {"objectives": [{"statement": "a", "indicator": "b", "unit": "u", "target": 10**30}]},
    {"policy_axes": ["x"] * 21},
    {"unknown": True},
]


@pytest.mark.parametrize("fault", BAD_PROGRAMMES)
async def test_bad_input_is_told_and_leaves_nothing(service_world: World, fault: dict[str, Any]) -> None:
    organisation_id = await service_world.organisation()
    director = await service_world.member(organisation_id, Role.director)
    answer = await director.post(PROGRAMMES, {**programme_body(organisation_id), **fault})
    assert answer.status_code == 422
    assert (await director.get(PROGRAMMES, params={"organisation_id": str(organisation_id)})).json()["items"] == []


BAD_ACTIVITIES = [
    {"programme_id": "0190b3c4-0000-7000-8000-000000000000"},
    {"offer_hours": 0},
    {"offer_hours": 337},
    {"offer_hours": True},
    {"waiting_rule": "by_name"},
    {"cancellation_terms": {"steps": [{"hours_before": -1, "percent": 50}]}},
    {"cancellation_terms": {"steps": [{"hours_before": 1, "percent": 101}]}},
    {"cancellation_terms": {"steps": [{"hours_before": 1, "percent": 1}] * 11}},
    {"description": "x" * 4_001},
]


@pytest.mark.parametrize("fault", BAD_ACTIVITIES)
async def test_a_bad_activity_is_refused(service_world: World, fault: dict[str, Any]) -> None:
    _, director, draft = await make_draft(service_world)
    body = {"programme_id": draft["id"], "title": "Cirque", "audience": "6-12", **fault}
    assert (await director.post(ACTIVITIES, body)).status_code == (404 if "programme_id" in fault else 422)


async def test_lists_come_in_pages_and_by_state(service_world: World) -> None:
    organisation_id, director, first = await make_draft(service_world)
    second = created(await director.post(PROGRAMMES, programme_body(organisation_id)))
    await director.change("PATCH", f"{PROGRAMMES}/{second['id']}", {"state": "approved"}, version=1)
    params = {"organisation_id": str(organisation_id), "limit": "1"}
    page = (await director.get(PROGRAMMES, params=params)).json()
    assert [item["id"] for item in page["items"]] == [first["id"]]
    rest = (await director.get(PROGRAMMES, params={**params, "cursor": page["next_cursor"]})).json()
    assert ([item["id"] for item in rest["items"]], rest["next_cursor"]) == ([second["id"]], None)
    approved = (await director.get(PROGRAMMES, params={**params, "state": "approved"})).json()
    assert [item["id"] for item in approved["items"]] == [second["id"]]
    assert (await director.get(PROGRAMMES, params={"cursor": "nonsense"})).status_code == 422
