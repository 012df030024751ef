"""`places`: 64 clients, 5,000 tries, one session of 1,000 places."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import asyncpg

from benchmarks.results import Entry, milliseconds
from benchmarks.scene import scene

CLIENTS, TRIES, PLACES = 64, 5_000, 1_000
BAR = "exactly 1,000 confirmed, the rest waiting or told that it is full, no 5xx"


def measure(directory: Path) -> Entry:
    """Every try is another participant; then the database is counted."""
    with scene(directory, services=("activities",), split=True) as here:
        [session] = asyncio.run(here.add_sessions(1, PLACES))
        people = asyncio.run(here.add_participants(TRIES))
        run = here.book([(session, person) for person in people], clients=CLIENTS)
        taken, places = asyncio.run(_count(here.stack.superuser_url))
    outcomes = Counter(f"{status} {told}" for _, _, status, told, _ in run["answers"])
    confirmed = outcomes["201 confirmed"]
    rest = outcomes["201 waiting"] + outcomes["409 /problems/session-full"]
    figures = {
        "outcomes": dict(outcomes),
        "places_taken": taken,
        "confirmed_places_in_database": places,
        "seconds": round(run["seconds"], 2),
        **milliseconds([seconds for _, seconds, *_ in run["answers"]]),
    }
    ok = confirmed == taken == places == PLACES and confirmed + rest == TRIES
    return Entry(figures, BAR, ok)


async def _count(superuser_url: str) -> tuple[int, int]:
    connection = await asyncpg.connect(superuser_url.rsplit("/", 1)[0] + "/activities")
    taken = await connection.fetchval("select sum(taken) from session_places")
    places = await connection.fetchval(
        "select count(*) from booked_places p join bookings b on b.id = p.booking_id where b.state = 'confirmed'"
    )
    await connection.close()
    return int(taken), int(places)
