"""A service that exists only in tests: counters that move, and what consumer groups make of it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from sqlalchemy import Connection, Row, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from access.projection import create_foundation
from common.broker_access import BrokerAccess
from common.consuming import Consumer, ConsumerSettings
from common.database import Database
from common.ids import new_id
from common.kafka import TopicSettings, encode_headers
from common.outbox import publish
from common.reactions import Handler, Reaction
from common.relay import Relay, RelaySettings
from contracts.event import Envelope, Event
from maillage.embedded.databases import database_urls, load_passwords, prepare_databases

PARTITIONS = 4
ORGANISATION = UUID("0193a000-0000-7000-8000-000000000001")
TABLES = (
    "create table counters (id uuid primary key, value bigint not null)",
    """create table effects (
        id bigint generated always as identity primary key,
        consumer_group text not null, counter_id uuid not null, value bigint not null)""",
    "grant select, insert, update on counters to {service}_api",
    "grant select, insert on effects to {service}_worker",
)


class CounterMoved(Event):
    """A counter has a new value; values of one counter go 1, 2, 3 … without a hole."""

    wire_type: ClassVar[str] = "mechanism.counter_moved.v1"
    key_field: ClassVar[str] = "counter_id"

    counter_id: UUID
    value: int


class Migration:
    """The part of alembic's `op` that the foundation needs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, sqltext: str) -> None:
        self._connection.execute(text(sqltext))


@dataclass
class Mechanism:
    """The database and the topic of the invented service, and its parts to be run."""

    service: str
    urls: dict[str, str]
    bootstrap_servers: str = ""
    topic: str = ""
    event_class: type[CounterMoved] = CounterMoved
    secured: BrokerAccess | None = None
    """Another way to the same broker than the plain one."""

    _engines: dict[str, AsyncEngine] = field(default_factory=dict)

    def engine(self, role: str) -> AsyncEngine:
        """An engine of the role: owner, api, worker, relay or auditor."""
        if role not in self._engines:
            self._engines[role] = create_async_engine(self.urls[role], pool_size=10)
        return self._engines[role]

    def database(self, role: str, connections_max: int = 4) -> Database:
        """A pool of its own, as a process would have it."""
        database = Database()
        database.connect(self.urls[role], connections_max)
        return database

    @property
    def topics(self) -> TopicSettings:
        return TopicSettings(self.secured or BrokerAccess(self.bootstrap_servers), PARTITIONS, 1)

    def relay(self, database: Database, *, is_volatile: bool = False) -> Relay:
        return Relay(database, RelaySettings(self.service, self.topics, True, is_volatile))

    def reaction(self, handler: Handler | None = None) -> Reaction:
        """A new consumer group that writes down what it sees."""
        group = f"{self.service}.{secrets.token_hex(4)}"

        async def write_down(session: AsyncSession, event: CounterMoved) -> None:
            await note_effect(session, group, event)

        return Reaction(group, {self.event_class: handler or write_down})

    @asynccontextmanager
    async def running_relay(self, **options: bool) -> AsyncIterator[Relay]:
        database = self.database("relay", 2)
        relay = self.relay(database, **options)
        async with running(relay.run):
            yield relay
        await database.close()

    @asynccontextmanager
    async def running_consumer(self, reaction: Reaction) -> AsyncIterator[Consumer]:
        database = self.database("worker")
        consumer = Consumer(reaction, database, ConsumerSettings(self.topics, session_timeout_ms=2_000))
        async with running(consumer.run):
            yield consumer
        await database.close()

    async def move(self, *counter_ids: UUID, session: AsyncSession | None = None) -> list[CounterMoved]:
        """Move counters by one in one transaction and announce it."""
        if session is None:
            async with AsyncSession(self.engine("api")) as own, own.begin():
                return await self.move(*counter_ids, session=own)
        events = []
        for counter_id in sorted(counter_ids):
            value = (await session.execute(MOVE, {"id": counter_id})).scalar_one()
            events.append(self.event_class(organisation_id=ORGANISATION, counter_id=counter_id, value=value))
        await publish(session, *events)
        return events

    async def rows(self, statement: str, **values: object) -> Sequence[Row[Any]]:
        """The answer to a question that the owner asks."""
        async with self.engine("owner").connect() as connection:
            return (await connection.execute(text(statement), values)).all()

    async def execute(self, statement: str, **values: object) -> None:
        """Change something as the owner."""
        async with self.engine("owner").begin() as connection:
            await connection.execute(text(statement), values)

    async def effects(self, group: str, counter_id: UUID) -> list[int]:
        """The values that a group saw of a counter, in its order."""
        question = "select value from effects where consumer_group = :group and counter_id = :counter order by id"
        return [row.value for row in await self.rows(question, group=group, counter=counter_id)]

    async def parked(self, group: str) -> Sequence[Row[Any]]:
        """What waits for a person, in its order."""
        return await self.rows("select * from parked_events where consumer_group = :group order by id", group=group)

    async def published(self) -> list[tuple[UUID, int]]:
        """Counter and value of every record on the topic, in the order of each partition."""
        records = await read_topic(self.bootstrap_servers, self.topic)
        events = [self.event_class.model_validate_json(record.value) for record in records]
        return [(event.counter_id, event.value) for event in events]

    async def send(self, event: CounterMoved | bytes | None, key: object = None, **envelope: object) -> None:
        """Put a record on the topic past the outbox; `headers` replaces the whole envelope."""
        is_event = isinstance(event, CounterMoved)
        values = {
            "id": new_id(),
            "type": self.event_class.wire_type,
            "source": "/test",
            "time": "2026-01-01T00:00:00Z",
            "subject": "test",
            "organisation": ORGANISATION,
        } | envelope
        headers = values.pop("headers", None)
        if headers is None:
            headers = encode_headers(Envelope.model_validate(values))
        if is_event:
            event, key = event.model_dump_json().encode(), key or event.key
        key_bytes = key if isinstance(key, bytes) or key is None else str(key).encode()
        async with producing(self.bootstrap_servers) as producer:
            await producer.send_and_wait(self.topic, event, key=key_bytes, headers=headers)

    def moved(self, counter_id: UUID, value: int) -> CounterMoved:
        return self.event_class(organisation_id=ORGANISATION, counter_id=counter_id, value=value)

    async def close(self) -> None:
        for engine in self._engines.values():
            await engine.dispose()


