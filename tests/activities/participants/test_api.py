"""Households, participants and contacts over HTTP: who sees and changes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from common.ids import new_id
from contracts.activities import ContactChanged
from contracts.partners import Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import Person, World
from tests.factories.activities import (
    BASE,
    booking_body,
    created,
    make_household,
    make_organiser,
    make_participant,
)

HOUSEHOLDS, PARTICIPANTS, CONTACTS = f"{BASE}/households", f"{BASE}/participants", f"{BASE}/contacts"
FIELD = (Role.director, Role.coordinator, Role.animator)


@pytest.fixture
def owner(databases_of: Callable[[str], ServiceDatabases]) -> AsyncEngine:
    """The database as its owner, who sees the outbox and writes the projection."""
    return databases_of("activities").engine("owner")


@dataclass(frozen=True)
class Family:
    """A household of an association with its contact and children, and a parent's account."""

    organisation_id: UUID
    director: Person
    household_id: UUID
    contact_id: str
    children: list[UUID]
    parent: Person


async def make_family(world: World, *born_on: str) -> Family:
    organisation_id = await world.organisation()
    director = await world.member(organisation_id, Role.director)
    household_id, children = await make_household(director, organisation_id, *(born_on or ("2017-05-01",)))
    contacts = (await director.get(f"{HOUSEHOLDS}/{household_id}/contacts")).json()
    parent = await world.parent(organisation_id, household_id, *children)
    return Family(organisation_id, director, household_id, contacts[0]["id"], children, parent)


def paths_of(family: Family) -> list[str]:
    return [
        f"{HOUSEHOLDS}/{family.household_id}",
        f"{HOUSEHOLDS}/{family.household_id}/contacts",
        f"{PARTICIPANTS}/{family.children[0]}",
        f"{CONTACTS}/{family.contact_id}",
    ]


async def test_a_parent_sees_the_own_household_and_only_that(service_world: World) -> None:
    family, other = await make_family(service_world), await make_family(service_world)
    for path in paths_of(family):
        assert (await family.parent.get(path)).status_code == 200
    for path in paths_of(other):
        assert (await family.parent.get(path)).status_code == 404
    households = (await family.parent.get(HOUSEHOLDS)).json()["items"]
    assert [item["id"] for item in households] == [str(family.household_id)]
    people = (await family.parent.get(PARTICIPANTS)).json()["items"]
    assert [item["id"] for item in people] == [str(family.children[0])]


async def test_staff_find_their_own_household_among_all(service_world: World) -> None:
    family = await make_family(service_world)
    assert (await family.director.get(HOUSEHOLDS, params={"mine": "true"})).json()["items"] == []
    own = (await family.parent.get(HOUSEHOLDS, params={"mine": "true"})).json()["items"]
    assert [item["id"] for item in own] == [str(family.household_id)]


async def test_a_parent_says_who_the_family_is_and_how_it_is_reached(service_world: World) -> None:
    family = await make_family(service_world)
    child, contact = f"{PARTICIPANTS}/{family.children[0]}", f"{CONTACTS}/{family.contact_id}"
    corrected = await family.parent.change("PATCH", child, {"given_name": "Ines", "born_on": "2016-05-01"}, version=1)
    assert (corrected.status_code, corrected.json()["given_name"]) == (200, "Ines")
    version = (await family.parent.get(contact)).json()["version"]
    by_phone = {"phone": "+32 470 55 10 01", "prefers_phone": True}
    changed = await family.parent.change("PATCH", contact, by_phone, version=version)
    assert (changed.status_code, changed.json()["prefers_phone"]) == (200, True)
    body = {"organisation_id": str(family.organisation_id), "household_id": str(family.household_id)}
    added = created(await family.parent.post(PARTICIPANTS, {**body, "given_name": "Sami", "family_name": "Haddad"}))
    people = (await family.director.get(PARTICIPANTS, params={"household_id": str(family.household_id)})).json()
    assert [item["given_name"] for item in people["items"]] == ["Ines", added["given_name"]]


