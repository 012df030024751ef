"""With an open passport somebody can be asked by another association; closed again, every way to him is shut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from common.ids import new_id
from contracts.partners import OrganisationKind, Role
from contracts.staffing import LentHoursApproved, SubstituteSought
from tests.conftest import ServiceDatabases
from tests.factories.accounts import Person, World
from tests.staffing.conftest import Plan
from tests.staffing.people.making import BASE
from tests.staffing.shifts.making import House, created, open_house

WORK = {"title": "Atelier cirque", "starts_at": "2026-05-06T12:00:00Z", "ends_at": "2026-05-06T15:30:00Z"}


@dataclass
class Street:
    """Two associations of one federation: `here` has a shift without anybody, `there` has Aïcha, who has an account."""

    here: House
    there: House
    shift: dict[str, Any]
    person: dict[str, Any]
    aicha: Person
    federation_id: UUID

    @property
    def consent(self) -> str:
        return f"{BASE}/people/{self.person['id']}/passport"

    async def elsewhere(self, who: Person | None = None) -> Any:
        """Who could come, as the planners here, or others, are told."""
        path = f"{BASE}/shifts/{self.shift['id']}/candidates-elsewhere"
        return (await (who or self.here.coordinator).get(path)).json()

    async def ask(self) -> Any:
        """Ask Aïcha to come."""
        path = f"{BASE}/shifts/{self.shift['id']}/substitute-requests"
        return await self.here.coordinator.post(path, {"person_ids": [self.person["id"]]})

    async def accept(self, request: dict[str, Any]) -> Any:
        """Aïcha says that she comes."""
        return await self.aicha.post(f"{BASE}/substitute-requests/{request['id']}/acceptance", {})

    async def people_here(self) -> list[str]:
        """Whom the association knows by now."""
        return [one["display_name"] for one in (await self.here.coordinator.get(f"{BASE}/people")).json()["items"]]


@pytest.fixture
async def street(service_world: World, databases_of: Callable[[str], ServiceDatabases], plan: Plan) -> Street:
    """Both houses, with the passport open."""
    federation_id = await service_world.organisation(OrganisationKind.federation)
    houses = [await open_house(service_world, databases_of, plan) for _ in range(2)]
    for house in houses:
        await service_world.organisation(
            organisation_id=house.organisation_id, version=2, federation_ids=(federation_id,)
        )
    here, there = houses
    person = await there.person(email="aicha@example.org", phone="+32 470 00 00 00")
    aicha = await there.linked(person)
    found = Street(here, there, await here.shift(), person, aicha, federation_id)
    await created(aicha.post(found.consent, {}))
    return found


async def test_who_lets_the_federation_know_him_is_asked_and_comes(street: Street) -> None:
    (candidate,) = await street.elsewhere()
    assert candidate == {
        "person_id": street.person["id"],
        "organisation_id": str(street.there.organisation_id),
        "display_name": "Aïcha Benali",
        "can_be_asked": True,
        "has_account": True,
        "findings": [],
    }
    request = await created(street.ask())
    (told,) = await street.here.told(SubstituteSought)
    assert isinstance(told, SubstituteSought)
    (asked,) = told.asked_elsewhere
    assert (str(asked.person_id), asked.organisation_id) == (street.person["id"], street.there.organisation_id)
    taken = await street.accept(request)
    assert (taken.status_code, taken.json()["state"]) == (200, "filled")
    assert (await street.here.coverage())["is_short"] is False, "her certificate came along"
    assert await street.people_here() == ["Aïcha Benali"]
    (duty,) = (await street.aicha.get(f"{BASE}/assignments/mine")).json()
    assert duty["shift_id"] == street.shift["id"]
    assert await street.elsewhere() == [], "now she is one of the association's own people"
    assert (await street.accept(request)).json()["type"] == "/problems/substitute-request-is-closed"


async def test_consent_withdrawn_closes_every_way(street: Street) -> None:
    request = await created(street.ask())
    assert (await street.aicha.change("DELETE", street.consent)).status_code == 200
    assert await street.elsewhere() == []
    assert (await street.ask()).json()["type"] == "/problems/may-not-be-asked"
    assert (await street.accept(request)).status_code == 404
    assert await street.people_here() == []


async def test_it_is_told_that_somebody_is_not_free_and_not_why(street: Street) -> None:
    day = street.here.session.starts_at.date().isoformat()
    leave = {"starts_on": day, "ends_on": day}
    path = f"{BASE}/people/{street.person['id']}/leaves"
    away = await created(street.there.coordinator.post(path, leave))
    (on_leave,) = await street.elsewhere()
    withdrawn = {"state": "withdrawn"}
    changed = await street.there.coordinator.change("PATCH", f"{BASE}/leaves/{away['id']}", withdrawn, version=1)
    assert changed.status_code == 200
    await created(street.there.assign(await street.there.shift(), street.person))
    (on_duty,) = await street.elsewhere()
    assert on_leave == on_duty
    assert on_duty["can_be_asked"] is False
    assert [finding["explanation"] for finding in on_duty["findings"]] == ["Is not free at this time."]
    assert (await street.ask()).json()["type"] == "/problems/may-not-be-asked"


async def test_who_has_no_account_is_shown_and_asked_through_the_association(street: Street) -> None:
    bart = await street.there.person(display_name="Bart")
    await created(street.there.coordinator.post(f"{BASE}/people/{bart['id']}/passport", {}))
    shown = {one["display_name"]: one["can_be_asked"] for one in await street.elsewhere()}
    assert shown == {"Aïcha Benali": True, "Bart": False}


async def test_planners_of_the_federation_ask_and_nobody_else(street: Street, service_world: World) -> None:
    stranger = await service_world.member(await service_world.organisation(federation_ids=(new_id(),)), Role.director)
    animator = await service_world.member(street.here.organisation_id, Role.animator)
    path = f"{BASE}/shifts/{street.shift['id']}"
    for who in (stranger, street.there.coordinator, animator):
        assert (await who.get(f"{path}/candidates-elsewhere")).status_code == 404
        asked = await who.post(f"{path}/substitute-requests", {"person_ids": [street.person["id"]]})
        assert asked.status_code == 404
    alone = await service_world.organisation(federation_ids=(new_id(),))
    planner = await service_world.member(alone, Role.coordinator)
    times = {"starts_at": street.here.session.starts_at.isoformat(), "ends_at": street.here.session.ends_at.isoformat()}
    body = {"organisation_id": str(alone), "title": "Permanence", "role": "helper", **times}
    shift = await created(planner.post(f"{BASE}/shifts", body))
    assert (await planner.get(f"{BASE}/shifts/{shift['id']}/candidates-elsewhere")).json() == []


async def test_approved_hours_of_a_lent_person_are_owed_at_the_price_of_who_lent_her(
    service_world: World, street: Street
) -> None:
    terms = {
        "organisation_id": str(street.there.organisation_id),
        "volunteer_hour_value_minor": 1_500,
        "volunteer_day_allowance_minor": 0,
        "lent_hour_price_minor": 2_000,
        "valid_from": "2025-01-01",
    }
    await created(street.there.coordinator.post(f"{BASE}/hour-terms", terms))
    await street.accept(await created(street.ask()))
    (known,) = (await street.here.coordinator.get(f"{BASE}/people")).json()["items"]
    own = await created(street.there.coordinator.post(f"{BASE}/people/{street.person['id']}/hours", WORK))
    here = {**WORK, "starts_at": "2026-05-07T12:00:00Z", "ends_at": "2026-05-07T15:30:00Z"}
    lent = await created(street.here.coordinator.post(f"{BASE}/people/{known['id']}/hours", here))
    for house, hours in ((street.there, own), (street.here, lent)):
        path = f"{BASE}/hours/{hours['id']}"
        answer = await house.coordinator.change("PATCH", path, {"state": "approved"}, version=1)
        assert answer.json()["lent_price_minor"] == (7_000 if hours is lent else 0)
    assert await street.there.told(LentHoursApproved) == [], "her hours at home are nobody's debt"
    (told,) = await street.here.told(LentHoursApproved)
    assert isinstance(told, LentHoursApproved)
    assert (told.lent_by_organisation_id, told.amount_minor) == (street.there.organisation_id, 7_000)
    assert "Benali" not in told.model_dump_json()
    office = await service_world.member(street.federation_id, Role.federation_admin)
    question = {
        "federation_id": str(street.federation_id),
        "starts_from": "2026-01-01T00:00:00Z",
        "starts_before": "2027-01-01T00:00:00Z",
    }
    assert (await office.get(f"{BASE}/evaluation/lending", params=question)).json() == [
        {
            "lender_id": str(street.there.organisation_id), "host_id": str(street.here.organisation_id),
            "people": None, "minutes": None,
        }
    ], "the office learns that somebody was lent, and of so few people no more"  # fmt: skip
    elsewhere = await service_world.organisation(OrganisationKind.federation)
    other_office = await service_world.member(elsewhere, Role.federation_admin)
    refused = await other_office.get(f"{BASE}/evaluation/lending", params=question)
    assert refused.status_code == 403
    mine = await other_office.get(f"{BASE}/evaluation/lending", params={**question, "federation_id": str(elsewhere)})
    assert mine.json() == []
