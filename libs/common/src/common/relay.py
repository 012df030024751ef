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

from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from common import kafka
from common.database import Database
from common.health import health
from common.logging import get_logger
from common.metrics import OUTBOX_AGE_SECONDS, OUTBOX_DEPTH, OUTBOX_PUBLISHED, RELAY_ERRORS, RELAY_LEADS
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

_COLUMNS = "id, event_id, wire_type, topic, key, organisation_id, payload, traceparent, occurred_at"
_OLD = "cast(cast(:old as text) as pg_snapshot)"
_NEW = "cast(cast(:new as text) as pg_snapshot)"
_IN_WINDOW = f"""
    select {_COLUMNS} from outbox_events
     where xid = any(array(select pg_snapshot_xip({_OLD})))
       and pg_visible_in_snapshot(xid, {_NEW}) and id > :last_id
    union all
    select {_COLUMNS} from outbox_events
     where xid >= pg_snapshot_xmax({_OLD}) and xid < pg_snapshot_xmax({_NEW})
       and pg_visible_in_snapshot(xid, {_NEW}) and id > :last_id"""
READ_PAGE = text(f"select * from ({_IN_WINDOW}) as window_rows order by id limit :rows_max")
MEASURE = text(
    "select count(*) as depth, coalesce(extract(epoch from clock_timestamp() - min(occurred_at)), 0) as age_seconds"
    f" from ({_IN_WINDOW}) as window_rows"
)
CURRENT_SNAPSHOT = text("select pg_current_snapshot()::text")
LOCK = text("select pg_try_advisory_lock(hashtext('outbox relay'))")
LOAD_CURSOR = text("select snapshot, next_snapshot, last_id from outbox_cursor")
SAVE_CURSOR = text("update outbox_cursor set snapshot = :old, next_snapshot = :new, last_id = :last_id")
KEEP_PARTITIONS = text("select outbox_keep_partitions()")
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
                async with self._database.engine.connect() as connection:
                    await connection.execution_options(isolation_level="AUTOCOMMIT")
                    if (await connection.execute(LOCK)).scalar_one():
                        await self._lead_while_connected(connection, stop)
                self._pause_seconds = LEADER_RETRY_SECONDS
            except Exception:
                RELAY_ERRORS.labels(self._settings.service).inc()
                logger.exception("relay round failed; trying again", pause_seconds=self._pause_seconds)
                self._pause_seconds = min(self._pause_seconds * 2, LEADER_RETRY_SECONDS_MAX)
            await pause(stop, self._pause_seconds)

    async def _lead_while_connected(self, connection: AsyncConnection, stop: asyncio.Event) -> None:
        """Lead, then end the session: the lock lives in it, and the pool would keep it for nobody."""
        try:
            await self._lead(connection, stop)
        finally:
            RELAY_LEADS.labels(self._settings.service).set(0)
            await connection.invalidate()
            await self._drop_producer()

    async def _lead(self, connection: AsyncConnection, stop: asyncio.Event) -> None:
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

    async def _load_cursor(self, connection: AsyncConnection) -> Cursor:
        if not self._replayed:
            await connection.execute(SAVE_CURSOR, {"old": FROM_THE_START, "new": None, "last_id": 0})
            self._replayed = True
        row = (await connection.execute(LOAD_CURSOR)).one()
        return Cursor(row.snapshot, row.next_snapshot, row.last_id)

    async def _publish_page(self, connection: AsyncConnection, cursor: Cursor) -> int:
        """Publish the next rows of the window and move the cursor; returns how many there were."""
        if cursor.new is None:
            cursor.new, cursor.last_id = (await connection.execute(CURRENT_SNAPSHOT)).scalar_one(), 0
        window = {"old": cursor.old, "new": cursor.new, "last_id": cursor.last_id}
        if time.monotonic() - self._measured_at > MEASURE_SECONDS:
            await self._measure(connection, window)
        rows = (await connection.execute(READ_PAGE, {**window, "rows_max": PAGE_ROWS_MAX})).all()
        if rows:
            await self._send(rows)
            OUTBOX_PUBLISHED.labels(self._settings.service).inc(len(rows))
        if len(rows) == PAGE_ROWS_MAX:
            cursor.last_id = rows[-1].id
        else:
            cursor.old, cursor.new, cursor.last_id = cursor.new, None, 0
        if rows:
            await connection.execute(SAVE_CURSOR, {"old": cursor.old, "new": cursor.new, "last_id": cursor.last_id})
        return len(rows)

    async def _measure(self, connection: AsyncConnection, window: dict[str, object]) -> None:
        self._measured_at = time.monotonic()
        row = (await connection.execute(MEASURE, window)).one()
        OUTBOX_DEPTH.labels(self._settings.service).set(row.depth)
        OUTBOX_AGE_SECONDS.labels(self._settings.service).set(float(row.age_seconds))

    async def _start_producer(self) -> None:
        """Ensure this service's topics and start a producer that has sent nothing yet."""
        service_topics = [name for name in TOPICS if name.startswith(f"{self._settings.service}.")]
        await kafka.ensure_topics(self._settings.topics, service_topics)
        producer = AIOKafkaProducer(
            bootstrap_servers=kafka.servers(self._settings.topics.bootstrap_servers),
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

    async def _send(self, rows: Sequence[Row[tuple[object, ...]]]) -> None:
        """Send the rows; partitions in parallel, within a partition one batch after the other."""
        assert self._producer is not None
        by_partition: dict[tuple[str, int], list[Row[tuple[object, ...]]]] = defaultdict(list)
        for row in rows:
            partitions = await self._producer.partitions_for(row.topic)
            key = str(row.key).encode()
            by_partition[row.topic, (murmur2(key) & 0x7FFFFFFF) % len(partitions)].append(row)
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
        self, producer: AIOKafkaProducer, topic: str, partition: int, rows: Sequence[Row[tuple[object, ...]]]
    ) -> None:
        batch = producer.create_batch()
        for row in rows:
            record = self._record(row)
            if batch.append(**record) is None:
                await (await producer.send_batch(batch, topic, partition=partition))
                batch = producer.create_batch()
                if batch.append(**record) is None:
                    raise ValueError(f"event {row.event_id} is larger than a batch")
        await (await producer.send_batch(batch, topic, partition=partition))

    def _record(self, row: Row[tuple[object, ...]]) -> dict[str, object]:
        envelope = Envelope(
            id=row.event_id,
            type=row.wire_type,
            source=f"/maillage/{self._settings.service}",
            time=row.occurred_at.astimezone(UTC),
            subject=str(row.key),
            organisation=row.organisation_id,
            traceparent=row.traceparent,
        )
        return {
            "key": str(row.key).encode(),
            "value": row.payload.encode(),
            "timestamp": int(row.occurred_at.timestamp() * 1000),
            "headers": kafka.encode_headers(envelope),
        }
