"""The directory over HTTP: who may found, read, change, join and end."""

from __future__ import annotations

import asyncio
import json
from uuid import UUID

import pytest

from common.ids import new_id
from tests.factories.accounts import World
from tests.partners.conftest import ORGANISATIONS, Founded, new_association, new_slug, people_of


async def test_admin_founds_association_and_director_opens_site(service_world: World, ours: Founded) -> None:
    people = await people_of(service_world, ours)
    body = new_association(ours.federation_id, enterprise_number="BE 0428.759.497", address="Rue Haute 1")
    founded = await people.admin.post(ORGANISATIONS, body)
    assert founded.status_code == 201, founded.text
    assert founded.json()["enterprise_number"] == "0428759497"
    assert founded.json()["federation_ids"] == [str(ours.federation_id)]
    site = new_association(ours.federation_id, kind="site", federation_ids=[], parent_id=str(ours.association_id))
    opened = await people.director.post(ORGANISATIONS, site)
    assert opened.status_code == 201, opened.text
    assert opened.json()["parent_id"] == str(ours.association_id)
    by_admin = await people.admin.post(ORGANISATIONS, {**site, "slug": new_slug(), "accessibility": "Lift"})
    assert by_admin.status_code == 201, by_admin.text


async def test_outside_partner_is_founded_by_admins_of_every_named_federation(
    service_world: World, ours: Founded, theirs: Founded
) -> None:
    people = await people_of(service_world, ours)
    both = [str(ours.federation_id), str(theirs.federation_id)]
    body = new_association(ours.federation_id, kind="outside_partner", federation_ids=both)
    assert (await people.admin.post(ORGANISATIONS, body)).status_code == 403
    assert (await people.director.post(ORGANISATIONS, new_association(ours.federation_id))).status_code == 403
    body["federation_ids"] = [str(ours.federation_id), str(ours.federation_id)]
    founded = await people.admin.post(ORGANISATIONS, body)
    assert (founded.status_code, founded.json()["federation_ids"]) == (201, [str(ours.federation_id)])


async def test_same_key_founds_once(service_world: World, ours: Founded) -> None:
    people = await people_of(service_world, ours)
    body = new_association(ours.federation_id)
    first = await people.admin.post(ORGANISATIONS, body, key="found-once-please")
    again = await people.admin.post(ORGANISATIONS, body, key="found-once-please")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    other = await people.admin.post(ORGANISATIONS, {**body, "slug": new_slug()}, key="found-once-please")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")


async def test_colour_and_bank_account_are_kept_and_can_be_cleared(service_world: World, ours: Founded) -> None:
    people = await people_of(service_world, ours)
    body = new_association(ours.federation_id, colour="#b4472a", iban="be89 0068 2003 0085")
    founded = (await people.admin.post(ORGANISATIONS, body)).json()
    assert (founded["colour"], founded["iban"]) == ("#b4472a", "BE89006820030085")
    path = f"{ORGANISATIONS}/{founded['id']}"
    changed = await people.admin.change("PATCH", path, {"iban": "", "colour": ""}, version=1)
    assert (changed.json()["colour"], changed.json()["iban"]) == ("", "")


async def test_a_position_is_given_shown_to_everybody_and_taken_back(service_world: World, ours: Founded) -> None:
    people = await people_of(service_world, ours)
    path = f"{ORGANISATIONS}/{ours.association_id}"
    given = await people.director.change("PATCH", path, {"latitude": 50.4674, "longitude": 4}, version=1)
    assert (given.status_code, given.json()["latitude"], given.json()["longitude"]) == (200, 50.4674, 4.0)
    wanted = {"federation_id": str(ours.federation_id)}
    (listed,) = (await service_world.nobody().get(ORGANISATIONS, params=wanted)).json()["items"]
    assert (listed["latitude"], listed["longitude"]) == (50.4674, 4.0)
    half = await people.director.change("PATCH", path, {"latitude": None}, version=2)
    assert (half.status_code, half.json()["type"]) == (422, "/problems/half-a-position")
    renamed = (await people.director.change("PATCH", path, {"name": "Nouveau nom"}, version=2)).json()
    assert (renamed["latitude"], renamed["longitude"]) == (50.4674, 4.0)
    gone = await people.director.change("PATCH", path, {"latitude": None, "longitude": None}, version=3)
    assert (gone.json()["latitude"], gone.json()["longitude"]) == (None, None)


