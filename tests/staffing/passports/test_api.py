"""The passport over HTTP: open it shows papers, windows and hours to the federation; closed it shows nothing."""

from __future__ import annotations

from collections.abc import Callable

from common.ids import new_id
from contracts.partners import Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import Person, World
from tests.staffing.conftest import Plan
from tests.staffing.people.making import BASE
from tests.staffing.shifts.making import House, created, open_house

WINDOW = {"weekday": 2, "from_minute": 780, "to_minute": 1080, "kind": "preferred"}
WORK = {"title": "Secret work", "starts_at": "2026-05-06T12:00:00Z", "ends_at": "2026-05-06T14:00:00Z"}
LEAVE = {"starts_on": "2027-07-01", "ends_on": "2027-07-02"}


class Federation:
    """Two associations of one federation, and one that belongs to another."""

    def __init__(self, house: House, person: dict[str, str], neighbour: Person, stranger: Person) -> None:
        self.house, self.person, self.neighbour, self.stranger = house, person, neighbour, stranger
        self.path = f"{BASE}/passports/{person['id']}"
        self.consent = f"{BASE}/people/{person['id']}/passport"

    async def statuses(self, who: Person) -> list[object]:
        """What each route that shows something of the person answers."""
        own = f"{BASE}/people/{self.person['id']}"
        listed = (await who.get(f"{BASE}/passports")).json()["items"]
        answers = [await who.get(path) for path in (self.path, own, f"{own}/availability", f"{own}/passport")]
        rows = [
            (await who.get(f"{BASE}/{name}")).json()["items"]
            for name in ("people", "leaves", "qualifications", "hours")
        ]
        mentioned = [item for items in rows for item in items if self.person["id"] in str(item)]
        return [
            self.person["id"] in {item["person_id"] for item in listed},
            *(a.status_code for a in answers),
            mentioned,
        ]


async def federation(world: World, databases_of: Callable[[str], ServiceDatabases], plan: Plan) -> Federation:
    house = await open_house(world, databases_of, plan)
    shared, other = new_id(), new_id()
    await world.organisation(organisation_id=house.organisation_id, version=2, federation_ids=(shared,))
    neighbour = await world.member(await world.organisation(federation_ids=(shared, new_id())), Role.coordinator)
    stranger = await world.member(await world.organisation(federation_ids=(other,)), Role.coordinator)
    person = await house.person(email="aicha@example.org", phone="+32 470 00 00 00")
    path = f"{BASE}/people/{person['id']}"
    await house.coordinator.change("PUT", f"{path}/availability", {"windows": [WINDOW]}, version=1)
    await created(house.coordinator.post(f"{path}/leaves", LEAVE))
    hours = await created(house.coordinator.post(f"{path}/hours", WORK))
    await house.coordinator.change("PATCH", f"{BASE}/hours/{hours['id']}", {"state": "approved"}, version=1)
    return Federation(house, person, neighbour, stranger)


CLOSED = [False, 404, 404, 404, 404, []]
OPEN = [True, 200, 404, 404, 404, []]


async def test_an_open_passport_shows_papers_windows_and_hours_and_nothing_else(
    service_world: World, databases_of: Callable[[str], ServiceDatabases], plan: Plan
) -> None:
    there = await federation(service_world, databases_of, plan)
    aicha = await there.house.linked(there.person)
    assert await there.statuses(there.neighbour) == CLOSED
    await created(aicha.post(there.consent, {}))
    assert await there.statuses(there.neighbour) == OPEN
    assert await there.statuses(there.stranger) == CLOSED
    animator = await service_world.member(there.house.organisation_id, Role.animator)
    assert (await animator.get(there.path)).status_code == 404
    assert (await there.neighbour.get(there.path)).json() == {
        "person_id": there.person["id"],
        "organisation_id": str(there.house.organisation_id),
        "display_name": "Aïcha Benali",
        "papers": [
            {"kind": "animator_certificate", "issuer": "FWB", "issued_on": "2020-01-01", "expires_on": None},
        ],
        "windows": [{**WINDOW, "valid_from": None, "valid_to": None}],
        "hours": [{"year": 2026, "engagement": "volunteer", "minutes": 120}],
    }


async def test_a_withdrawn_consent_closes_every_route_at_once(
    service_world: World, databases_of: Callable[[str], ServiceDatabases], plan: Plan
) -> None:
    there = await federation(service_world, databases_of, plan)
    aicha = await there.house.linked(there.person)
    await created(aicha.post(there.consent, {}))
    assert (await there.neighbour.change("DELETE", there.consent)).status_code == 404
    assert await there.statuses(there.neighbour) == OPEN
    closed = await aicha.change("DELETE", there.consent)
    assert closed.json()["withdrawn_at"] is not None
    assert await there.statuses(there.neighbour) == CLOSED
    await created(aicha.post(there.consent, {}))
    assert await there.statuses(there.neighbour) == OPEN


async def test_a_planner_records_consent_on_paper_only_for_who_has_no_account(
    service_world: World, databases_of: Callable[[str], ServiceDatabases], plan: Plan
) -> None:
    there = await federation(service_world, databases_of, plan)
    made = await created(there.house.coordinator.post(there.consent, {}))
    assert made["is_on_paper"] is True
    assert await there.statuses(there.neighbour) == OPEN
    assert (await there.house.coordinator.change("DELETE", there.consent)).status_code == 200
    await there.house.linked(there.person)
    refused = await there.house.coordinator.post(there.consent, {})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/consent-is-his-own")
    assert await there.statuses(there.neighbour) == CLOSED