async def test_a_parent_changes_nothing_else(service_world: World) -> None:
    family, other = await make_family(service_world), await make_family(service_world)
    for path, body in [
        (f"{HOUSEHOLDS}/{family.household_id}", {"name": "Other"}),
        (f"{PARTICIPANTS}/{family.children[0]}", {"household_id": None}),
        (f"{PARTICIPANTS}/{family.children[0]}", {"household_id": str(family.household_id), "given_name": "X"}),
    ]:
        assert (await family.parent.change("PATCH", path, body, version=1)).status_code == 403
    for path in (f"{PARTICIPANTS}/{other.children[0]}", f"{CONTACTS}/{other.contact_id}"):
        assert (await family.parent.change("PATCH", path, {}, version=1)).status_code == 404
    for household_id in (str(other.household_id), None):
        body = {"organisation_id": str(other.organisation_id), "household_id": household_id}
        stranger = {**body, "given_name": "Sami", "family_name": "Haddad"}
        assert (await family.parent.post(PARTICIPANTS, stranger)).status_code == 403
    elsewhere = {"organisation_id": str(other.organisation_id), "household_id": str(family.household_id)}
    foreign = {**elsewhere, "given_name": "Sami", "family_name": "Haddad"}
    assert (await family.parent.post(PARTICIPANTS, foreign)).status_code == 404


async def test_a_parent_changes_no_contacts_by_other_ways(service_world: World) -> None:
    family = await make_family(service_world)
    contact = {"display_name": "Intruder", "language": "fr"}
    assert (await family.parent.post(f"{HOUSEHOLDS}/{family.household_id}/contacts", contact)).status_code == 403
    assert (await family.parent.post(f"{CONTACTS}/{family.contact_id}/link-code", None)).status_code == 403
    assert (await family.parent.change("DELETE", f"{CONTACTS}/{family.contact_id}/account")).status_code == 403


async def test_others_see_and_change_nothing(service_world: World) -> None:
    family = await make_family(service_world)
    neighbour = await service_world.member(await service_world.organisation(), Role.director)
    others = [neighbour, service_world.stranger()]
    others += [await service_world.member(family.organisation_id, role) for role in set(Role) - set(FIELD)]
    for person in others:
        for path in paths_of(family):
            assert (await person.get(path)).status_code == 404
            assert (await person.change("PATCH", path.removesuffix("/contacts"), {}, version=1)).status_code in (
                404,
                422,
            )
        for listing in (HOUSEHOLDS, PARTICIPANTS):
            assert (await person.get(listing)).json()["items"] == []
        body = {"organisation_id": str(family.organisation_id), "name": "Intruders"}
        assert (await person.post(HOUSEHOLDS, body)).status_code == 403
    for path in (*paths_of(family), HOUSEHOLDS, PARTICIPANTS):
        assert (await service_world.nobody().get(path)).status_code == 401


async def test_field_staff_correct_people_by_the_version_they_read(service_world: World) -> None:
    family = await make_family(service_world)
    for number, role in enumerate(FIELD, start=1):
        staff = await service_world.member(family.organisation_id, role)
        path = f"{PARTICIPANTS}/{family.children[0]}"
        assert (await staff.get(path)).headers["ETag"] == f'"{number}"'
        changed = await staff.change("PATCH", path, {"given_name": role}, version=number)
        assert (changed.status_code, changed.json()["given_name"]) == (200, role)
        assert (await staff.change("PATCH", path, {"given_name": "late"}, version=number)).status_code == 412
        assert (await staff.change("PATCH", path, {"given_name": "blind"})).status_code == 428
    renamed = await family.director.change("PATCH", f"{HOUSEHOLDS}/{family.household_id}", {"name": "New"}, version=1)
    assert (renamed.json()["name"], renamed.headers["ETag"]) == ("New", '"2"')


