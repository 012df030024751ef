"""Eight writers, two aggregates in each transaction, one in twenty rolled back, and sessions that end half-way."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from common.ids import new_id
from common.reactions import Handler, Reaction
from maillage.embedded.broker_choice import ChosenBroker
from tests.common.mechanism import CounterMoved, Mechanism, event_class_of, make_mechanism, make_topic, note_effect
from tests.faults import id_cursor
from tests.faults.checkers import order
from tests.faults.history import History
from tests.faults.plants import FORGET_WHAT_WAS_HANDLED, planted
from tests.faults.record import Entry, entry

WRITERS = 8
COUNTERS = 20
ROLLED_BACK_SHARE = 0.05
SESSION_ENDS_SECONDS = 0.5
BEHIND_SNAPSHOT = (
    "select count(*) as count from outbox_events, outbox_cursor"
    " where not pg_visible_in_snapshot(xid, snapshot::pg_snapshot)"
)
BEHIND_LAST_ID = (
    "select (select max(id) from outbox_events) - coalesce(nullif(snapshot, '3:3:'), '0')::bigint as count"
    " from outbox_cursor"
)
BAR = "0 lost, 0 doubled, 0 out of order per aggregate, on Apache Kafka"


@pytest.mark.timeout(240)
async def test_order_and_once(
    superuser_url: str, run_directory: Path, broker: ChosenBroker, fault_seconds: float
) -> None:
    with entry("order_and_once", BAR) as shown:
        shown.show(broker=broker.description, writers=WRITERS)
        shown.require("the broker is Apache Kafka", broker.is_apache)
        mechanism = await prepare(superuser_url, run_directory, broker)
        history_path = run_directory / "order-and-once.jsonl"
        group = f"{mechanism.service}.effects"
        seconds = min(fault_seconds, 30)
        with History(history_path) as history:
            await play(mechanism, group, seconds, history, shown)
        database_url = f"{superuser_url.rsplit('/', 1)[0]}/{mechanism.service}"
        await judge(mechanism, database_url, group, history_path, shown)
        await mechanism.close()


async def prepare(superuser_url: str, directory: Path, broker: ChosenBroker) -> Mechanism:
    """Database and topic of the invented service, with the planted fault if there is one."""
    made = await make_mechanism(superuser_url, "order_and_once", directory)
    topic = "order_and_once.counters"
    await make_topic(broker.bootstrap_servers, topic)
    if planted() == "duplicate_check":
        await made.execute(FORGET_WHAT_WAS_HANDLED)
    if planted() == "snapshot_reader":
        id_cursor.plant()
    return replace(made, bootstrap_servers=broker.bootstrap_servers, topic=topic, event_class=event_class_of(topic))


async def play(mechanism: Mechanism, group: str, seconds: float, history: History, shown: Entry) -> None:
    """Write, publish and consume; end sessions of relay and consumers meanwhile; publish everything once more."""
    ends_at = time.monotonic() + seconds
    reaction = Reaction(group, {mechanism.event_class: writing_down(group)})
    async with AsyncExitStack() as running:
        await running.enter_async_context(mechanism.running_relay())
        for _ in range(2):
            await running.enter_async_context(mechanism.running_consumer(reaction))
        counters = [new_id() for _ in range(COUNTERS)]
        writers = [write(mechanism, counters, number, ends_at, history) for number in range(WRITERS)]
        *_, ended_sessions = await asyncio.gather(*writers, end_sessions(mechanism, ends_at))
        await until_published(mechanism)
        await mechanism.execute("update outbox_cursor set snapshot = '3:3:', next_snapshot = null, last_id = 0")
        await end_sessions_of(mechanism, "relay")
        await until_published(mechanism)
        await until_quiet(mechanism, group)
    shown.show(seconds=seconds, ended_sessions=ended_sessions)


def writing_down(group: str) -> Handler:
    async def write_down(session: AsyncSession, event: CounterMoved) -> None:
        await note_effect(session, group, event)

    return write_down


async def write(mechanism: Mechanism, counters: list[UUID], number: int, ends_at: float, history: History) -> None:
    """Transactions of random length on two random counters, locked in one order."""
    chance = random.Random(number)
    engine = mechanism.engine("api")
    while time.monotonic() < ends_at:
        chosen = chance.sample(counters, 2)
        async with AsyncSession(engine) as session, session.begin() as transaction:
            events = await mechanism.move(*chosen, session=session)
            await asyncio.sleep(chance.random() ** 3 * 0.05)
            if chance.random() < ROLLED_BACK_SHARE:
                await transaction.rollback()
                history.note("rolled_back")
                continue
        history.note("committed", moved=[(str(event.counter_id), event.value) for event in events])


async def end_sessions(mechanism: Mechanism, ends_at: float) -> int:
    """Cut relay and consumers off the database again and again, as a failing network would."""
    ended = 0
    while time.monotonic() < ends_at - 2:
        await asyncio.sleep(SESSION_ENDS_SECONDS)
        for role in ("relay", "worker"):
            ended += await end_sessions_of(mechanism, role)
    return ended


async def end_sessions_of(mechanism: Mechanism, role: str) -> int:
    connection = await asyncpg.connect(mechanism.urls[role].replace("+asyncpg", ""))
    try:
        return await connection.fetchval(
            "select count(*) filter (where pg_terminate_backend(pid)) from pg_stat_activity"
            " where usename = current_user and pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()


async def until_published(mechanism: Mechanism) -> None:
    """Wait until the cursor is past every row; an id cursor is past them when it names the last one."""
    behind = BEHIND_LAST_ID if planted() == "snapshot_reader" else BEHIND_SNAPSHOT
    deadline = time.monotonic() + 30
    while (await mechanism.rows(behind))[0].count > 0:
        assert time.monotonic() < deadline, "the outbox was not published within 30 s"
        await asyncio.sleep(0.1)


async def until_quiet(mechanism: Mechanism, group: str) -> None:
    """Wait until the group handles nothing more for two seconds."""
    count, since = -1, time.monotonic()
    while time.monotonic() - since < 2:
        await asyncio.sleep(0.2)
        effects = await mechanism.rows(
            "select count(*) as count from effects where consumer_group = :group", group=group
        )
        if effects[0].count != count:
            count, since = effects[0].count, time.monotonic()


async def judge(mechanism: Mechanism, database_url: str, group: str, history: Path, shown: Entry) -> None:
    """Compare what the writers were told with the topic and the effects."""
    acknowledged = order.read_acknowledged(history)
    topic = await order.read_topic(mechanism.bootstrap_servers, mechanism.topic)
    effects = await order.read_effects(database_url, group)
    rolled_back = len(order.read_history(history, "rolled_back"))
    events = sum(map(len, acknowledged.values()))
    shown.show(
        events=events,
        events_per_second=round(events / float(str(shown.figures["seconds"]))),
        rolled_back=rolled_back,
        records_on_topic=sum(map(len, topic.values())),
        effects=sum(map(len, effects.values())),
    )
    shown.require("there was work: over 20 events/s and some rollbacks", events > 200 and rolled_back > 5)
    shown.require("events were delivered more than once", sum(map(len, topic.values())) > events)
    parked = await order.read_parked(database_url)
    shown.require_none(order.compare(acknowledged, topic, effects) | {"parked": parked})
