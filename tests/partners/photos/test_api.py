"""Photos over HTTP: owners add and remove them, whoever may see the resource sees them."""

from __future__ import annotations

from base64 import b64decode

from contracts.partners import Role
from partners.photos.domain import PHOTOS_MAX
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.partners.conftest import Founded
from tests.partners.lending import second_association
from tests.partners.resources.conftest import BASE, PICTURE, made, new_photo, new_resource


async def test_lodgers_see_the_photos_of_what_is_lent_and_strangers_do_not(
    service_world: World, databases: ServiceDatabases, ours: Founded, theirs: Founded
) -> None:
    owner = await service_world.member(ours.association_id, Role.coordinator)
    lodger = await service_world.member(await second_association(databases, ours), Role.animator)
    stranger = await service_world.member(theirs.association_id, Role.director)
    hall = await made(owner, "/resources", new_resource(ours.association_id, pooled=True))
    photo = await made(owner, f"/resources/{hall['id']}/photos", new_photo())
    content = f"{BASE}/photos/{photo['id']}/content"
    for person in (owner, lodger):
        assert (await person.get(f"{BASE}/resources/{hall['id']}/photos")).json() == [photo]
        answer = await person.get(content)
        assert (answer.content, answer.headers["content-type"]) == (b64decode(PICTURE), "image/webp")
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await stranger.get(content)).status_code == 404
    assert (await stranger.get(f"{BASE}/resources/{hall['id']}/photos")).status_code == 404
    lodging_planner = await service_world.member(await second_association(databases, ours), Role.director)
    assert (await lodging_planner.change("DELETE", f"{BASE}/photos/{photo['id']}")).status_code == 403
    assert (await owner.change("DELETE", f"{BASE}/photos/{photo['id']}")).status_code == 204
    assert (await owner.get(content)).status_code == 404


async def test_what_is_no_picture_is_refused_and_so_is_one_too_many(service_world: World, ours: Founded) -> None:
    owner = await service_world.member(ours.association_id, Role.coordinator)
    hall = await made(owner, "/resources", new_resource(ours.association_id))
    path = f"{BASE}/resources/{hall['id']}/photos"
    wrong = await owner.post(path, new_photo(content="aGVsbG8="))
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/not-a-photo")
    assert (await owner.post(path, new_photo(content="not base64!"))).status_code == 422
    for _ in range(PHOTOS_MAX):
        await made(owner, f"/resources/{hall['id']}/photos", new_photo())
    full = await owner.post(path, new_photo())
    assert (full.status_code, full.json()["type"]) == (409, "/problems/too-many-photos")
