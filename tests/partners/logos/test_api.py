"""Logos: leaders set, replace and remove them, everybody sees them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from uuid import UUID

import pytest

from contracts.partners import Role
from tests.factories.accounts import Person, World
from tests.partners.conftest import ORGANISATIONS, Founded
from tests.partners.resources.conftest import PICTURE

LOGOS = "/api/partners/v1/logos"


def path(organisation_id: UUID) -> str:
    return f"{ORGANISATIONS}/{organisation_id}/logo"


async def digest_seen_by(person: Person, organisation_id: UUID) -> str | None:
    found = {one["organisation_id"]: one["digest"] for one in (await person.get(LOGOS)).json()}
    return found.get(str(organisation_id))


@pytest.mark.parametrize("role", [Role.director, Role.federation_admin])
async def test_its_leaders_set_replace_and_remove_a_logo_that_everybody_sees(
    service_world: World, ours: Founded, role: Role
) -> None:
    where = ours.association_id if role is Role.director else ours.federation_id
    leader, nobody = await service_world.member(where, role), service_world.nobody()
    assert (await nobody.get(path(ours.association_id))).status_code == 404
    first = await leader.change("PUT", path(ours.association_id), {"content": PICTURE})
    assert (first.status_code, first.json()["organisation_id"]) == (200, str(ours.association_id))
    seen = await nobody.get(path(ours.association_id))
    assert (seen.content, seen.headers["content-type"]) == (b64decode(PICTURE), "image/webp")
    assert seen.headers["x-content-type-options"] == "nosniff"
    other = b64encode(b64decode(PICTURE) + b"\0\0").decode()
    second = await leader.change("PUT", path(ours.association_id), {"content": other})
    assert first.json()["digest"] != second.json()["digest"] == await digest_seen_by(nobody, ours.association_id)
    for _ in range(2):
        assert (await leader.change("DELETE", path(ours.association_id))).status_code == 204
    assert await digest_seen_by(nobody, ours.association_id) is None


async def test_nobody_else_changes_it(service_world: World, ours: Founded, theirs: Founded) -> None:
    for person in (
        await service_world.member(ours.association_id, Role.coordinator),
        await service_world.member(theirs.association_id, Role.director),
        await service_world.member(theirs.federation_id, Role.federation_admin),
        service_world.stranger(),
    ):
        refused = await person.change("PUT", path(ours.association_id), {"content": PICTURE})
        assert refused.status_code == 403
        assert (await person.change("DELETE", path(ours.association_id))).status_code == 403
    assert await digest_seen_by(service_world.nobody(), ours.association_id) is None


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        (b"GIF89a", 422, "not-a-photo"),
        (b64decode(PICTURE) + b"\0" * 40_000, 413, "logo-too-large"),
    ],
)
async def test_other_files_are_no_logo(
    service_world: World, ours: Founded, content: bytes, status: int, slug: str
) -> None:
    director = await service_world.member(ours.association_id, Role.director)
    refused = await director.change("PUT", path(ours.association_id), {"content": b64encode(content).decode()})
    assert (refused.status_code, refused.json()["type"]) == (status, f"/problems/{slug}")
