"""An association with a published activity and people, made through the activities API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.partners import OrganisationKind, Role
from tests.factories.accounts import Person, World

BASE = "/api/activities/v1"


@dataclass
class Organiser:
    """An association that offers something: its director, its site, and a published activity."""

    world: World
    organisation_id: UUID
    site_id: UUID
    director: Person
    activity_id: UUID

    async def session(self, *, in_days: float = 10, **fields: Any) -> dict[str, Any]:
        """A session of two hours, of ten places at 5.00 EUR unless told otherwise."""
        starts_at = datetime.now(UTC) + timedelta(days=in_days)
        body = {
            "activity_id": str(self.activity_id),
            "site_id": str(self.site_id),
            "title": "Atelier cirque",
            "capacity": 10,
            "prices": {"standard": 500, "reduced": 250},
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
            **fields,
        }
        return created(await self.director.post(f"{BASE}/sessions", body))


async def make_organiser(world: World, *, publish: bool = True, **activity: Any) -> Organiser:
    """A new association with a programme of one activity."""
    organisation_id = await world.organisation()
    site_id = await world.organisation(OrganisationKind.site, parent_id=organisation_id)
    director = await world.member(organisation_id, Role.director)
    programme = created(await director.post(f"{BASE}/programmes", programme_body(organisation_id)))
    if publish:
        for version, state in enumerate(("approved", "published"), start=1):
            path = f"{BASE}/programmes/{programme['id']}"
            answer = await director.change("PATCH", path, {"state": state}, version=version)
            assert answer.status_code == 200, answer.text
    body = {"programme_id": programme["id"], "title": "Cirque", "audience": "6-12", **activity}
    made = created(await director.post(f"{BASE}/activities", body))
    return Organiser(world, organisation_id, site_id, director, UUID(made["id"]))


def programme_body(organisation_id: UUID) -> dict[str, Any]:
    """A programme with one objective."""
    return {
        "organisation_id": str(organisation_id),
        "title": "Ensemble",
        "season": "2026-2027",
        "starts_on": "2026-09-01",
        "ends_on": "2027-06-30",
        "audience": "all ages",
        "policy_axes": ["lien social"],
        "objectives": [{"statement": "Meet", "indicator": "Mixed sessions", "unit": "sessions", "target": 10}],
    }


async def make_household(
    staff: Person,
    organisation_id: UUID,
    *born_on: str | None,
    email: str | None = "family@example.org",
    name: str = "Haddad",
) -> tuple[UUID, list[UUID]]:
    """A household with a contact and one participant per date of birth."""
    body = {"organisation_id": str(organisation_id), "name": name}
    household = created(await staff.post(f"{BASE}/households", body))
    contact = {"display_name": f"Amina {name}", "email": email, "language": "fr"}
    created(await staff.post(f"{BASE}/households/{household['id']}/contacts", contact))
    participants = [
        await make_participant(staff, organisation_id, born, household["id"], name=name) for born in born_on
    ]
    return UUID(household["id"]), participants


async def make_participant(
    staff: Person,
    organisation_id: UUID,
    born_on: str | None = "2017-05-01",
    household_id: str | None = None,
    name: str = "Haddad",
) -> UUID:
    """A participant, without a household unless given."""
    body = {
        "organisation_id": str(organisation_id),
        "household_id": household_id,
        "given_name": "Yanis",
        "family_name": name,
        "born_on": born_on,
    }
    return UUID(created(await staff.post(f"{BASE}/participants", body))["id"])


def booking_body(session: dict[str, Any], *participant_ids: UUID, **fields: Any) -> dict[str, Any]:
    """A request for one place per participant."""
    places = [{"participant_id": str(participant_id)} for participant_id in participant_ids]
    return {"session_id": session["id"], "places": places, **fields}


def created(answer: Any) -> dict[str, Any]:
    """The body of a 201, or the problem in the failure message."""
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body
