"""An association with a session, people and shifts, made over the staffing API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from contracts.activities import SessionScheduled
from contracts.event import EVENTS, Event
from contracts.partners import Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import Person, World
from tests.staffing.conftest import Plan
from tests.staffing.people.making import BASE, link, register

CERTIFICATE = {"kind": "animator_certificate", "issuer": "FWB", "issued_on": "2020-01-01"}


@dataclass
class House:
    """An association, who plans for it, and a session of it in a month that needs one qualified supervisor."""

    world: World
    databases_of: Callable[[str], ServiceDatabases]
    organisation_id: UUID
    coordinator: Person
    session: SessionScheduled

    async def person(self, *, qualified: bool = True, **fields: Any) -> dict[str, Any]:
        """A volunteer with an animator's certificate unless told otherwise."""
        made = await register(self.coordinator, self.organisation_id, **fields)
        if qualified:
            await created(self.coordinator.post(f"{BASE}/people/{made['id']}/qualifications", CERTIFICATE))
        return made

    async def linked(self, person: dict[str, Any], who: Person | None = None) -> Person:
        """The person's own account."""
        return await link(self.world, self.databases_of, self.coordinator, person["id"], who)

    async def shift(self, **fields: Any) -> dict[str, Any]:
        """One place for an animator on the session unless told otherwise."""
        body = {"role": "animator", "required": ["animator_certificate"], **fields}
        return await created(self.coordinator.post(f"{BASE}/sessions/{self.session.session_id}/shifts", body))

    async def free_shift(self, in_hours: float = 0, hours: float = 2, **fields: Any) -> dict[str, Any]:
        """A shift beside sessions, so many hours after the start of the session."""
        starts_at = self.session.starts_at + timedelta(hours=in_hours)
        body = {
            "organisation_id": str(self.organisation_id),
            "title": "Permanence",
            "role": "helper",
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(hours=hours)).isoformat(),
            **fields,
        }
        return await created(self.coordinator.post(f"{BASE}/shifts", body))

    async def assign(self, shift: dict[str, Any], person: dict[str, Any], **fields: Any) -> httpx.Response:
        """Try to put somebody on a shift."""
        body = {"person_id": person["id"], **fields}
        return await self.coordinator.post(f"{BASE}/shifts/{shift['id']}/assignments", body)

    async def coverage(self) -> dict[str, Any]:
        """What the session needs and has."""
        answer = await self.coordinator.get(f"{BASE}/sessions/{self.session.session_id}/coverage")
        found: dict[str, Any] = answer.json()
        return found

    async def told(self, *kinds: type[Event]) -> list[Event]:
        """What the service announced for this association, of these kinds, in order."""
        async with self.databases_of("staffing").engine("owner").connect() as connection:
            statement = text("select wire_type, payload from outbox_events where organisation_id = :id order by id")
            rows = (await connection.execute(statement, {"id": self.organisation_id})).all()
        events = [EVENTS[row.wire_type].model_validate_json(row.payload) for row in rows]
        return [event for event in events if isinstance(event, kinds)]


async def open_house(world: World, databases_of: Callable[[str], ServiceDatabases], plan: Plan, *ages: int) -> House:
    """An association with one session, booked for people of these ages."""
    organisation_id = await world.organisation()
    coordinator = await world.member(organisation_id, Role.coordinator)
    session = await plan(organisation_id, *(ages or (9,)))
    return House(world, databases_of, organisation_id, coordinator, session)


@pytest.fixture
async def house(service_world: World, databases_of: Callable[[str], ServiceDatabases], plan: Plan) -> House:
    """One of them."""
    return await open_house(service_world, databases_of, plan)


async def created(answer: Any) -> dict[str, Any]:
    """The body of a 201."""
    response = await answer
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made
