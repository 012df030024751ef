"""`hold_delay`: from the request of a session to the confirmed hold, over three services, idle, on real Kafka.

The request counts from the moment it is sent; the hold from the commit that confirms it, as PostgreSQL has recorded it.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from benchmarks.delay import record_commit_times
from benchmarks.results import Entry, milliseconds, percentile
from benchmarks.scene import Scene, scene

HOLDS, WARMING = 200, 10
PAUSE_SECONDS, LOOK_SECONDS = 0.1, 0.02
DEADLINE_SECONDS = 30
BAR = "p50 at most 150 ms, p99 at most 600 ms"
CONFIRMED = """
    select extract(epoch from pg_xact_commit_timestamp(xmin))::float8 from holds
     where session_id = $1::text::uuid and state = 'confirmed'"""


def measure(directory: Path) -> Entry:
    """One session after the other asks for a room and two people, each when the one before is confirmed."""
    with scene(directory, broker="kafka", portal=False) as here:
        asyncio.run(record_commit_times(here))
        delays = asyncio.run(_ask_in_turn(here))[WARMING:]
    figures = {"holds": len(delays), **milliseconds(delays)}
    return Entry(figures, BAR, percentile(delays, 50) <= 0.15 and percentile(delays, 99) <= 0.6)


async def _ask_in_turn(here: Scene) -> list[float]:
    """Seconds of each hold, in order."""
    delays = []
    connection = await here.connect()
    headers = {"Authorization": f"Bearer {here.token}"}
    async with httpx.AsyncClient(headers=headers, timeout=30) as client:
        site_id, wishes = await here.add_site(), await _add_means(here, client)
        for number in range(HOLDS + WARMING):
            starts_at = datetime.now(UTC) + timedelta(days=30 + number)
            body = {
                "activity_id": str(here.activity_id),
                "site_id": str(site_id),
                "title": f"Session {number}",
                "capacity": 10,
                "prices": {"standard": 0},
                "starts_at": starts_at.isoformat(),
                "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
                "wishes": wishes,
            }
            sent_at = time.time()
            session = await _post(here, client, "activities", "/sessions", body)
            delays.append(await _confirmed_at(connection, session["id"]) - sent_at)
            await asyncio.sleep(PAUSE_SECONDS)
    await connection.close()
    return delays


async def _add_means(here: Scene, client: httpx.AsyncClient) -> dict[str, Any]:
    """A room and two volunteers; gives the wish for all of them."""
    home = {"organisation_id": str(here.organisation_id)}
    room = await _post(here, client, "partners", "/resources", {**home, "kind": "room", "name": "Hall"})
    for name in ("Ada", "Grace"):
        person = {**home, "kind": "volunteer", "display_name": name, "started_on": "2026-01-01"}
        await _post(here, client, "staffing", "/people", person)
    return {
        "resources": [{"resource_id": room["id"], "owner_organisation_id": str(here.organisation_id)}],
        "people": [{"role": "animator", "count": 2}],
    }


async def _post(here: Scene, client: httpx.AsyncClient, service: str, path: str, body: object) -> dict[str, Any]:
    url = f"{here.stack.base_urls[service]}/api/{service}/v1{path}"
    answer = await client.post(url, json=body, headers={"Idempotency-Key": uuid4().hex})
    answer.raise_for_status()
    return dict(answer.json())


async def _confirmed_at(connection: Any, session_id: str) -> float:
    """When the hold of a session was confirmed, as seconds since the epoch. Raises TimeoutError."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        confirmed: float | None = await connection.fetchval(CONFIRMED, session_id)
        if confirmed is not None:
            return confirmed
        await asyncio.sleep(LOOK_SECONDS)
    raise TimeoutError(f"the hold of {session_id} was not confirmed within {DEADLINE_SECONDS} s")
