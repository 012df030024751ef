"""People over HTTP: planners of the association and the people themselves, nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import text

from common.ids import new_id
from contracts.partners import Role
from contracts.staffing import PersonChanged
from tests.conftest import ServiceDatabases
from tests.factories.accounts import Person, World
from tests.staffing.people.making import BASE, link, register

Databases = Callable[[str], ServiceDatabases]


async def told(databases: Databases, person_id: str) -> list[PersonChanged]:
    """What was announced about a person, in order."""
    async with databases("staffing").engine("owner").connect() as connection:
        statement = text("select payload from outbox_events where key = :id order by id")
        return [
            PersonChanged.model_validate_json(row.payload)
            for row in await connection.execute(statement, {"id": UUID(person_id)})
        ]


async def test_a_coordinator_records_changes_and_finds_people(service_world: World, databases_of: Databases) -> None:
    organisation = await service_world.organisation()
    coordinator = await service_world.member(organisation, Role.coordinator)
    made = await register(coordinator, organisation, email="aicha@example.org", weekly_minutes_agreed=19 * 60)
    path = f"{BASE}/people/{made['id']}"
    assert (made["version"], made["has_account"]) == (1, False)
    changed = await coordinator.change("PATCH", path, {"phone": "+32 470 12 34 56", "email": None}, version=1)
    assert (changed.json()["phone"], changed.json()["email"], changed.json()["version"]) == (
        "+32 470 12 34 56",
        None,
        2,
    )
    assert (await coordinator.change("PATCH", path, {"phone": None}, version=1)).status_code == 412
    assert (await coordinator.change("PATCH", path, {"phone": None})).status_code == 428
    await register(coordinator, organisation, kind="employee", ended_on="2026-01-31")
    listed = (await coordinator.get(f"{BASE}/people?organisation_id={organisation}&active_on=2026-11-22")).json()
    assert [item["id"] for item in listed["items"]] == [made["id"]]
    assert [event.email for event in await told(databases_of, made["id"])] == ["aicha@example.org", None]


async def test_a_code_links_an_account_once_and_the_person_sees_himself(
    service_world: World, databases_of: Databases
) -> None:
    organisation = await service_world.organisation()
    coordinator = await service_world.member(organisation, Role.coordinator)
    made = await register(coordinator, organisation, email="aicha@example.org")
    aicha = await link(service_world, databases_of, coordinator, made["id"])
    (mine,) = (await aicha.get(f"{BASE}/people/mine")).json()
    assert (mine["id"], mine["has_account"]) == (made["id"], True)
    assert (await aicha.get(f"{BASE}/people/{made['id']}")).json()["display_name"] == "Aïcha Benali"
    code = next(event.link_code for event in await told(databases_of, made["id"]) if event.link_code)
    refused = await service_world.stranger().post(f"{BASE}/people/link", {"code": code})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-link-code")
    assert (await told(databases_of, made["id"]))[-1].account_subject == aicha.subject


async def test_an_account_is_linked_to_one_record_of_an_association(
    service_world: World, databases_of: Databases
) -> None:
    organisation, other = await service_world.organisation(), await service_world.organisation()
    coordinator = await service_world.member(organisation, Role.coordinator)
    elsewhere = await service_world.member(other, Role.coordinator)
    first = await register(coordinator, organisation, email="aicha@example.org")
    second = await register(coordinator, organisation, email="aicha@example.org")
    third = await register(elsewhere, other, email="aicha@example.org")
    aicha = await link(service_world, databases_of, coordinator, first["id"])
    await link(service_world, databases_of, elsewhere, third["id"], aicha)
    assert len((await aicha.get(f"{BASE}/people/mine")).json()) == 2
    await coordinator.post(f"{BASE}/people/{second['id']}/link-code", {})
    code = (await told(databases_of, second["id"]))[-1].link_code
    refused = await aicha.post(f"{BASE}/people/link", {"code": code})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/account-is-linked")


async def test_nobody_gets_a_code_without_an_address(service_world: World) -> None:
    organisation = await service_world.organisation()
    coordinator = await service_world.member(organisation, Role.coordinator)
    made = await register(coordinator, organisation)
    assert (await coordinator.post(f"{BASE}/people/{made['id']}/link-code", {})).status_code == 409


async def test_a_person_says_when_he_is_available_and_asks_for_leave(
    service_world: World, databases_of: Databases
) -> None:
    organisation = await service_world.organisation()
    coordinator = await service_world.member(organisation, Role.coordinator)
    made = await register(coordinator, organisation, email="aicha@example.org")
    aicha = await link(service_world, databases_of, coordinator, made["id"])
    path = f"{BASE}/people/{made['id']}"
    windows = [{"weekday": 2, "from_minute": 780, "to_minute": 1080, "kind": "preferred"}]
    version = (await aicha.get(f"{path}/availability")).json()["version"]
    said = await aicha.change("PUT", f"{path}/availability", {"windows": windows}, version=version)
    assert said.status_code == 200, said.text
    assert (await coordinator.get(f"{path}/availability")).json()["windows"] == [
        {**windows[0], "valid_from": None, "valid_to": None}
    ]
    days = {"starts_on": "2026-12-21", "ends_on": "2026-12-24"}
    asked = (await aicha.post(f"{path}/leaves", days)).json()
    assert asked["state"] == "requested"
    decision = f"{BASE}/leaves/{asked['id']}"
    assert (await aicha.change("PATCH", decision, {"state": "approved"}, version=1)).status_code == 403
    assert (await coordinator.change("PATCH", decision, {"state": "approved"}, version=1)).status_code == 200
    assert (await aicha.change("PATCH", decision, {"state": "withdrawn"}, version=2)).json()["state"] == "withdrawn"
    late = await coordinator.change("PATCH", decision, {"state": "approved"}, version=3)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/leave-is-decided")
    assert (await coordinator.post(f"{path}/leaves", days)).json()["state"] == "approved"
    reversed_days = {"starts_on": "2026-12-24", "ends_on": "2026-12-21"}
    assert (await coordinator.post(f"{path}/leaves", reversed_days)).status_code == 422
    assert len((await aicha.get(f"{BASE}/leaves")).json()["items"]) == 2


async def test_a_paper_of_ones_own_waits_until_a_planner_has_seen_it(
    service_world: World, databases_of: Databases
) -> None:
    organisation = await service_world.organisation()
    coordinator = await service_world.member(organisation, Role.coordinator)
    made = await register(coordinator, organisation, email="aicha@example.org")
    aicha = await link(service_world, databases_of, coordinator, made["id"])
    body = {"kind": "first_aid", "issuer": "Croix-Rouge", "issued_on": "2025-03-01", "expires_on": "2027-03-01"}
    shown = (await aicha.post(f"{BASE}/people/{made['id']}/qualifications", body)).json()
    assert shown["is_verified"] is False
    path = f"{BASE}/qualifications/{shown['id']}"
    assert (await aicha.change("PATCH", path, {"is_verified": True}, version=1)).status_code == 403
    seen = await coordinator.change("PATCH", path, {"is_verified": True}, version=1)
    assert (seen.json()["is_verified"], seen.json()["version"]) == (True, 2)
    expiring = await coordinator.get(f"{BASE}/qualifications?expires_before=2027-03-02")
    assert [item["id"] for item in expiring.json()["items"]] == [shown["id"]]
    assert (await coordinator.get(f"{BASE}/qualifications?expires_before=2027-03-01")).json()["items"] == []
    assert (await coordinator.change("DELETE", path, version=2)).status_code == 204


async def test_others_see_and_change_nothing(service_world: World, databases_of: Databases) -> None:
    ours, theirs = await service_world.organisation(), await service_world.organisation()
    coordinator = await service_world.member(ours, Role.coordinator)
    made = await register(coordinator, ours, email="aicha@example.org")
    elsewhere = await service_world.member(theirs, Role.director)
    same_account = await register(elsewhere, theirs, email="aicha@example.org")
    aicha = await link(service_world, databases_of, coordinator, made["id"])
    await link(service_world, databases_of, elsewhere, same_account["id"], aicha)
    outsiders: list[Person] = [elsewhere, await service_world.member(ours, Role.animator), service_world.stranger()]
    for outsider in outsiders:
        path = f"{BASE}/people/{made['id']}"
        seen: list[Any] = (await outsider.get(f"{BASE}/people")).json()["items"]
        assert made["id"] not in {item["id"] for item in seen}
        for answer in (
            await outsider.get(path),
            await outsider.get(f"{path}/availability"),
            await outsider.change("PATCH", path, {"phone": "112"}, version=3),
            await outsider.change("PUT", f"{path}/availability", {"windows": []}, version=3),
            await outsider.post(f"{path}/leaves", {"starts_on": "2026-12-21", "ends_on": "2026-12-24"}),
            await outsider.post(f"{path}/link-code", {}),
            await outsider.change("DELETE", f"{path}/account"),
        ):
            assert answer.status_code == 404, answer.text
    assert (await service_world.nobody().get(f"{BASE}/people/{new_id()}")).status_code == 401
