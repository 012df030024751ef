"""Rooms, closures, papers and reservations over HTTP: for the owner, the federation, and nobody else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from contracts.partners import Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import Person, World
from tests.partners.agreements.test_api import AGREEMENTS, new_agreement, sign
from tests.partners.conftest import Founded
from tests.partners.lending import second_association
from tests.partners.resources.conftest import (
    BASE,
    made,
    new_closure,
    new_paper,
    new_reservation,
    new_resource,
    period,
)


@pytest.fixture
async def owner(service_world: World, ours: Founded) -> Person:
    """Coordinates the association that owns."""
    return await service_world.member(ours.association_id, Role.coordinator)


@pytest.fixture
async def lodger_id(databases: ServiceDatabases, ours: Founded) -> UUID:
    """Another association of the same federation."""
    return await second_association(databases, ours)


@pytest.fixture
async def lodger(service_world: World, lodger_id: UUID) -> Person:
    """Coordinates that one."""
    return await service_world.member(lodger_id, Role.coordinator)


@pytest.fixture
async def stranger(service_world: World, theirs: Founded) -> Person:
    """Coordinates an association of another federation."""
    return await service_world.member(theirs.association_id, Role.coordinator)


async def test_a_room_is_entered_changed_and_read_again(owner: Person, ours: Founded) -> None:
    hours = [{"weekday": 0, "opens": "08:30", "closes": "24:00"}]
    room = await made(owner, "/resources", new_resource(ours.association_id, opening_hours=hours, quantity=1))
    assert (room["opening_hours"], room["time_zone"], room["currency"]) == (hours, "Europe/Brussels", "EUR")
    path = f"{BASE}/resources/{room['id']}"
    changed = await owner.change("PATCH", path, {"pooled": True, "capacity": None, "opening_hours": []}, version=1)
    assert (changed.status_code, changed.json()["version"], changed.json()["capacity"]) == (200, 2, None)
    assert (await owner.get(path)).json() == changed.json()
    assert (await owner.change("PATCH", path, {"pooled": False}, version=1)).status_code == 412
    half = await owner.change("PATCH", path, {"quota_hours": 4}, version=2)
    assert (half.status_code, half.json()["type"]) == (422, "/problems/quota-incomplete")


async def test_the_federation_sees_what_is_pooled_and_strangers_see_nothing(
    owner: Person, lodger: Person, stranger: Person, ours: Founded
) -> None:
    pooled = await made(owner, "/resources", new_resource(ours.association_id, pooled=True))
    private = await made(owner, "/resources", new_resource(ours.association_id))
    for person, expected in ((owner, {pooled["id"], private["id"]}), (lodger, {pooled["id"]}), (stranger, set())):
        listed = {one["id"] for one in (await person.get(f"{BASE}/resources")).json()["items"]}
        assert listed == expected
    assert (await lodger.get(f"{BASE}/resources/{private['id']}")).status_code == 404
    assert (await stranger.get(f"{BASE}/resources/{pooled['id']}")).status_code == 404
    assert (
        await lodger.change("PATCH", f"{BASE}/resources/{pooled['id']}", {"name": "Mine"}, version=1)
    ).status_code == 403


async def test_a_lodger_reserves_and_third_parties_see_busy_hours_only(
    service_world: World, databases: ServiceDatabases, owner: Person, lodger: Person, lodger_id: UUID, ours: Founded
) -> None:
    room = await made(owner, "/resources", new_resource(ours.association_id, pooled=True))
    reserved = await made(lodger, "/reservations", new_reservation(lodger_id, room["id"]))
    assert (reserved["state"], reserved["price_minor"]) == ("confirmed", 3_000)
    third = await service_world.member(await second_association(databases, ours), Role.director)
    window = {"from_at": period(-1)["starts_at"], "until_at": period(1)["ends_at"]}
    busy = await third.get(f"{BASE}/resources/{room['id']}/busy", params=window)
    assert [(one["kind"], one["quantity"]) for one in busy.json()["busy"]] == [("reserved", 1)]
    assert "Assemblée" not in busy.text
    assert str(lodger_id) not in busy.text
    assert (await third.get(f"{BASE}/reservations/{reserved['id']}")).status_code == 404
    assert (await third.get(f"{BASE}/reservations")).json()["items"] == []
    for person in (owner, lodger):
        assert [one["id"] for one in (await person.get(f"{BASE}/reservations")).json()["items"]] == [reserved["id"]]


async def test_of_two_at_the_same_hour_the_second_is_told_what_is_free(
    owner: Person, lodger: Person, lodger_id: UUID, ours: Founded
) -> None:
    room = await made(owner, "/resources", new_resource(ours.association_id, pooled=True))
    bodies = [new_reservation(lodger_id, room["id"]), new_reservation(ours.association_id, room["id"])]
    answers = await asyncio.gather(
        lodger.post(f"{BASE}/reservations", bodies[0]), owner.post(f"{BASE}/reservations", bodies[1])
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refused["type"] == "/problems/resource-not-free"
    assert refused["detail"].startswith("Reserved from 2030-01-01 11:00")
    assert "Free instead: Grande salle from 2030-01-01T" in refused["detail"]


async def test_the_lodger_gives_back_and_the_owner_does_not_do_it_for_him(
    owner: Person, lodger: Person, lodger_id: UUID, ours: Founded
) -> None:
    room = await made(owner, "/resources", new_resource(ours.association_id, pooled=True))
    reserved = await made(lodger, "/reservations", new_reservation(lodger_id, room["id"]))
    path = f"{BASE}/reservations/{reserved['id']}/release"
    assert (await owner.post(path, None)).status_code == 403
    assert [(await lodger.post(path, None)).json()["state"] for _ in range(2)] == ["released", "released"]
    await made(owner, "/reservations", new_reservation(ours.association_id, room["id"]))


async def test_an_owner_approves_or_refuses_what_waits_for_it(
    owner: Person, lodger: Person, lodger_id: UUID, ours: Founded
) -> None:
    room = await made(owner, "/resources", new_resource(ours.association_id, pooled=True, approval="owner"))
    first = await made(lodger, "/reservations", new_reservation(lodger_id, room["id"], 1))
    second = await made(lodger, "/reservations", new_reservation(lodger_id, room["id"], 2))
    assert (first["state"], second["state"]) == ("asked", "asked")
    assert (await lodger.post(f"{BASE}/reservations/{first['id']}/approval", None)).status_code == 403
    approved = await owner.post(f"{BASE}/reservations/{first['id']}/approval", None)
    refused = await owner.post(f"{BASE}/reservations/{second['id']}/refusal", {"reason": "Ours that day"})
    assert (approved.json()["state"], refused.json()["state"]) == ("confirmed", "declined")
    again = await owner.post(f"{BASE}/reservations/{second['id']}/approval", None)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-waiting-for-approval")
    late = await owner.post(f"{BASE}/reservations/{first['id']}/withdrawal", {"reason": "Flooded"})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/notice-too-short")


async def test_closing_reopening_and_ending(owner: Person, lodger: Person, lodger_id: UUID, ours: Founded) -> None:
    room = await made(owner, "/resources", new_resource(ours.association_id, pooled=True))
    closures = f"/resources/{room['id']}/closures"
    closed = await made(owner, closures, new_closure(10))
    refused = await lodger.post(f"{BASE}/reservations", new_reservation(lodger_id, room["id"], 10))
    assert (refused.status_code, "Paint" in refused.text) == (409, False)
    assert (await lodger.get(f"{BASE}{closures}")).status_code == 403
    assert (await owner.change("DELETE", f"{BASE}/closures/{closed['id']}")).status_code == 204
    await made(lodger, "/reservations", new_reservation(lodger_id, room["id"], 10))
    again = await owner.post(f"{BASE}{closures}", new_closure(10))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/still-reserved")
    assert (await owner.post(f"{BASE}/resources/{room['id']}/end", None)).status_code == 409


async def test_a_room_that_floods_is_closed_although_it_is_reserved(
    owner: Person, lodger: Person, lodger_id: UUID, ours: Founded
) -> None:
    room = await made(owner, "/resources", new_resource(ours.association_id, pooled=True))
    reserved = await made(lodger, "/reservations", new_reservation(lodger_id, room["id"], 10))
    period = new_closure(10)
    body = {name: period[name] for name in ("starts_at", "ends_at")} | {"reason": "Flooded"}
    path = f"/resources/{room['id']}/sudden-closures"
    assert (await lodger.post(f"{BASE}{path}", body)).status_code == 403
    closed = await made(owner, path, body)
    assert (closed["reservations_taken_back"], closed["reason"]) == (1, "Flooded")
    lost = (await lodger.get(f"{BASE}/reservations/{reserved['id']}")).json()
    assert (lost["state"], lost["reason"]) == ("withdrawn", "withdrawn_by_owner")
    again = await lodger.post(f"{BASE}/reservations", new_reservation(lodger_id, room["id"], 10))
    assert again.status_code == 409
    backwards = {**body, "ends_at": body["starts_at"]}
    wrong = await owner.post(f"{BASE}{path}", backwards)
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/closes-too-early")


async def test_papers_are_shown_with_the_resource(owner: Person, lodger: Person, ours: Founded) -> None:
    room = await made(owner, "/resources", new_resource(ours.association_id, pooled=True))
    path = f"/resources/{room['id']}/papers"
    await made(owner, path, new_paper())
    assert [one["issuer"] for one in (await lodger.get(f"{BASE}{path}")).json()] == ["SIAMU"]
    assert (await lodger.post(f"{BASE}{path}", new_paper())).status_code == 403
    wrong = await owner.post(f"{BASE}{path}", new_paper(expires_on="2024-01-01"))
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/closes-too-early")


async def test_a_reservation_cites_the_agreement_that_covers_it(
    service_world: World, owner: Person, lodger: Person, lodger_id: UUID, ours: Founded
) -> None:
    director = await service_world.member(ours.association_id, Role.director)
    room = await made(owner, "/resources", new_resource(ours.association_id, pooled=True))
    place = {"party_id": str(ours.association_id), "kind": "place", "description": "La grande salle"}
    lodgers = replace(ours, association_id=lodger_id)
    body = new_agreement(ours, lodgers, starts_on="2029-09-01", ends_on="2030-06-30", contributions=[place])
    agreement = (await owner.post(AGREEMENTS, body)).json()
    await owner.post(f"{AGREEMENTS}/{agreement['id']}/send", {})
    wanted = new_reservation(lodger_id, room["id"], agreement_id=agreement["id"])
    too_early = await lodger.post(f"{BASE}/reservations", wanted)
    assert (too_early.status_code, too_early.json()["type"]) == (422, "/problems/agreement-does-not-cover")
    for side in (ours, lodgers):
        assert (await sign(director, agreement, side)).status_code == 201
    reserved = await made(lodger, "/reservations", wanted)
    assert reserved["agreement_id"] == agreement["id"]
    after_its_end = await lodger.post(f"{BASE}/reservations", {**wanted, **period(300)})
    assert after_its_end.json()["detail"] == "The agreement does not hold on all of these days."
    for person in (owner, lodger):
        citing = (await person.get(f"{BASE}/reservations", params={"agreement_id": agreement["id"]})).json()
        assert [one["id"] for one in citing["items"]] == [reserved["id"]]


async def test_an_agreement_of_others_is_not_cited(
    service_world: World, lodger: Person, lodger_id: UUID, owner: Person, ours: Founded, theirs: Founded
) -> None:
    room = await made(owner, "/resources", new_resource(ours.association_id, pooled=True))
    stranger = await service_world.member(theirs.association_id, Role.director)
    between_others = await stranger.post(AGREEMENTS, new_agreement(theirs, ours))
    assert between_others.status_code == 201, between_others.text
    wanted = new_reservation(lodger_id, room["id"], agreement_id=between_others.json()["id"])
    assert (await lodger.post(f"{BASE}/reservations", wanted)).status_code == 404
