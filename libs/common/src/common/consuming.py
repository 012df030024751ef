"""Kafka in: at least once from the broker, once in effect, a poison event parks its key.

One `Reaction` is one consumer group. Every event gets one transaction in which the event id is remembered, so that a
second delivery changes nothing. Offsets are committed after the transaction.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from opentelemetry.trace import SpanKind

from common import kafka, parked
from common.database import Database
from common.health import health
from common.logging import get_logger
from common.metrics import CONSUMER_EVENTS, CONSUMER_LAG, CONSUMER_PROGRESS, EVENT_DELAY_SECONDS
from common.reactions import KeyIsParked, Reaction, handle_once, is_passing
from common.tracing import current_exemplar, span
from common.waiting import pause
from contracts.event import Envelope

logger = get_logger(__name__)

RECORDS_MAX = 200
RECONNECT_MILLISECONDS = 500
RETRY_SECONDS = 0.25
RETRY_SECONDS_MAX = 5.0
START_SECONDS_MAX = 60.0
STALLED_SECONDS = 60.0
WATCH_SECONDS = 5.0
LAG_SECONDS_MAX = 5.0
STALLED_EXIT_STATUS = 70


@dataclass(frozen=True)
class ConsumerSettings:
    """How a group meets the broker."""

    topics: kafka.TopicSettings
    session_timeout_ms: int


class Consumer:
    """Runs one reaction against one database."""

    def __init__(self, reaction: Reaction, database: Database, settings: ConsumerSettings) -> None:
        self._reaction, self._database, self._settings = reaction, database, settings
        self._attempted_at = time.monotonic()
        self._retry_seconds = RETRY_SECONDS
        self._committed_by_others: list[int | None] = []
        self._consumer: AIOKafkaConsumer | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Read and handle until `stop` is set; a lost broker is waited for."""
        health.register(f"consumer {self._reaction.group}", self._is_ready)
        watch = asyncio.create_task(self._watch(stop))
        try:
            while not stop.is_set():
                try:
                    await self._consume(stop)
                except (KafkaError, OSError) as error:
                    logger.warning("broker not reachable; trying again", group=self._reaction.group, error=str(error))
                    await pause(stop, 1.0)
        finally:
            watch.cancel()

    async def _consume(self, stop: asyncio.Event) -> None:
        await kafka.ensure_topics(self._settings.topics, self._reaction.topics)
        consumer = AIOKafkaConsumer(
            *self._reaction.topics,
            **self._settings.topics.access.client_options(),
            group_id=self._reaction.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=self._settings.session_timeout_ms,
            heartbeat_interval_ms=max(250, self._settings.session_timeout_ms // 4),
            metadata_max_age_ms=30_000,
            fetch_max_wait_ms=500,
            request_timeout_ms=15_000,
            retry_backoff_ms=RECONNECT_MILLISECONDS,
        )
        try:
            await asyncio.wait_for(consumer.start(), timeout=START_SECONDS_MAX)
            self._consumer = consumer
            while not stop.is_set():
                await self._poll(consumer, stop)
        finally:
            self._consumer = None
            await _stop_quietly(consumer)

    async def _poll(self, consumer: AIOKafkaConsumer, stop: asyncio.Event) -> None:
        """Handle what came; a passing fault holds up its own partition only, and all wait once before the next try."""
        polled = await consumer.getmany(timeout_ms=200, max_records=RECORDS_MAX)
        fault: Exception | None = None
        next_offsets = {partition: records[0].offset for partition, records in polled.items()}
        for partition, records in polled.items():
            try:
                for record in records:
                    if stop.is_set():
                        break
                    await self._handle_record(record)
                    next_offsets[partition] = record.offset + 1
            except Exception as error:
                if not is_passing(error):
                    raise
                fault = error
        await self._commit(consumer, polled, next_offsets)
        if fault is not None:
            await self._wait_out(fault, stop)
        elif polled:
            self._retry_seconds = RETRY_SECONDS

    async def _wait_out(self, fault: Exception, stop: asyncio.Event) -> None:
        CONSUMER_EVENTS.labels(self._reaction.group, "retried").inc()
        logger.warning("passing fault; the event is tried again", group=self._reaction.group, error=repr(fault)[:300])
        await pause(stop, self._retry_seconds)
        self._retry_seconds = min(self._retry_seconds * 2, RETRY_SECONDS_MAX)

    async def _commit(
        self,
        consumer: AIOKafkaConsumer,
        polled: Mapping[TopicPartition, list[ConsumerRecord]],
        next_offsets: Mapping[TopicPartition, int],
    ) -> None:
        """Commit what is done, in one request; go back to the first record of a partition that is not.

        A lost partition is somebody else's now.
        """
        for partition, offset in next_offsets.items():
            if offset <= polled[partition][-1].offset:
                with suppress(IllegalStateError):
                    consumer.seek(partition, offset)
        done = {part: offset for part, offset in next_offsets.items() if offset > polled[part][0].offset}
        try:
            if done:
                await consumer.commit(done)
        except (CommitFailedError, IllegalStateError) as error:
            logger.info("offsets not committed; the events will be recognised", why=str(error))

    async def _handle_record(self, record: ConsumerRecord) -> None:
        """Handle, skip, or park one record; raises only passing faults."""
        self._attempted_at = time.monotonic()
        CONSUMER_PROGRESS.labels(self._reaction.group).set_to_current_time()
        try:
            envelope = kafka.decode_headers(record.headers)
            with span(f"handle {envelope.type}", envelope.traceparent, SpanKind.CONSUMER) as current:
                current.set_attribute("messaging.consumer.group.name", self._reaction.group)
                outcome = await self._handle(envelope, record)
                if outcome == "handled":
                    delay_seconds = max(0.0, time.time() - envelope.time.timestamp())
                    EVENT_DELAY_SECONDS.labels(self._reaction.group).observe(delay_seconds, current_exemplar())
        except kafka.UndecodableRecord as error:
            outcome = await self._park(record, error) if record.value is not None or record.headers else "unknown"
        except KeyIsParked as error:
            outcome = await self._park(record, error)
        except Exception as error:
            if is_passing(error):
                raise
            logger.exception("event parked", group=self._reaction.group, topic=record.topic, offset=record.offset)
            outcome = await self._park(record, error)
        CONSUMER_EVENTS.labels(self._reaction.group, outcome).inc()

    async def _handle(self, envelope: Envelope, record: ConsumerRecord) -> str:
        if self._reaction.find(envelope.type) is None:
            return "unknown"
        async with self._database.transaction() as session:
            return await handle_once(session, self._reaction, envelope, parked.key_of(record), record.value)

    async def _park(self, record: ConsumerRecord, error: Exception) -> str:
        fallback_id = fallback_event_id(record.topic, record.partition, record.offset)
        async with self._database.transaction() as session:
            await parked.park(session, self._reaction.group, record, fallback_id, error)
        return "parked"

    async def _is_ready(self) -> bool:
        return self._consumer is not None

    async def _watch(self, stop: asyncio.Event) -> None:
        """End the process when there is lag and nothing was attempted for a minute: a restart heals what is stuck."""
        while not stop.is_set():
            await pause(stop, WATCH_SECONDS)
            if await self._is_stalled():
                logger.critical("lag without any attempt; ending the process", group=self._reaction.group)
                os._exit(STALLED_EXIT_STATUS)

    async def _is_stalled(self) -> bool:
        """No lag is as good as an attempt, and so is an absent broker; a broker that is there must tell the lag."""
        try:
            lag = await asyncio.wait_for(self._lag(), timeout=LAG_SECONDS_MAX)
        except Exception as error:
            logger.info("the lag is not known", group=self._reaction.group, error=repr(error)[:300])
            is_fine = not await kafka.is_reachable(self._settings.topics)
        else:
            CONSUMER_LAG.labels(self._reaction.group).set(lag)
            is_fine = lag == 0
        if is_fine:
            self._attempted_at = time.monotonic()
        return time.monotonic() - self._attempted_at > STALLED_SECONDS

    async def _lag(self) -> int:
        """Events not yet committed by the group, over its partitions, or over all of them while it has none."""
        consumer = self._consumer
        if consumer is None:
            return 0
        assigned = sorted(consumer.assignment())
        partitions = assigned or [
            TopicPartition(topic, number)
            for topic in self._reaction.topics
            for number in sorted(consumer.partitions_for_topic(topic) or ())
        ]
        ends = await consumer.end_offsets(partitions)
        committed = [await consumer.committed(partition) for partition in partitions]
        if not assigned and committed != self._committed_by_others:
            self._attempted_at, self._committed_by_others = time.monotonic(), committed
        return sum(max(0, ends[part] - (at or 0)) for part, at in zip(partitions, committed, strict=True))


async def _stop_quietly(consumer: AIOKafkaConsumer) -> None:
    try:
        await asyncio.wait_for(consumer.stop(), timeout=5)
    except (KafkaError, OSError, TimeoutError):
        logger.info("the consumer left without a goodbye")


def fallback_event_id(topic: str, partition: int, offset: int) -> UUID:
    """A stable id for a record that does not tell its own."""
    return uuid5(NAMESPACE_URL, f"{topic}/{partition}/{offset}")
