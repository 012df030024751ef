"""Memberships over HTTP: invited, accepted, changed and ended by the right people, unseen by all others."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from common.ids import new_id
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.partners.conftest import (
    MEMBERSHIPS,
    ORGANISATIONS,
    Founded,
    new_association,
    new_invitation,
    people_of,
)
from tests.partners.memberships.conftest import sent_code


async def test_invited_person_becomes_member_and_stays_until_ended(
    service_world: World, databases: ServiceDatabases, ours: Founded
) -> None:
    people, claire = await people_of(service_world, ours), service_world.stranger()
    answer = await people.director.post(MEMBERSHIPS, new_invitation(ours.association_id))
    assert answer.status_code == 201, answer.text
    membership = answer.json()
    code = await sent_code(databases.engine("api"), UUID(membership["id"]))
    assert code not in answer.text
    accepted = await claire.post(f"{MEMBERSHIPS}/accept", {"code": code})
    assert (accepted.status_code, accepted.json()["state"], accepted.json()["version"]) == (200, "active", 2)
    assert [item["id"] for item in (await claire.get(f"{MEMBERSHIPS}/mine")).json()["items"]] == [membership["id"]]
    path = f"{MEMBERSHIPS}/{membership['id']}"
    assert (await people.director.change("PATCH", path, {"role": "animator"})).status_code == 428
    changed = await people.director.change("PATCH", path, {"role": "animator"}, version=2)
    assert (changed.status_code, changed.headers["ETag"], changed.json()["role"]) == (200, '"3"', "animator")
    stale = await people.admin.change("PATCH", path, {"role": "volunteer"}, version=2)
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/changed-meanwhile")
    seen = await claire.get(path)
    assert (seen.status_code, seen.headers["ETag"]) == (200, '"3"')
    ended = await people.admin.post(f"{path}/end", None)
    assert (ended.status_code, ended.json()["state"]) == (200, "ended")
    assert (await people.admin.post(f"{path}/end", None)).json() == ended.json()


async def test_same_key_invites_and_accepts_once(
    service_world: World, databases: ServiceDatabases, ours: Founded
) -> None:
    people, claire = await people_of(service_world, ours), service_world.stranger()
    body = new_invitation(ours.association_id)
    first = await people.director.post(MEMBERSHIPS, body, key="invite-once-please")
    again = await people.director.post(MEMBERSHIPS, body, key="invite-once-please")
    assert (again.status_code, again.json()) == (201, first.json())
    other = await people.director.post(MEMBERSHIPS, {**body, "role": "animator"}, key="invite-once-please")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    twice = await people.director.post(MEMBERSHIPS, body)
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/already-invited")
    code = {"code": await sent_code(databases.engine("api"), UUID(first.json()["id"]))}
    accepted = await claire.post(f"{MEMBERSHIPS}/accept", code, key="accept-once-please")
    replayed = await claire.post(f"{MEMBERSHIPS}/accept", code, key="accept-once-please")
    assert (replayed.status_code, replayed.json()) == (200, accepted.json())
    used = await service_world.stranger().post(f"{MEMBERSHIPS}/accept", code)
    wrong = await service_world.stranger().post(f"{MEMBERSHIPS}/accept", {"code": "x" * 43})
    for refused in (used, wrong):
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invitation-not-valid")
    assert {**used.json(), "trace_id": ""} == {**wrong.json(), "trace_id": ""}


async def test_code_shown_by_two_accounts_at_once_is_used_once(
    service_world: World, databases: ServiceDatabases, ours: Founded
) -> None:
    people = await people_of(service_world, ours)
    membership = (await people.director.post(MEMBERSHIPS, new_invitation(ours.association_id))).json()
    code = {"code": await sent_code(databases.engine("api"), UUID(membership["id"]))}
    shown = (service_world.stranger().post(f"{MEMBERSHIPS}/accept", code) for _ in range(4))
    assert sorted(answer.status_code for answer in await asyncio.gather(*shown)) == [200, 422, 422, 422]


async def test_federation_roles_are_given_by_its_admins_only(service_world: World, ours: Founded) -> None:
    people = await people_of(service_world, ours)
    body = new_invitation(ours.federation_id, role="federation_admin")
    assert (await people.director.post(MEMBERSHIPS, body)).status_code == 403
    assert (await people.admin.post(MEMBERSHIPS, body)).status_code == 201
    director = new_invitation(ours.association_id, role="director")
    assert (await people.admin.post(MEMBERSHIPS, director)).status_code == 201
    wrong = await people.admin.post(MEMBERSHIPS, new_invitation(ours.association_id, role="federation_admin"))
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/role-does-not-fit")


async def test_site_has_no_members(service_world: World, ours: Founded) -> None:
    people = await people_of(service_world, ours)
    site = new_association(ours.federation_id, kind="site", federation_ids=[], parent_id=str(ours.association_id))
    site_id = (await people.director.post(ORGANISATIONS, site)).json()["id"]
    refused = await people.director.post(MEMBERSHIPS, new_invitation(site_id))
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/role-does-not-fit")


async def test_last_director_must_stay(service_world: World, databases: ServiceDatabases, ours: Founded) -> None:
    people, only = await people_of(service_world, ours), service_world.stranger()
    body = new_invitation(ours.association_id, role="director")
    membership_id = (await people.admin.post(MEMBERSHIPS, body)).json()["id"]
    code = await sent_code(databases.engine("api"), UUID(membership_id))
    await only.post(f"{MEMBERSHIPS}/accept", {"code": code})
    refused = await only.post(f"{MEMBERSHIPS}/{membership_id}/end", None)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/last-leader-must-stay")
    kept = await people.admin.change("PATCH", f"{MEMBERSHIPS}/{membership_id}", {"role": "volunteer"}, version=2)
    assert (kept.status_code, kept.json()["title"]) == (409, "Somebody must go on leading this organisation")


async def test_leaders_list_the_members_in_pages(service_world: World, ours: Founded) -> None:
    people = await people_of(service_world, ours)
    for _ in range(3):
        await people.director.post(MEMBERSHIPS, new_invitation(ours.association_id))
    wanted = {"organisation_id": str(ours.association_id), "state": "invited", "limit": 2}
    first = (await people.director.get(MEMBERSHIPS, params=wanted)).json()
    second = (await people.admin.get(MEMBERSHIPS, params={**wanted, "cursor": first["next_cursor"]})).json()
    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (2, 1, None)
    assert (await people.director.get(MEMBERSHIPS, params={**wanted, "state": "active"})).json()["items"] == []


async def test_others_see_and_change_nothing(service_world: World, ours: Founded, theirs: Founded) -> None:
    insiders, outsiders = await people_of(service_world, ours), await people_of(service_world, theirs)
    membership = (await insiders.director.post(MEMBERSHIPS, new_invitation(ours.association_id))).json()
    path, wanted = f"{MEMBERSHIPS}/{membership['id']}", {"organisation_id": str(ours.association_id)}
    parent = await service_world.parent(ours.association_id, new_id())
    others = (outsiders.admin, outsiders.director, insiders.coordinator, parent, service_world.stranger())
    for person in others:
        unknown = await person.get(f"{MEMBERSHIPS}/{new_id()}")
        hidden = await person.get(path)
        assert (hidden.status_code, unknown.status_code) == (404, 404)
        assert {**hidden.json(), "trace_id": ""} == {**unknown.json(), "trace_id": ""}
        assert (await person.change("PATCH", path, {"role": "director"}, version=1)).status_code == 404
        assert (await person.post(f"{path}/end", None)).status_code == 404
        assert (await person.get(MEMBERSHIPS, params=wanted)).status_code == 403
        assert (await person.post(MEMBERSHIPS, new_invitation(ours.association_id))).status_code == 403
        assert (await person.get(f"{MEMBERSHIPS}/mine")).json() == {"items": [], "next_cursor": None}
    nobody = service_world.nobody()
    for answer in (
        await nobody.get(path),
        await nobody.get(MEMBERSHIPS, params=wanted),
        await nobody.get(f"{MEMBERSHIPS}/mine"),
        await nobody.change("PATCH", path, {"role": "director"}, version=1),
        await nobody.post(f"{path}/end", None),
        await nobody.post(MEMBERSHIPS, new_invitation(ours.association_id)),
        await nobody.post(f"{MEMBERSHIPS}/accept", {"code": "x" * 43}),
    ):
        assert answer.status_code == 401
    assert (await insiders.director.get(path)).json() == membership


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "king"},
        {"email": "nobody"},
        {"email": "a@b.c\x00"},
        {"email": f"{'a' * 250}@example.org"},
        {"display_name": ""},
        {"display_name": "zero \x00 byte"},
        {"language": "es"},
        {"organisation_id": 10**400},
        {"organisation_id": -1},
        {"state": "active"},
        {"account_subject": "me"},
    ],
)
async def test_bad_invitation_is_a_clear_422(service_world: World, ours: Founded, changes: dict[str, Any]) -> None:
    people = await people_of(service_world, ours)
    refused = await people.director.post(MEMBERSHIPS, {**new_invitation(ours.association_id), **changes})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-request")
    assert refused.json()["errors"]


@pytest.mark.parametrize("code", ["", "zero \x00", "x" * 101, "\u00e9t\u00e9", 7, None])
async def test_bad_code_is_a_clear_422(service_world: World, code: object) -> None:
    refused = await service_world.stranger().post(f"{MEMBERSHIPS}/accept", {"code": code})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-request")


async def test_unknown_organisation_is_not_found(service_world: World, ours: Founded) -> None:
    people = await people_of(service_world, ours)
    assert (await people.admin.post(MEMBERSHIPS, new_invitation(new_id()))).status_code == 404
    assert (await people.admin.get(MEMBERSHIPS, params={"organisation_id": str(new_id())})).status_code == 404
    assert (await people.admin.get(MEMBERSHIPS)).status_code == 422
    path = f"{MEMBERSHIPS}/{new_id()}"
    for tag in ('"99999999999"', '"x"', "*"):
        headers = {**people.admin.headers, "If-Match": tag}
        told = await service_world.client.patch(path, json={"role": "director"}, headers=headers)
        assert told.status_code == 412
