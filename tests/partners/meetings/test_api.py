"""Meetings and tasks over HTTP: written down by who plans, done by the team, seen by nobody else."""

from __future__ import annotations

from typing import Any

from contracts.partners import Role
from partners.memberships.domain import Role as MemberRole
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.partners.conftest import Founded, people_of
from tests.partners.memberships.conftest import joined

MEETINGS, TASKS = "/api/partners/v1/meetings", "/api/partners/v1/tasks"


def new_meeting(organisation_id: object, **changes: Any) -> dict[str, Any]:
    """A coordination with the municipality, at which somebody spoke for the association."""
    return {
        "organisation_id": str(organisation_id),
        "kind": "representation",
        "title": "Coordination locale de novembre",
        "place": "Maison communale",
        "starts_at": "2026-11-25T09:00:00Z",
        "ends_at": "2026-11-25T11:00:00Z",
        "agenda": "1. Planning des congés",
        "attendances": [{"name": "Amélie Renard", "for_organisation_id": str(organisation_id)}],
        **changes,
    }


async def test_minutes_and_decisions_follow_the_agenda(service_world: World, ours: Founded, theirs: Founded) -> None:
    people = await people_of(service_world, ours)
    body = new_meeting(ours.association_id, partner_ids=[str(theirs.association_id)])
    created = await people.coordinator.post(MEETINGS, body)
    assert created.status_code == 201, created.text
    path = f"{MEETINGS}/{created.json()['id']}"
    after = {**body, "minutes": "Tour de table.", "decisions": ["Ouvrir le 27 décembre"]}
    del after["organisation_id"]
    written = await people.director.change("PUT", path, after, version=1)
    assert (written.status_code, written.headers["ETag"]) == (200, '"2"')
    assert (await people.director.change("PUT", path, after, version=1)).status_code == 412
    animator = await service_world.member(ours.association_id, Role.animator)
    seen = (await animator.get(path)).json()
    assert (seen["decisions"], seen["attendances"][0]["name"]) == (["Ouvrir le 27 décembre"], "Amélie Renard")
    assert (await animator.change("PUT", path, after, version=2)).status_code == 404


async def test_a_meeting_that_contradicts_itself_is_refused(service_world: World, ours: Founded) -> None:
    people = await people_of(service_world, ours)
    nobody_went = await people.coordinator.post(MEETINGS, new_meeting(ours.association_id, attendances=[]))
    assert (nobody_went.status_code, nobody_went.json()["type"]) == (422, "/problems/unfit-meeting")


async def test_a_task_is_given_in_a_meeting_and_done_by_the_team(
    service_world: World, databases: ServiceDatabases, ours: Founded
) -> None:
    people, owner = await people_of(service_world, ours), await joined(databases, ours, MemberRole.animator)
    meeting = (await people.coordinator.post(MEETINGS, new_meeting(ours.association_id))).json()
    owners = await people.coordinator.get(
        "/api/partners/v1/task-owners", params={"organisation_id": str(ours.association_id)}
    )
    assert [one["id"] for one in owners.json()["items"]] == [str(owner.membership_id)]
    assert set(owners.json()["items"][0]) == {"id", "display_name", "role"}
    body = {
        "organisation_id": str(ours.association_id), "meeting_id": meeting["id"], "title": "Envoyer le planning",
        "owner_membership_id": str(owner.membership_id), "due_on": "2026-12-01",
    }  # fmt: skip
    given = await people.coordinator.post(TASKS, body, key="the-same-key")
    assert (given.status_code, given.json()["done_at"]) == (201, None)
    again = await people.coordinator.post(TASKS, body, key="the-same-key")
    assert again.json() == given.json()
    path = f"{TASKS}/{given.json()['id']}"
    animator = await service_world.member(ours.association_id, Role.animator)
    done = (await animator.post(f"{path}/done", {})).json()
    assert done["done_at"] is not None
    assert (await animator.post(f"{path}/done", {})).json() == done
    later = {"owner_membership_id": str(owner.membership_id), "due_on": "2026-12-08"}
    refused = await people.coordinator.change("PATCH", path, later, version=2)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/task-is-done")
    listed = (await animator.get(TASKS, params={"is_done": "false"})).json()
    assert listed["items"] == []


async def test_another_association_sees_nothing(service_world: World, ours: Founded, theirs: Founded) -> None:
    people, others = await people_of(service_world, ours), await people_of(service_world, theirs)
    body = new_meeting(ours.association_id, partner_ids=[str(theirs.association_id)])
    meeting = (await people.coordinator.post(MEETINGS, body)).json()
    assert (await others.director.get(f"{MEETINGS}/{meeting['id']}")).status_code == 404
    for path in (MEETINGS, TASKS):
        assert (await others.director.get(path)).json()["items"] == []
    assert (await others.coordinator.post(MEETINGS, new_meeting(ours.association_id))).status_code == 403
