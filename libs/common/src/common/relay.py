"""The relay: one leader per service reads the outbox by snapshot difference and publishes to Kafka in order.

Rows are new when they are visible in the present snapshot and were not in the last one (PgQ's algorithm): no event
is stepped over while its transaction is still open, and per aggregate the order of ids is the order of commits.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2
from opentelemetry.trace import Span

from common import kafka
from common.database import Database
from common.health import health
from common.logging import get_logger
from common.metrics import (
    OUTBOX_AGE_SECONDS,
    OUTBOX_DELAY_SECONDS,
    OUTBOX_DEPTH,
    OUTBOX_PUBLISHED,
    RELAY_ERRORS,
    RELAY_LEADS,
)
from common.outbox import TOMBSTONE
from common.tracing import begin_publication, traceparent_of
from common.waiting import pause
from contracts.event import Envelope
from contracts.topics import TOPICS

logger = get_logger(__name__)

PAGE_ROWS_MAX = 500
POLL_SECONDS = 0.015
POLL_SECONDS_IDLE = 0.05
IDLE_AFTER_SECONDS = 30.0
LEADER_RETRY_SECONDS = 0.5
LEADER_RETRY_SECONDS_MAX = 5.0
MAINTENANCE_SECONDS = 600.0
MEASURE_SECONDS = 2.0

# $1: the snapshot up to which all is published; $2: the end of the window, by default now; $3: ids that are done in it.
_UNTIL = "with until as materialized (select coalesce($2::text::pg_snapshot, pg_current_snapshot()) as snapshot)"
_COLUMNS = "id, event_id, wire_type, topic, key, organisation_id, payload, traceparent, occurred_at"
_IN_WINDOW = f"""
    select {_COLUMNS} from outbox_events
     where xid = any(array(select pg_snapshot_xip($1::text::pg_snapshot)))
       and pg_visible_in_snapshot(xid, until.snapshot) and id > $3
    union all
    select {_COLUMNS} from outbox_events
     where xid >= pg_snapshot_xmax($1::text::pg_snapshot) and xid < pg_snapshot_xmax(until.snapshot)
       and pg_visible_in_snapshot(xid, until.snapshot) and id > $3"""
READ_PAGE = f"""
    {_UNTIL}
    select until.snapshot::text as window_end, page.*
      from until left join lateral ({_IN_WINDOW} order by id limit $4) as page on true order by page.id"""
MEASURE = f"""
    {_UNTIL}
    select count(*) as depth, coalesce(extract(epoch from clock_timestamp() - min(occurred_at)), 0) as age_seconds
      from until, lateral ({_IN_WINDOW}) as waiting"""
LOCK = "select pg_try_advisory_lock(hashtext('outbox relay'))"
LOAD_CURSOR = "select snapshot, next_snapshot, last_id from outbox_cursor"
SAVE_CURSOR = "update outbox_cursor set snapshot = $1, next_snapshot = $2, last_id = $3"
KEEP_PARTITIONS = "select outbox_keep_partitions()"
FROM_THE_START = "3:3:"


@dataclass
class Cursor:
    """How far the outbox is published: all of snapshot `old`, and of the window up to `new` all ids to `last_id`."""

    old: str
    new: str | None
    last_id: int


@dataclass(frozen=True)
class RelaySettings:
    """What a relay must know; a volatile broker forgot everything, so the whole outbox is published again."""

    service: str
    topics: kafka.TopicSettings
    idempotence: bool
    broker_is_volatile: bool


class Relay:
    """Publishes one service's outbox for as long as this process holds the lock."""

    def __init__(self, database: Database, settings: RelaySettings) -> None:
        self._database, self._settings = database, settings
        self._producer: AIOKafkaProducer | None = None
        self._replayed = not settings.broker_is_volatile
        self._busy_at = time.monotonic()
        self._maintained_at = self._measured_at = 0.0
        self._pause_seconds = LEADER_RETRY_SECONDS

    async def run(self, stop: asyncio.Event) -> None:
        """Lead when the lock is free, and begin anew after every fault, until `stop` is set."""
        health.register("relay_database", self._database.answers)
        while not stop.is_set():
            try:
                async with self._database.plain_connection() as connection:
                    if await connection.fetchval(LOCK):
                        await self._lead_while_connected(connection, stop)
                self._pause_seconds = LEADER_RETRY_SECONDS
            except Exception:
                RELAY_ERRORS.labels(self._settings.service).inc()
                logger.exception("relay round failed; trying again", pause_seconds=self._pause_seconds)
                self._pause_seconds = min(self._pause_seconds * 2, LEADER_RETRY_SECONDS_MAX)
            await pause(stop, self._pause_seconds)

    async def _lead_while_connected(self, connection: asyncpg.Connection, stop: asyncio.Event) -> None:
        """Lead, then end the session: the lock lives in it, and the pool would keep it for nobody."""
        try:
            await self._lead(connection, stop)
        finally:
            RELAY_LEADS.labels(self._settings.service).set(0)
            connection.terminate()
            await self._drop_producer()

    async def _lead(self, connection: asyncpg.Connection, stop: asyncio.Event) -> None:
        RELAY_LEADS.labels(self._settings.service).set(1)
        await self._start_producer()
        cursor = await self._load_cursor(connection)
        self._pause_seconds = LEADER_RETRY_SECONDS
        while not stop.is_set():
            published = await self._publish_page(connection, cursor)
            now = time.monotonic()
            if published:
                self._busy_at = now
            if now - self._maintained_at > MAINTENANCE_SECONDS:
                self._maintained_at = now
                await connection.execute(KEEP_PARTITIONS)
            if published < PAGE_ROWS_MAX:
                idle = now - self._busy_at > IDLE_AFTER_SECONDS
                await pause(stop, POLL_SECONDS_IDLE if idle else POLL_SECONDS)

    async def _load_cursor(self, connection: asyncpg.Connection) -> Cursor:
        if not self._replayed:
            await connection.execute(SAVE_CURSOR, FROM_THE_START, None, 0)
            self._replayed = True
        return Cursor(*await connection.fetchrow(LOAD_CURSOR))

    async def _publish_page(self, connection: asyncpg.Connection, cursor: Cursor) -> int:
        """Publish the next rows of the window and move the cursor; returns how many there were."""
        if time.monotonic() - self._measured_at > MEASURE_SECONDS:
            await self._measure(connection, cursor)
        found = await connection.fetch(READ_PAGE, cursor.old, cursor.new, cursor.last_id, PAGE_ROWS_MAX)
        rows = [row for row in found if row["id"] is not None]
        if rows:
            await self._send(rows)
            OUTBOX_PUBLISHED.labels(self._settings.service).inc(len(rows))
        window_end = found[0]["window_end"]
        if len(rows) == PAGE_ROWS_MAX:
            cursor.new, cursor.last_id = window_end, rows[-1]["id"]
        else:
            cursor.old, cursor.new, cursor.last_id = window_end, None, 0
        if rows:
            await connection.execute(SAVE_CURSOR, cursor.old, cursor.new, cursor.last_id)
        return len(rows)

    async def _measure(self, connection: asyncpg.Connection, cursor: Cursor) -> None:
        self._measured_at = time.monotonic()
        row = await connection.fetchrow(MEASURE, cursor.old, cursor.new, cursor.last_id)
        OUTBOX_DEPTH.labels(self._settings.service).set(row["depth"])
        OUTBOX_AGE_SECONDS.labels(self._settings.service).set(float(row["age_seconds"]))

    async def _start_producer(self) -> None:
        """Ensure this service's topics and start a producer that has sent nothing yet."""
        service_topics = [name for name in TOPICS if name.startswith(f"{self._settings.service}.")]
        await kafka.ensure_topics(self._settings.topics, service_topics)
        producer = AIOKafkaProducer(
            **self._settings.topics.access.client_options(),
            acks="all",
            enable_idempotence=self._settings.idempotence,
            linger_ms=0,
            max_batch_size=262_144,
            request_timeout_ms=10_000,
            metadata_max_age_ms=30_000,
        )
        await producer.start()
        self._producer = producer

    async def _drop_producer(self) -> None:
        """After any error the sequence of an idempotent producer is spent: the next round gets a fresh one."""
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            await asyncio.wait_for(producer.stop(), timeout=5)
        except Exception:
            logger.warning("the old producer did not stop in time")

    async def _send(self, rows: Sequence[asyncpg.Record]) -> None:
        """Send the rows; partitions in parallel, within a partition one batch after the other."""
        assert self._producer is not None
        by_partition: dict[tuple[str, int], list[asyncpg.Record]] = defaultdict(list)
        for row in rows:
            partitions = await self._producer.partitions_for(row["topic"])
            key = str(row["key"]).encode()
            by_partition[row["topic"], (murmur2(key) & 0x7FFFFFFF) % len(partitions)].append(row)
        sends = [
            asyncio.ensure_future(self._send_partition(self._producer, topic, partition, part_rows))
            for (topic, partition), part_rows in by_partition.items()
        ]
        try:
            await asyncio.gather(*sends)
        finally:
            for unfinished in sends:
                unfinished.cancel()

    async def _send_partition(
        self, producer: AIOKafkaProducer, topic: str, partition: int, rows: Sequence[asyncpg.Record]
    ) -> None:
        spans = [begin_publication(row["wire_type"], row["traceparent"], row["occurred_at"]) for row in rows]
        batch = producer.create_batch()
        for row, current in zip(rows, spans, strict=True):
            record = self._record(row, current)
            if batch.append(**record) is None:
                await (await producer.send_batch(batch, topic, partition=partition))
                batch = producer.create_batch()
                if batch.append(**record) is None:
                    raise ValueError(f"event {row['event_id']} is larger than a batch")
        await (await producer.send_batch(batch, topic, partition=partition))
        self._note_published(rows, spans)

    def _note_published(self, rows: Sequence[asyncpg.Record], spans: Sequence[Span | None]) -> None:
        published_at = time.time()
        delay = OUTBOX_DELAY_SECONDS.labels(self._settings.service)
        for row, current in zip(rows, spans, strict=True):
            delay.observe(max(0.0, published_at - row["occurred_at"].timestamp()))
            if current is not None:
                current.end()

    def _record(self, row: asyncpg.Record, current: Span | None) -> dict[str, object]:
        envelope = Envelope(
            id=row["event_id"],
            type=row["wire_type"],
            source=f"/maillage/{self._settings.service}",
            time=row["occurred_at"].astimezone(UTC),
            subject=str(row["key"]),
            organisation=row["organisation_id"],
            traceparent=row["traceparent"] if current is None else traceparent_of(current),
        )
        return {
            "key": str(row["key"]).encode(),
            "value": None if row["payload"] == TOMBSTONE else row["payload"].encode(),
            "timestamp": int(row["occurred_at"].timestamp() * 1000),
            "headers": kafka.encode_headers(envelope),
        }