async def test_slug_taken_is_told_clearly(service_world: World, ours: Founded) -> None:
    people = await people_of(service_world, ours)
    body = new_association(ours.federation_id)
    await people.admin.post(ORGANISATIONS, body)
    taken = await people.admin.post(ORGANISATIONS, body)
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/slug-taken")
    assert taken.json()["title"] == "Another organisation has this slug"


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"time_zone": "Europe/Atlantis"}, "unknown-time-zone"),
        ({"time_zone": "../../etc/passwd"}, "invalid-request"),
        ({"enterprise_number": "0428.759.498"}, "invalid-enterprise-number"),
        ({"enterprise_number": "552 008 443"}, "invalid-enterprise-number"),
        ({"enterprise_number": "1", "jurisdiction": "LU"}, "invalid-enterprise-number"),
        ({"iban": "BE89 0068 2003 0086"}, "invalid-iban"),
        ({"colour": "red"}, "invalid-request"),
        ({"latitude": 50.4}, "half-a-position"),
        ({"longitude": 4.8}, "half-a-position"),
        ({"latitude": 90.1, "longitude": 4.8}, "invalid-request"),
        ({"latitude": 50.4, "longitude": -181}, "invalid-request"),
        ({"latitude": 10**400, "longitude": 4.8}, "invalid-request"),
        ({"latitude": "50.4", "longitude": "4.8"}, "invalid-request"),
        ({"federation_ids": []}, "misplaced-organisation"),
        ({"parent_id": str(new_id())}, "misplaced-organisation"),
        ({"kind": "site"}, "misplaced-organisation"),
        ({"kind": "federation"}, "invalid-request"),
        ({"name": "zero \x00 byte"}, "invalid-request"),
        ({"address": "zero \x00 byte"}, "invalid-request"),
        ({"name": "x" * 201}, "invalid-request"),
        ({"slug": "With Capitals"}, "invalid-request"),
        ({"currency": "euro"}, "invalid-request"),
        ({"languages": []}, "invalid-request"),
        ({"languages": ["es"]}, "invalid-request"),
        ({"languages": 10**400}, "invalid-request"),
        ({"version": 7}, "invalid-request"),
    ],
)
async def test_bad_input_is_a_clear_422(
    service_world: World, ours: Founded, changes: dict[str, object], slug: str
) -> None:
    people = await people_of(service_world, ours)
    refused = await people.admin.post(ORGANISATIONS, {**new_association(ours.federation_id), **changes})
    assert (refused.status_code, refused.json()["type"]) == (422, f"/problems/{slug}")


