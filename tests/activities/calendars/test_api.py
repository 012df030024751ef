"""The bookings of a household for a calendar program that cannot sign in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.conftest import ServiceDatabases
from tests.factories.accounts import Person, World
from tests.factories.activities import BASE, Organiser, booking_body, created, make_household, make_organiser


@dataclass(frozen=True)
class Home:
    """A household with two children, a parent's account that is linked to its contact, and where they book."""

    organiser: Organiser
    household_id: UUID
    contact_id: str
    children: list[UUID]
    parent: Person

    @property
    def path(self) -> str:
        return f"{BASE}/households/{self.household_id}/calendar-address"

    async def book(self, *children: UUID, **plan: Any) -> dict[str, Any]:
        """A session of its own, with places for these."""
        session = await self.organiser.session(**plan)
        return created(await self.organiser.director.post(f"{BASE}/bookings", booking_body(session, *children)))

    async def link(self, who: Person) -> None:
        """With a code on paper."""
        contact = f"{BASE}/contacts/{self.contact_id}"
        code = (await self.organiser.director.post(f"{contact}/paper-code", None)).json()["code"]
        assert (await who.post(f"{BASE}/contacts/link", {"code": code})).status_code == 200


async def make_home(world: World, organiser: Organiser) -> Home:
    director = organiser.director
    household_id, children = await make_household(director, organiser.organisation_id, "2017-05-01", "2019-02-03")
    (contact,) = (await director.get(f"{BASE}/households/{household_id}/contacts")).json()
    parent = await world.parent(organiser.organisation_id, household_id, *children)
    found = Home(organiser, household_id, contact["id"], children, parent)
    await found.link(parent)
    return found


@pytest.fixture
async def home(service_world: World) -> Home:
    return await make_home(service_world, await make_organiser(service_world))


async def test_who_has_the_address_reads_the_bookings_of_the_household_and_nothing_else(
    home: Home, service_world: World, databases_of: Callable[[str], ServiceDatabases]
) -> None:
    booked = await home.book(*home.children)
    given_up = await home.book(home.children[0])
    cancelled = await home.parent.post(f"{BASE}/bookings/{given_up['id']}/cancellation", {})
    assert cancelled.status_code == 200
    other = await make_home(service_world, home.organiser)
    await other.book(other.children[0])
    assert (await home.parent.get(home.path)).status_code == 404
    made = (await home.parent.post(home.path, {})).json()
    assert (await home.parent.get(home.path)).json() == {
        "household_id": str(home.household_id), "made_at": made["made_at"],
    }  # fmt: skip
    async with databases_of("activities").engine("owner").begin() as connection:
        values = {"session_id": booked["session_id"], "organisation_id": home.organiser.organisation_id}
        await connection.execute(
            text("insert into session_rooms values (:session_id, :organisation_id, '{Salle bleue}')"), values
        )
    answer = await service_world.nobody().get(f"{BASE}/calendars/{made['secret']}")
    assert answer.headers["cache-control"] == "no-store"
    session = (await home.parent.get(f"{BASE}/sessions/{booked['session_id']}")).json()
    people = [(await home.parent.get(f"{BASE}/participants/{child}")).json() for child in home.children]
    assert answer.json() == {
        "language": "fr",
        "bookings": [
            {
                "id": booked["id"], "session_id": session["id"],
                **{name: session[name] for name in ("organisation_id", "site_id", "version", "title", "starts_at",
                                                    "ends_at")},
                "given_names": sorted(person["given_name"] for person in people),
                "rooms": ["Salle bleue"],
            }
        ],
    }  # fmt: skip
    assert (await service_world.nobody().get(f"{BASE}/calendars/{made['secret'][:-1]}")).status_code == 404


async def test_a_replaced_or_withdrawn_address_shows_nothing(home: Home, service_world: World) -> None:
    nobody = service_world.nobody()
    first, second = [(await home.parent.post(home.path, {})).json()["secret"] for _ in range(2)]
    assert (await nobody.get(f"{BASE}/calendars/{first}")).status_code == 404
    assert (await nobody.get(f"{BASE}/calendars/{second}")).json()["bookings"] == []
    assert (await home.parent.change("DELETE", home.path)).status_code == 204
    assert (await nobody.get(f"{BASE}/calendars/{second}")).status_code == 404
    assert (await home.parent.change("DELETE", home.path)).status_code == 404


async def test_nobody_else_has_an_address_for_a_household(home: Home, service_world: World) -> None:
    answer = await home.organiser.director.post(home.path, {})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/calendar-of-own-household")
    partner = await service_world.parent(home.organiser.organisation_id, home.household_id, *home.children)
    assert (await partner.post(home.path, {})).status_code == 403, "he answers for them, but no contact is his"
    assert (await service_world.stranger().post(home.path, {})).status_code == 404
    assert (await service_world.nobody().post(home.path, {})).status_code == 401


@pytest.mark.parametrize("how", ["unlinked", "linked to another account"])
async def test_the_address_goes_with_the_account_and_only_its_digest_is_kept(
    home: Home, service_world: World, databases_of: Callable[[str], ServiceDatabases], how: str
) -> None:
    secret = (await home.parent.post(home.path, {})).json()["secret"]
    async with databases_of("activities").engine("owner").connect() as connection:
        statement = text("select t::text from calendar_addresses t where contact_id = :id")
        assert secret not in (await connection.execute(statement, {"id": home.contact_id})).scalar_one()
    if how == "unlinked":
        path = f"{BASE}/contacts/{home.contact_id}/account"
        assert (await home.organiser.director.change("DELETE", path)).status_code == 200
    else:
        await home.link(service_world.stranger())
    assert (await service_world.nobody().get(f"{BASE}/calendars/{secret}")).status_code == 404