async def test_a_child_moves_to_another_household_and_is_seen_there(service_world: World) -> None:
    family = await make_family(service_world)
    household_id, _ = await make_household(family.director, family.organisation_id)
    path = f"{PARTICIPANTS}/{family.children[0]}"
    moved = await family.director.change("PATCH", path, {"household_id": str(household_id)}, version=1)
    assert moved.json()["household_id"] == str(household_id)
    listed = await family.director.get(PARTICIPANTS, params={"household_id": str(household_id)})
    assert [item["id"] for item in listed.json()["items"]] == [str(family.children[0])]
    elsewhere = await make_family(service_world)
    refused = await family.director.change("PATCH", path, {"household_id": str(elsewhere.household_id)}, version=2)
    unknown = await family.director.change("PATCH", path, {"household_id": str(new_id())}, version=2)
    assert (refused.status_code, refused.json()["type"]) == (unknown.status_code, unknown.json()["type"])
    assert refused.status_code == 404


async def test_an_account_is_linked_by_code_and_then_speaks_for_the_contact(
    service_world: World, owner: AsyncEngine
) -> None:
    family = await make_family(service_world)
    assert (await family.director.post(f"{CONTACTS}/{family.contact_id}/link-code", None)).status_code == 202
    code = await last_code(owner, family.contact_id)
    parent = family.parent
    for wrong in ("0123456789", code + "x"):
        refused = await parent.post(f"{CONTACTS}/link", {"code": wrong})
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-link-code")
    linked = await parent.post(f"{CONTACTS}/link", {"code": code})
    assert (linked.status_code, linked.json()["linked"]) == (200, True)
    assert (await service_world.stranger().post(f"{CONTACTS}/link", {"code": code})).status_code == 422
    path = f"{CONTACTS}/{family.contact_id}"
    version = linked.json()["version"]
    changed = await parent.change("PATCH", path, {"language": "nl", "email": "me@example.org"}, version=version)
    assert (changed.status_code, changed.json()["language"]) == (200, "nl")
    partner = await service_world.parent(family.organisation_id, family.household_id, *family.children)
    to_french = ("PATCH", path, {"language": "fr"})
    assert (await partner.change(*to_french, version=version + 1)).status_code == 403, "this contact has an account"
    unlinked = await family.director.change("DELETE", f"{path}/account")
    assert (unlinked.status_code, unlinked.json()["linked"]) == (200, False)
    assert (await partner.change(*to_french, version=version + 2)).status_code == 200
    assert (await service_world.stranger().change(*to_french, version=version + 3)).status_code == 404


async def test_a_code_on_paper_links_an_account_of_a_family_without_email(
    service_world: World, owner: AsyncEngine
) -> None:
    family = await make_family(service_world)
    contact = f"{CONTACTS}/{family.contact_id}"
    version = (await family.director.get(contact)).json()["version"]
    assert (await family.director.change("PATCH", contact, {"email": None}, version=version)).status_code == 200
    assert (await family.director.post(f"{contact}/link-code", None)).status_code == 409
    assert (await family.parent.post(f"{contact}/paper-code", None)).status_code == 403
    first = (await family.director.post(f"{contact}/paper-code", None)).json()["code"]
    told = await family.director.post(f"{contact}/paper-code", None)
    assert told.status_code == 200
    code = told.json()["code"]
    assert await last_event_has_no_code(owner, family.contact_id)
    assert (await family.parent.post(f"{CONTACTS}/link", {"code": first})).status_code == 422, "a later one was given"
    linked = await family.parent.post(f"{CONTACTS}/link", {"code": code.lower().replace("-", "")})
    assert (linked.status_code, linked.json()["linked"]) == (200, True)
    assert (await service_world.stranger().post(f"{CONTACTS}/link", {"code": code})).status_code == 422


async def last_event_has_no_code(owner: AsyncEngine, contact_id: str) -> bool:
    """True when nothing would be sent."""
    return (await last_contact(owner, contact_id)).link_code is None


async def last_code(owner: AsyncEngine, contact_id: str) -> str:
    """The code in the event that notifications would send on."""
    code = (await last_contact(owner, contact_id)).link_code
    assert isinstance(code, str)
    return code