async def test_half_a_character_is_a_clear_422(service_world: World, ours: Founded) -> None:
    people = await people_of(service_world, ours)
    body = json.dumps(new_association(ours.federation_id, name="\ud800")).encode()
    headers = {**people.admin.headers, "Idempotency-Key": "half-a-pair", "Content-Type": "application/json"}
    refused = await service_world.client.post(ORGANISATIONS, content=body, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-request")


async def test_slug_asked_for_twice_at_once_is_given_once(service_world: World, ours: Founded) -> None:
    people = await people_of(service_world, ours)
    body = new_association(ours.federation_id)
    answers = await asyncio.gather(*(people.admin.post(ORGANISATIONS, body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json().get("type") for answer in answers} == {None, "/problems/slug-taken"}


async def test_strangers_read_the_directory(service_world: World, ours: Founded, theirs: Founded) -> None:
    stranger = service_world.stranger()
    listed = await stranger.get(ORGANISATIONS, params={"federation_id": str(ours.federation_id)})
    assert [entry["id"] for entry in listed.json()["items"]] == [str(ours.association_id)]
    assert "enterprise_number" not in listed.json()["items"][0]
    shown = await stranger.get(f"{ORGANISATIONS}/{theirs.association_id}")
    assert (shown.status_code, shown.headers["ETag"]) == (200, '"1"')
    assert (await stranger.get(f"{ORGANISATIONS}/{new_id()}")).status_code == 404


async def test_directory_is_searched_and_read_in_pages(service_world: World, ours: Founded) -> None:
    people = await people_of(service_world, ours)
    for name in ("50%_Club", "50 Club", "Autre"):
        await people.admin.post(ORGANISATIONS, new_association(ours.federation_id, name=name))
    wanted = {"federation_id": str(ours.federation_id), "kind": "association"}
    hits = (await people.admin.get(ORGANISATIONS, params={**wanted, "q": "50%_c"})).json()["items"]
    assert [entry["name"] for entry in hits] == ["50%_Club"]
    seen, cursor = [], None
    while True:
        page = (
            await people.admin.get(
                ORGANISATIONS, params={**wanted, "limit": 3, **({"cursor": cursor} if cursor else {})}
            )
        ).json()
        seen += [UUID(entry["id"]) for entry in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == 4
    assert seen == sorted(seen)
    assert (await people.admin.get(ORGANISATIONS, params={"cursor": "nonsense"})).status_code == 422
    assert (await people.admin.get(ORGANISATIONS, params={"q": "\x00"})).status_code == 422
    assert (await people.admin.get(ORGANISATIONS, params={"limit": 10**30})).status_code == 422


async def test_director_and_admin_change_what_they_read(service_world: World, ours: Founded) -> None:
    people = await people_of(service_world, ours)
    path = f"{ORGANISATIONS}/{ours.association_id}"
    assert (await people.director.change("PATCH", path, {"name": "Nouveau nom"})).status_code == 428
    changed = await people.director.change("PATCH", path, {"name": "Nouveau nom"}, version=1)
    assert (changed.status_code, changed.headers["ETag"], changed.json()["name"]) == (200, '"2"', "Nouveau nom")
    stale = await people.admin.change("PATCH", path, {"address": "Rue Basse 2"}, version=1)
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/changed-meanwhile")
    by_admin = await people.admin.change("PATCH", path, {"address": "Rue Basse 2"}, version=2)
    assert (by_admin.status_code, by_admin.json()["address"], by_admin.json()["name"]) == (
        200,
        "Rue Basse 2",
        "Nouveau nom",
    )
    zone = await people.admin.change("PATCH", path, {"time_zone": "Mars/Olympus"}, version=3)
    assert zone.status_code == 422
    assert (await people.admin.get(path)).json()["version"] == 3
    cleared = await people.director.change("PATCH", path, {"address": "", "name": None}, version=3)
    assert (cleared.json()["address"], cleared.json()["name"]) == ("", "Nouveau nom")


async def test_others_change_nothing(service_world: World, ours: Founded, theirs: Founded) -> None:
    outsiders = await people_of(service_world, theirs)
    insiders = await people_of(service_world, ours)
    parent = await service_world.parent(ours.association_id, new_id())
    path = f"{ORGANISATIONS}/{ours.association_id}"
    site = new_association(ours.federation_id, kind="site", federation_ids=[], parent_id=str(ours.association_id))
    for person in (outsiders.admin, outsiders.director, insiders.coordinator, parent, service_world.stranger()):
        assert (await person.change("PATCH", path, {"name": "Taken over"}, version=1)).status_code == 403
        assert (await person.post(f"{path}/end", None)).status_code == 403
        assert (await person.post(ORGANISATIONS, site)).status_code == 403
    nobody = service_world.nobody()
    assert (await nobody.change("PATCH", path, {"name": "Taken over"}, version=1)).status_code == 401
    assert (await nobody.post(f"{path}/end", None)).status_code == 401
    assert (await nobody.post(ORGANISATIONS, site)).status_code == 401
    assert (await insiders.director.get(path)).json()["version"] == 1


async def test_federation_is_joined_when_both_sides_agree(service_world: World, ours: Founded, theirs: Founded) -> None:
    insiders, outsiders = await people_of(service_world, ours), await people_of(service_world, theirs)
    path = f"{ORGANISATIONS}/{ours.association_id}/join"
    body = {"federation_id": str(theirs.federation_id)}
    assert (await outsiders.director.post(path, body)).status_code == 403
    asked = await outsiders.admin.post(path, body)
    assert (asked.status_code, asked.json()["waits_for"]) == (200, "organisation")
    assert (await outsiders.admin.post(path, body)).json()["waits_for"] == "organisation"
    agreed = await insiders.director.post(path, body)
    assert agreed.json()["waits_for"] is None
    assert agreed.json()["organisation"]["federation_ids"] == [str(ours.federation_id), str(theirs.federation_id)]
    assert agreed.json()["organisation"]["version"] == 2
    assert (await insiders.director.post(path, body)).json() == agreed.json()
    changed = await outsiders.admin.change(
        "PATCH", f"{ORGANISATIONS}/{ours.association_id}", {"accessibility": "Ramp"}, version=2
    )
    assert changed.status_code == 200
    assert (await outsiders.admin.post(f"{ORGANISATIONS}/{ours.association_id}/end", None)).status_code == 403


async def test_only_living_federations_are_joined_by_associations(
    service_world: World, ours: Founded, theirs: Founded
) -> None:
    people = await people_of(service_world, ours)
    path = f"{ORGANISATIONS}/{ours.association_id}/join"
    wrong = await people.director.post(path, {"federation_id": str(theirs.association_id)})
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/misplaced-organisation")
    assert (await people.director.post(path, {"federation_id": str(new_id())})).status_code == 404
    upwards = await people.admin.post(
        f"{ORGANISATIONS}/{ours.federation_id}/join", {"federation_id": str(theirs.federation_id)}
    )
    assert upwards.status_code == 422


async def test_ended_association_keeps_its_slug_and_takes_its_sites_along(service_world: World, ours: Founded) -> None:
    people = await people_of(service_world, ours)
    site = new_association(ours.federation_id, kind="site", federation_ids=[], parent_id=str(ours.association_id))
    site_id = (await people.director.post(ORGANISATIONS, site)).json()["id"]
    path = f"{ORGANISATIONS}/{ours.association_id}"
    refused = await people.admin.post(f"{ORGANISATIONS}/{ours.federation_id}/end", None)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/federation-has-members")
    ended = await people.admin.post(f"{path}/end", None)
    assert ended.status_code == 200
    assert ended.json()["ended_at"] is not None
    assert (await people.admin.post(f"{path}/end", None)).json() == ended.json()
    assert (await people.admin.get(f"{ORGANISATIONS}/{site_id}")).json()["ended_at"] is not None
    late = await people.director.change("PATCH", path, {"name": "Phoenix"}, version=2)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/organisation-has-ended")
    taken = new_association(ours.federation_id, slug=ended.json()["slug"])
    assert (await people.admin.post(ORGANISATIONS, taken)).status_code == 409
    wanted = {"federation_id": str(ours.federation_id)}
    assert (await people.admin.get(ORGANISATIONS, params=wanted)).json()["items"] == []
    kept = (await people.admin.get(ORGANISATIONS, params={**wanted, "include_ended": True})).json()["items"]
    assert [entry["id"] for entry in kept] == [str(ours.association_id)]
    assert (await people.admin.post(f"{ORGANISATIONS}/{ours.federation_id}/end", None)).status_code == 200
    orphan = await people.admin.post(ORGANISATIONS, new_association(ours.federation_id))
    assert (orphan.status_code, orphan.json()["type"]) == (422, "/problems/misplaced-organisation")


async def test_everybody_reads_the_directory_and_finds_a_slug(service_world: World, ours: Founded) -> None:
    nobody = service_world.nobody()
    slug = (await nobody.get(f"{ORGANISATIONS}/{ours.association_id}")).json()["slug"]
    found = (await nobody.get(ORGANISATIONS, params={"slug": slug})).json()["items"]
    assert [entry["id"] for entry in found] == [str(ours.association_id)]
