"""`speed_hot`, `speed_spread`: bookings/s over HTTP against pgbench doing the bare three statements, in one run."""

from __future__ import annotations

import asyncio
import statistics
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks import floor
from benchmarks.results import Entry, milliseconds
from benchmarks.scene import Scene, scene

CLIENTS, ROUNDS, BOOKINGS, FLOOR_SECONDS = 16, 3, 3_000, 6
SESSIONS_SPREAD = 100
BARS = {"speed_hot": 0.35, "speed_spread": 0.15}
BOOKINGS_TOPIC = "activities.bookings"
ALONE = ("activities-relay", "activities-consumer", "activities-worker")


def measure(directory: Path) -> dict[str, Entry]:
    """Floor and API take turns; the events that piled up are published and counted at the end."""
    with scene(directory, services=("activities",), split=True, broker="kafka") as here:
        for name in ALONE:
            here.stack.services[name].stop()
        url = asyncio.run(floor.prepare(here.stack.superuser_url))
        spread = asyncio.run(here.add_sessions(SESSIONS_SPREAD, 1_000_000))
        results = {
            "speed_hot": _compare(here, url, spread[:1]),
            "speed_spread": _compare(here, url, spread),
        }
        here.stack.services["activities-relay"].start()
        written, published = asyncio.run(_drain(here))
    return {
        name: Entry(
            {**figures, "events_written": written, "events_published_after": published},
            f"at least {BARS[name]} of the floor; every event published afterwards",
            figures["ratio"] >= BARS[name] and figures["refused"] == {} and written == published,
        )
        for name, figures in results.items()
    }


def _compare(here: Scene, url: str, sessions: list[UUID]) -> dict[str, Any]:
    floors, rates, times, refused = [], [], [], Counter[str]()
    for _ in range(ROUNDS):
        floors.append(floor.measure(url, sessions=len(sessions), clients=CLIENTS, seconds=FLOOR_SECONDS))
        people = asyncio.run(here.add_participants(BOOKINGS))
        asyncio.run(_settle(here))
        pairs = [(sessions[number % len(sessions)], person) for number, person in enumerate(people)]
        run = here.book(pairs, clients=CLIENTS)
        rates.append(BOOKINGS / run["seconds"])
        times += [seconds for _, seconds, *_ in run["answers"]]
        refused.update(f"{status} {told}" for _, _, status, told, _ in run["answers"] if told != "confirmed")
    floor_rate, rate = statistics.median(floors), statistics.median(rates)
    return {
        "floor_per_second": round(floor_rate),
        "bookings_per_second": round(rate),
        "ratio": round(rate / floor_rate, 3),
        "rounds": [round(one) for one in rates],
        "refused": dict(refused),
        **milliseconds(times),
    }


async def _settle(here: Scene) -> None:
    """Seeding thousands of rows leaves the planner blind and the log full; neither is what we measure."""
    connection = await here.connect()
    await connection.execute("vacuum analyze")
    await connection.execute("checkpoint")
    await connection.close()


async def _drain(here: Scene) -> tuple[int, int]:
    """How many events are in the outbox, and how many of them the topic holds once the relay has caught up."""
    connection = await here.connect()
    written = int(await connection.fetchval("select count(*) from outbox_events"))
    await connection.close()
    consumer = AIOKafkaConsumer(BOOKINGS_TOPIC, bootstrap_servers=here.stack.bootstrap_servers)
    await consumer.start()
    try:
        published = 0
        for _ in range(600):
            numbers = consumer.partitions_for_topic(BOOKINGS_TOPIC) or ()
            ends = await consumer.end_offsets([TopicPartition(BOOKINGS_TOPIC, number) for number in numbers])
            published = sum(ends.values())
            if published >= written:
                break
            await asyncio.sleep(0.1)
        return written, published
    finally:
        await consumer.stop()