async def last_contact(owner: AsyncEngine, contact_id: str) -> ContactChanged:
    """What was told of the contact last."""
    statement = text(
        "select payload from outbox_events where key = :key and wire_type = :type order by id desc limit 1"
    )
    async with owner.connect() as connection:
        found = await connection.execute(statement, {"key": contact_id, "type": ContactChanged.wire_type})
    return ContactChanged.model_validate_json(found.scalar_one())


async def test_an_organiser_sees_who_is_booked_with_it_while_they_are(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    family = await make_family(service_world)
    booking = created(await family.parent.post(f"{BASE}/bookings", booking_body(session, *family.children)))
    path = f"{PARTICIPANTS}/{family.children[0]}"
    assert (await organiser.director.get(path)).status_code == 200
    assert (await organiser.director.change("PATCH", path, {"given_name": "Other"}, version=1)).status_code == 403
    assert (await organiser.director.get(f"{HOUSEHOLDS}/{family.household_id}")).status_code == 404
    await family.parent.post(f"{BASE}/bookings/{booking['id']}/cancellation", {})
    assert (await organiser.director.get(path)).status_code == 404


async def test_people_are_found_by_name(service_world: World) -> None:
    family = await make_family(service_world)
    await make_participant(family.director, family.organisation_id)
    for needle, count in [("yanis h", 2), ("HADDAD", 2), ("%", 0), ("_", 0), ("peeters", 0)]:
        found = await family.director.get(PARTICIPANTS, params={"name_contains": needle})
        assert len(found.json()["items"]) == count
    assert len((await family.director.get(HOUSEHOLDS, params={"name_contains": "hadd"})).json()["items"]) == 1
    assert (await family.director.get(PARTICIPANTS, params={"name_contains": "\x00"})).status_code == 422


BAD_PARTICIPANTS: list[dict[str, Any]] = [
    {"given_name": ""},
    {"given_name": "a\x00b"},
    {"born_on": "2999-01-01"},
    {"born_on": "1899-12-31"},
    {"born_on": "0000-00-00"},
    {"born_on": 12},
    {"household_id": "not-an-id"},
    {"health": "allergic"},
]


@pytest.mark.parametrize("fault", BAD_PARTICIPANTS)
async def test_bad_input_is_told(service_world: World, fault: dict[str, Any]) -> None:
    organisation_id = await service_world.organisation()
    director = await service_world.member(organisation_id, Role.director)
    good = {"organisation_id": str(organisation_id), "given_name": "Yanis", "family_name": "Haddad"}
    assert (await director.post(PARTICIPANTS, {**good, **fault})).status_code == 422
    child = created(await director.post(PARTICIPANTS, good))
    changed = await director.change("PATCH", f"{PARTICIPANTS}/{child['id']}", fault, version=1)
    assert changed.status_code == 422
    assert len((await director.get(PARTICIPANTS)).json()["items"]) == 1


async def test_a_number_to_call_is_kept_corrected_and_forgotten(service_world: World) -> None:
    family = await make_family(service_world)
    path = f"{CONTACTS}/{family.contact_id}"
    for phone in ("+32 470 55 10 01", "081/22.33.44", None):
        version = (await family.director.get(path)).json()["version"]
        assert (await family.director.change("PATCH", path, {"phone": phone}, version=version)).status_code == 200
        assert (await family.parent.get(path)).json()["phone"] == phone


@pytest.mark.parametrize("phone", ["", "12", "call me", "+32\x00470", "1" * 41])
async def test_a_number_that_cannot_be_called_is_refused(service_world: World, phone: str) -> None:
    family = await make_family(service_world)
    body = {"display_name": "Amina", "phone": phone, "language": "fr"}
    assert (await family.director.post(f"{HOUSEHOLDS}/{family.household_id}/contacts", body)).status_code == 422


@pytest.mark.parametrize("email", ["", "a", "a@b", "a b@c.de", "a@b\x00.de", "x" * 250 + "@b.de"])
async def test_an_address_that_cannot_be_written_to_is_refused(service_world: World, email: str) -> None:
    family = await make_family(service_world)
    body = {"display_name": "Amina", "email": email, "language": "fr"}
    assert (await family.director.post(f"{HOUSEHOLDS}/{family.household_id}/contacts", body)).status_code == 422