MOVE = text(
    """insert into counters (id, value) values (:id, 1)
       on conflict (id) do update set value = counters.value + 1 returning value"""
)


async def note_effect(session: AsyncSession, group: str, event: CounterMoved) -> None:
    """Write down that a group saw an event."""
    statement = text("insert into effects (consumer_group, counter_id, value) values (:group, :counter, :value)")
    await session.execute(statement, {"group": group, "counter": event.counter_id, "value": event.value})


async def make_mechanism(superuser_url: str, service: str, directory: Path) -> Mechanism:
    """Create database, roles and tables of the invented service."""
    passwords = load_passwords(directory / f"{service}-passwords.json", [service])
    await prepare_databases(superuser_url, [service], passwords)
    urls = database_urls(superuser_url, service, passwords)
    mechanism = Mechanism(service, urls)
    async with mechanism.engine("owner").begin() as connection:
        await connection.run_sync(lambda sync: create_foundation(Migration(sync), service))
        for statement in TABLES:
            await connection.execute(text(statement.replace("{service}", service)))
    return mechanism


def event_class_of(topic: str) -> type[CounterMoved]:
    """The event on a topic of its own."""
    return type("CounterMoved", (CounterMoved,), {"topic": topic, "__module__": __name__})


async def make_topic(bootstrap_servers: str, name: str, configs: dict[str, str] | None = None) -> None:
    """Create a topic and wait for it."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, PARTITIONS, 1, topic_configs=configs or {})])
    finally:
        await admin.close()


@asynccontextmanager
async def producing(bootstrap_servers: str) -> AsyncIterator[AIOKafkaProducer]:
    """A producer while the block lasts."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def read_topic(bootstrap_servers: str, topic: str) -> list[ConsumerRecord]:
    """Every record of the topic up to now."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        records: list[ConsumerRecord] = []
        while any([await consumer.position(partition) < ends[partition] for partition in partitions]):
            for polled in (await consumer.getmany(timeout_ms=200)).values():
                records += polled
        return records
    finally:
        await consumer.stop()


@asynccontextmanager
async def running(run: Callable[[asyncio.Event], Awaitable[None]]) -> AsyncIterator[None]:
    """Run something until the block ends; its error is the block's."""
    stop = asyncio.Event()
    task = asyncio.ensure_future(run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, timeout=20)


async def until(holds: Callable[[], Awaitable[object]], seconds: float = 20) -> None:
    """Wait until something holds; fails after `seconds` with the last value."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (value := await holds()):
        assert asyncio.get_running_loop().time() < deadline, f"not after {seconds} s: {value!r}"
        await asyncio.sleep(0.1)
