"""Judges counters that moved: nothing lost, nothing doubled, nothing out of order. Imports nothing of the product."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

import asyncpg
from aiokafka import AIOKafkaConsumer

from tests.faults.checkers.histories import read_history

Sequences = Mapping[str, list[int]]


async def read_topic(bootstrap_servers: str, topic: str) -> dict[str, list[int]]:
    """Values of each counter as they stand on the topic; fails when a counter is on two partitions."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap_servers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = list(consumer.assignment())
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        values: dict[str, list[int]] = defaultdict(list)
        home: dict[str, int] = {}
        while any([await consumer.position(partition) < ends[partition] for partition in partitions]):
            for partition, records in (await consumer.getmany(timeout_ms=200)).items():
                for record in records:
                    payload = json.loads(record.value)
                    counter = payload["counter_id"]
                    assert home.setdefault(counter, partition.partition) == partition.partition, counter
                    values[counter].append(payload["value"])
        return values
    finally:
        await consumer.stop()


async def read_effects(superuser_url: str, group: str) -> dict[str, list[int]]:
    """Values of each counter in the order in which a consumer group wrote them down."""
    connection = await asyncpg.connect(superuser_url)
    try:
        rows = await connection.fetch(
            "select counter_id, value from effects where consumer_group = $1 order by id", group
        )
    finally:
        await connection.close()
    values: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        values[str(row["counter_id"])].append(row["value"])
    return values


async def read_parked(superuser_url: str) -> list[str]:
    """What waits for a person although nothing was wrong with it."""
    connection = await asyncpg.connect(superuser_url)
    try:
        rows = await connection.fetch("select event_key, error from parked_events order by id")
    finally:
        await connection.close()
    return [f"{row['event_key']}: {row['error']}" for row in rows]


def read_acknowledged(history: Path) -> dict[str, list[int]]:
    """Values of each counter whose transaction the database acknowledged to the writer."""
    values: dict[str, list[int]] = defaultdict(list)
    for line in read_history(history, "committed"):
        for counter, value in line["moved"]:
            values[counter].append(value)
    return {counter: sorted(found) for counter, found in values.items()}


def compare(acknowledged: Sequences, topic: Sequences, effects: Sequences) -> dict[str, list[str]]:
    """Problems by kind; on the topic an event may stand again, in the effects nothing may."""
    problems: dict[str, list[str]] = {
        kind: [] for kind in ("lost", "doubled", "out_of_order", "invented", "misordered_on_topic")
    }
    for counter in acknowledged.keys() | topic.keys() | effects.keys():
        told, seen = acknowledged.get(counter, []), effects.get(counter, [])
        problems["lost"] += [f"{counter} {value}" for value in _without(told, seen)]
        problems["invented"] += [f"{counter} {value}" for value in _without(seen, told)]
        problems["doubled"] += [f"{counter} {value}" for value in _repeated(seen)]
        problems["out_of_order"] += [f"{counter} {value}" for value in _backwards(_first_seen(seen))]
        on_topic = _first_seen(topic.get(counter, []))
        problems["misordered_on_topic"] += [f"{counter} {value}" for value in _backwards(on_topic)]
    return problems


def _without(values: Iterable[int], others: Iterable[int]) -> list[int]:
    return sorted(set(values) - set(others))


def _repeated(values: list[int]) -> list[int]:
    return sorted({value for value in values if values.count(value) > 1}) if len(set(values)) < len(values) else []


def _first_seen(values: list[int]) -> list[int]:
    return list(dict.fromkeys(values))


def _backwards(values: list[int]) -> list[int]:
    return [later for earlier, later in pairwise(values) if later <= earlier]
