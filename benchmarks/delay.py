"""`delay`: from the 201 to the ledger entry and the message, at 100 bookings/s through all services, on real Kafka.

An effect counts from the commit of its transaction, as PostgreSQL itself has recorded it (track_commit_timestamp).
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.results import Entry, milliseconds, percentile
from benchmarks.scene import Scene, scene

PER_SECOND, SECONDS, FAMILIES, SESSIONS = 100, 20, 100, 25
DEADLINE_SECONDS = 60
BAR = "p50 at most 100 ms, p99 at most 500 ms"
LEDGER = "select booking_id::text as id, max(pg_xact_commit_timestamp(xmin)) as at from entries group by 1"
MESSAGES = """
    select split_part(fact_id, ':', 2) as id, max(pg_xact_commit_timestamp(xmin)) as at from messages
     where fact_id like 'activities.booking_confirmed.v1:%' group by 1"""


def measure(directory: Path) -> Entry:
    """Book on a timetable, wait until everything has arrived, and compare the commit times."""
    with scene(directory, broker="kafka") as here:
        asyncio.run(record_commit_times(here))
        sessions = asyncio.run(here.add_sessions(SESSIONS, 1_000_000))
        people = asyncio.run(here.add_families(FAMILIES))
        pairs = [(session, person) for session in sessions for person in people]
        warm, counted = pairs[: PER_SECOND * 3], pairs[PER_SECOND * 3 : PER_SECOND * (3 + SECONDS)]
        here.book(warm, clients=32, per_second=PER_SECOND)
        run = here.book(counted, clients=64, per_second=PER_SECOND)
        answered = {booking: sent + took for sent, took, status, _, booking in run["answers"] if status == 201}
        arrived = asyncio.run(_wait_for_effects(here, set(answered)))
    delays = [max(arrived[effect][booking] for effect in arrived) - at for booking, at in answered.items()]
    figures = {
        "bookings": len(answered),
        "refused": len(counted) - len(answered),
        "bookings_per_second": round(len(answered) / run["seconds"], 1),
        **milliseconds(delays),
        "ledger": milliseconds([arrived["ledger"][booking] - at for booking, at in answered.items()]),
        "message": milliseconds([arrived["message"][booking] - at for booking, at in answered.items()]),
        "answer": milliseconds([took for _, took, *_ in run["answers"]]),
    }
    ok = percentile(delays, 50) <= 0.1 and percentile(delays, 99) <= 0.5 and not figures["refused"]
    return Entry(figures, BAR, ok)


async def record_commit_times(here: Scene) -> None:
    """Have PostgreSQL note when each transaction was committed; the services are started again with it."""
    connection = await here.connect()
    await connection.execute("alter system set track_commit_timestamp = on")
    await connection.close()
    assert here.stack.postgres is not None
    here.stack.stop_services()
    here.stack.postgres.stop()
    here.stack.postgres.start()
    here.stack.start_services()


async def _wait_for_effects(here: Scene, bookings: set[str]) -> dict[str, dict[str, float]]:
    """When the ledger entry and the message of each booking were committed, as seconds since the epoch."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    wanted = {"ledger": ("finance", LEDGER), "message": ("notifications", MESSAGES)}
    arrived: dict[str, dict[str, float]] = {}
    while time.monotonic() < deadline:
        arrived = {effect: await _commit_times(here, *question) for effect, question in wanted.items()}
        if all(bookings <= times.keys() for times in arrived.values()):
            return arrived
        await asyncio.sleep(0.5)
    missing = {effect: len(bookings - times.keys()) for effect, times in arrived.items()}
    raise TimeoutError(f"not arrived after {DEADLINE_SECONDS} s: {missing}")


async def _commit_times(here: Scene, service: str, question: str) -> dict[str, float]:
    connection: Any = await asyncpg.connect(here.stack.superuser_url.rsplit("/", 1)[0] + f"/{service}")
    rows = await connection.fetch(question)
    await connection.close()
    return {row["id"]: row["at"].timestamp() for row in rows if row["id"] is not None}
