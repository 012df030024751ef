"""The commands that every service has beside its api: consumer, worker, relay."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from common import parked
from common.consuming import Consumer, ConsumerSettings
from common.database import Database
from common.due_rows import Job, Worker
from common.housekeeping import keep_house
from common.invariants import Invariant, watch_invariants
from common.kafka import TopicSettings
from common.logging import get_logger
from common.measuring import Measurement, measure_all
from common.metrics import PARKED_KEYS
from common.reactions import Reaction, is_passing
from common.relay import Relay, RelaySettings
from common.running import run_all
from common.settings import ServiceSettings
from common.waiting import pause

logger = get_logger(__name__)

PARKED_COUNT_SECONDS = 10.0


def topic_settings(settings: ServiceSettings) -> TopicSettings:
    """How this installation makes topics."""
    return TopicSettings(settings.broker_access, settings.kafka_topic_partitions, settings.kafka_topic_replicas)


async def run_consumers(
    service: str, settings: ServiceSettings, database: Database, reactions: Sequence[Reaction], stop: asyncio.Event
) -> None:
    """Run every consumer group of a service side by side until `stop` is set."""
    database.connect(settings.worker_database_url, settings.database_connections_max)
    consumer_settings = ConsumerSettings(topic_settings(settings), settings.kafka_session_timeout_ms)
    consumers = [Consumer(reaction, database, consumer_settings) for reaction in reactions]
    work = [asyncio.ensure_future(consumer.run(stop)) for consumer in consumers]
    work.append(asyncio.ensure_future(_count_parked(service, database, stop)))
    await run_all(work, stop)


async def _count_parked(service: str, database: Database, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            async with database.transaction() as session:
                PARKED_KEYS.labels(service).set(await parked.count_parked_keys(session))
        except Exception as error:
            if not is_passing(error):
                raise
        await pause(stop, PARKED_COUNT_SECONDS)


async def run_jobs(
    service: str,
    settings: ServiceSettings,
    database: Database,
    jobs: Mapping[str, Job],
    stop: asyncio.Event,
    invariants: Sequence[Invariant] = (),
    measurements: Sequence[Measurement] = (),
) -> None:
    """Run the worker of a service until `stop` is set, watch what must always hold, and measure use."""
    database.connect(settings.worker_database_url, settings.database_connections_max)
    work = [
        Worker(service, database, jobs).run(stop),
        keep_house(database, stop),
        watch_invariants(service, settings, invariants, stop),
        measure_all(settings, measurements, stop),
    ]
    await run_all([asyncio.ensure_future(one) for one in work], stop)


async def run_outbox_relay(service: str, settings: ServiceSettings, stop: asyncio.Event) -> None:
    """Publish a service's outbox until `stop` is set."""
    database = Database()
    database.connect(settings.relay_database_url, connections_max=2)
    relay_settings = RelaySettings(
        service, topic_settings(settings), settings.kafka_idempotence_enabled, settings.broker_is_volatile
    )
    try:
        await Relay(database, relay_settings).run(stop)
    finally:
        await database.close()
