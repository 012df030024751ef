"""A stack with the activities service, an association with sessions, and many people to book."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from maillage.embedded.sign_in import sign_in
from maillage.people import DEMO_PASSWORD, DEMO_PEOPLE
from maillage.stack import Stack, running_stack
from maillage.stack_options import SERVICES

PERSON = DEMO_PEOPLE[0]


@dataclass(frozen=True)
class Scene:
    """Where to book, as whom, and what."""

    stack: Stack
    token: str
    organisation_id: UUID
    activity_id: UUID
    programme_id: UUID

    async def connect(self, service: str = "activities") -> Any:
        """A superuser's connection to a service's database, for seeding and counting."""
        return await asyncpg.connect(self.stack.superuser_url.rsplit("/", 1)[0] + f"/{service}")

    async def add_sessions(self, count: int, capacity: int) -> list[UUID]:
        """Sessions of one place category at 5.00 EUR, a month ahead."""
        ids = [uuid4() for _ in range(count)]
        connection = await self.connect()
        await connection.execute(
            """insert into sessions (id, organisation_id, version, activity_id, programme_id, site_id, title, starts_at,
                                     ends_at, time_zone, state, minimum, accessibility, prices, currency, jurisdiction,
                                     supervision, cost_shares, open_door)
               select id, $2, 1, $3, $4, $2, 'Bench', now() + interval '30 days', now() + interval '30 days 2 hours',
                      'Europe/Brussels', 'scheduled', 0, '{}', '{"standard": 500}', 'EUR', 'BE-FWB', 'none', '[]', false
                 from unnest($1::uuid[]) as id""",
            ids,
            self.organisation_id,
            self.activity_id,
            self.programme_id,
        )
        await connection.execute(
            "insert into session_places (session_id, organisation_id, session_version, capacity, taken)"
            " select id, $2, 1, $3, 0 from unnest($1::uuid[]) as id",
            ids,
            self.organisation_id,
            capacity,
        )
        await connection.close()
        return ids

    async def add_site(self) -> UUID:
        """Where sessions take place, as the activities service knows it from partners."""
        site_id = uuid4()
        connection = await self.connect()
        await connection.execute(
            """insert into known_organisations values ($1, 1, 'site', 'Site', 'site', '{}', $2,
               'Europe/Brussels', 'EUR', 'BE-FWB', '{fr}', null)""",
            site_id,
            self.organisation_id,
        )
        await connection.close()
        return site_id

    async def add_participants(self, count: int) -> list[UUID]:
        """People of the association, each in a household with a contact."""
        connection = await self.connect()
        rows = await connection.fetch(
            """with homes as (insert into households (id, organisation_id, name)
                              select uuidv7(), $2, 'H' from generate_series(1, $1) returning id),
                    told as (insert into contacts (id, organisation_id, household_id, version, display_name, email,
                                                   language)
                             select uuidv7(), $2, id, 1, 'C', id || '@example.org', 'fr' from homes)
               insert into participants (id, organisation_id, household_id, given_name, family_name, born_on)
               select uuidv7(), $2, id, 'G', 'F', '2016-05-01' from homes returning id""",
            count,
            self.organisation_id,
        )
        await connection.close()
        return [row["id"] for row in rows]

    async def add_families(self, count: int) -> list[UUID]:
        """The same through the API, so that every service knows whom to tell."""
        base = self.stack.base_urls["activities"] + "/api/activities/v1"
        people: list[UUID] = []
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {self.token}"}, timeout=30) as client:

            async def post(path: str, **body: object) -> str:
                answer = await client.post(base + path, json=body, headers={"Idempotency-Key": uuid4().hex})
                answer.raise_for_status()
                return str(answer.json()["id"])

            home = {"organisation_id": str(self.organisation_id)}
            for number in range(count):
                household = await post("/households", **home, name=f"Family {number}")
                email = f"family-{number}@example.org"
                await post(f"/households/{household}/contacts", display_name="Contact", email=email, language="fr")
                child = {"given_name": "Child", "family_name": str(number), "born_on": "2016-05-01"}
                people.append(UUID(await post("/participants", **home, household_id=household, **child)))
        return people

    def book(self, pairs: list[tuple[UUID, UUID]], *, clients: int, per_second: float | None = None) -> dict[str, Any]:
        """Book one place per (session, participant) over HTTP from a process of its own."""
        address = self.stack.base_urls["activities"].removeprefix("http://").split(":")
        plan = {
            "host": address[0],
            "port": int(address[1]),
            "path": "/api/activities/v1/bookings",
            "token": self.token,
            "clients": clients,
            "per_second": per_second,
            "bodies": [
                {"session_id": str(session), "places": [{"participant_id": str(participant)}]}
                for session, participant in pairs
            ],
        }
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(plan, file)
            file.flush()
            command = [sys.executable, "-m", "benchmarks.load", file.name]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer


def lift_limits() -> None:
    """One account or one address sends all the load, so nobody is told to wait."""
    for service in (*SERVICES, "portal"):
        os.environ[f"{service.upper()}_REQUESTS_PER_MINUTE_MAX"] = "0"


@contextmanager
def scene(directory: Path, **options: Any) -> Iterator[Scene]:
    """A booted stack with the association seeded and its coordinator signed in."""
    lift_limits()
    for service in options.get("services", SERVICES):
        # Pools are those of a server, not of a laptop.
        os.environ[f"{service.upper()}_DATABASE_CONNECTIONS_MAX"] = "10"
    with running_stack(directory, people=(PERSON,), **options) as stack:
        token = sign_in(stack.issuer, PERSON.user_name, DEMO_PASSWORD)
        ids = asyncio.run(_seed(stack))
        yield Scene(stack, token, *ids)


async def _seed(stack: Stack) -> tuple[UUID, UUID, UUID]:
    return await seed_association(stack, "bench", [])


async def seed_association(stack: Stack, slug: str, federation_ids: list[UUID]) -> tuple[UUID, UUID, UUID]:
    """An association that every service knows, with the person as its coordinator, an activity and its programme."""
    organisation, activity, programme = uuid4(), uuid4(), uuid4()
    base = stack.superuser_url.rsplit("/", 1)[0]
    for service in stack.options.services:
        connection = await asyncpg.connect(f"{base}/{service}")
        await connection.execute(
            """insert into known_organisations values ($1, 1, 'association', $2, $2, $3, null,
               'Europe/Brussels', 'EUR', 'BE-FWB', '{fr}', null)""",
            organisation,
            slug,
            federation_ids,
        )
        await connection.execute(
            "insert into known_memberships values ($1, $2, 1, 'coordinator', 'active', $3, $4)",
            uuid4(),
            organisation,
            stack.issuer,
            PERSON.user_name,
        )
        await connection.close()
    if "partners" in stack.options.services:
        await _enter_association(f"{base}/partners", organisation, slug, federation_ids)
    connection = await asyncpg.connect(f"{base}/activities")
    await connection.execute(
        """insert into programmes (id, organisation_id, version, title, season, starts_on, ends_on, audience,
                                   policy_axes, state)
           values ($1, $2, 1, 'Bench', 'now', '2026-01-01', '2030-01-01', 'all', '{}', 'published')""",
        programme,
        organisation,
    )
    await connection.execute(
        """insert into activities (id, organisation_id, programme_id, title, description, audience, waiting_rule,
                                   offer_hours, cancellation_terms, published)
           values ($1, $2, $3, 'Bench', '', 'all', 'arrival', 48, '{"steps": [], "excused_percent": 0}', true)""",
        activity,
        organisation,
        programme,
    )
    await connection.close()
    return organisation, activity, programme


async def _enter_association(partners_url: str, organisation: UUID, slug: str, federation_ids: list[UUID]) -> None:
    """The association where others learn of it from; whoever has resources must be there."""
    connection = await asyncpg.connect(partners_url)
    await connection.execute(
        """insert into organisations (id, organisation_id, version, kind, name, slug, federation_ids, time_zone,
                                      currency, jurisdiction, languages, enterprise_number, address, accessibility,
                                      colour, iban)
           values ($1, $1, 1, 'association', $2, $2, $3, 'Europe/Brussels', 'EUR', 'BE-FWB', '{fr}',
                   '', '', '', '', '')""",
        organisation,
        slug,
        federation_ids,
    )
    await connection.close()
