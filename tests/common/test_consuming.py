"""Consumer groups on real parts: once in effect, in order, and nothing that arrives can stop them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from common import consuming, parked
from common.broker_access import BrokerAccess
from common.consuming import Consumer, ConsumerSettings
from common.ids import new_id
from common.kafka import TopicSettings
from common.outbox import publish_tombstone
from common.reactions import Poison, Reaction
from tests.common.mechanism import ORGANISATION, CounterMoved, Mechanism, note_effect, until

pytestmark = pytest.mark.xdist_group("kafka")


def has_seen(
    mechanism: Mechanism, reaction: Reaction, counter_id: UUID, values: list[int]
) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        return await mechanism.effects(reaction.group, counter_id) == values

    return holds


def has_parked(mechanism: Mechanism, reaction: Reaction, count: int) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        return len(await mechanism.parked(reaction.group)) == count

    return holds


async def test_event_is_handled_once_whatever_is_delivered_twice(mechanism: Mechanism) -> None:
    counter, reaction, event_id = new_id(), mechanism.reaction(), new_id()
    async with mechanism.running_consumer(reaction):
        for _ in range(3):
            await mechanism.send(mechanism.moved(counter, 1), id=event_id)
        await mechanism.send(mechanism.moved(counter, 2))
        await until(has_seen(mechanism, reaction, counter, [1, 2]))


async def test_without_the_memory_an_event_is_handled_twice(mechanism: Mechanism) -> None:
    """The guard is seen to fail."""
    counter, reaction, event_id = new_id(), mechanism.reaction(), new_id()
    await mechanism.execute("alter table handled_events drop constraint handled_events_pkey")
    try:
        async with mechanism.running_consumer(reaction):
            for _ in range(2):
                await mechanism.send(mechanism.moved(counter, 1), id=event_id)
            await until(has_seen(mechanism, reaction, counter, [1, 1]))
    finally:
        await mechanism.execute("delete from handled_events where consumer_group = :group", group=reaction.group)
        await mechanism.execute("alter table handled_events add primary key (consumer_group, event_id)")


async def test_group_that_starts_later_reads_from_the_beginning(mechanism: Mechanism) -> None:
    counter, reaction = new_id(), mechanism.reaction()
    await mechanism.send(mechanism.moved(counter, 1))
    async with mechanism.running_consumer(reaction):
        await until(has_seen(mechanism, reaction, counter, [1]))


async def test_restarted_consumer_goes_on_where_it_was(mechanism: Mechanism) -> None:
    counter, reaction = new_id(), mechanism.reaction()
    for value in (1, 2):
        await mechanism.send(mechanism.moved(counter, value))
        async with mechanism.running_consumer(reaction):
            await until(has_seen(mechanism, reaction, counter, list(range(1, value + 1))))


async def test_unknown_type_is_skipped(mechanism: Mechanism) -> None:
    counter, reaction = new_id(), mechanism.reaction()
    async with mechanism.running_consumer(reaction):
        await mechanism.send(mechanism.moved(counter, 1), type="mechanism.counter_painted.v1")
        await mechanism.send(mechanism.moved(counter, 2))
        await until(has_seen(mechanism, reaction, counter, [2]))
    assert await mechanism.parked(reaction.group) == []


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("ce_id", b"\xff\xfe")],
        [("ce_id", b"no uuid"), ("ce_type", b"mechanism.counter_moved.v1")],
        [("ce_\x00", None), ("ce_id", None)],
        [("traceparent", b"\xff")],
    ],
    ids=["none", "not UTF-8", "no uuid", "null", "trace"],
)
async def test_unreadable_headers_are_parked(mechanism: Mechanism, headers: list[tuple[str, bytes]]) -> None:
    counter, reaction = new_id(), mechanism.reaction()
    async with mechanism.running_consumer(reaction):
        await mechanism.send(b"anything", key="another", headers=headers)
        await mechanism.send(mechanism.moved(counter, 1))
        await until(has_seen(mechanism, reaction, counter, [1]))
        await until(has_parked(mechanism, reaction, 1))
    [row] = await mechanism.parked(reaction.group)
    assert (row.event_key, row.payload, row.wire_type) == ("another", b"anything", None)
    assert "UndecodableRecord" in row.error


@pytest.mark.parametrize(
    "payload",
    [None, b"", b"\xff", b"[]", b"{}", b"NaN", b'{"organisation_id": "\\ud800"}', b"[" * 100_000],
    ids=["tombstone", "empty", "bytes", "list", "object", "NaN", "surrogate", "deep"],
)
async def test_unreadable_payload_is_parked(mechanism: Mechanism, payload: bytes | None) -> None:
    counter, reaction = new_id(), mechanism.reaction()
    async with mechanism.running_consumer(reaction):
        await mechanism.send(payload, key=new_id())
        await mechanism.send(mechanism.moved(counter, 1))
        await until(has_seen(mechanism, reaction, counter, [1]))
        await until(has_parked(mechanism, reaction, 1))


async def test_a_record_of_nothing_is_skipped(mechanism: Mechanism) -> None:
    """Neither headers nor a value: a compacted topic may carry it, and no person could do anything about it."""
    counter, reaction = new_id(), mechanism.reaction()
    async with mechanism.running_consumer(reaction):
        await mechanism.send(None, key=counter, headers=[])
        await mechanism.send(mechanism.moved(counter, 1))
        await until(has_seen(mechanism, reaction, counter, [1]))
    assert not await mechanism.parked(reaction.group)


async def test_a_tombstone_goes_through_the_outbox_and_erases_once(mechanism: Mechanism) -> None:
    counter, reaction = new_id(), mechanism.reaction()
    erased: list[UUID] = []

    async def erase(_session: AsyncSession, key: UUID) -> None:
        erased.append(key)

    reaction = Reaction(reaction.group, reaction.handlers, {mechanism.event_class: erase})
    await mechanism.move(counter)
    async with AsyncSession(mechanism.engine("api")) as session, session.begin():
        await publish_tombstone(session, mechanism.event_class, counter, ORGANISATION)
    async with mechanism.running_consumer(reaction), mechanism.running_relay():
        await mechanism.move(counter)
        await until(has_seen(mechanism, reaction, counter, [1, 2]))
    assert erased == [counter]
    assert not await mechanism.parked(reaction.group)


async def test_a_tombstone_of_no_id_is_parked(mechanism: Mechanism) -> None:
    reaction = mechanism.reaction()

    async def erase(_session: AsyncSession, _key: UUID) -> None:
        raise AssertionError

    reaction = Reaction(reaction.group, reaction.handlers, {mechanism.event_class: erase})
    async with mechanism.running_consumer(reaction):
        await mechanism.send(None, key=b"no id")
        await until(has_parked(mechanism, reaction, 1))


async def test_value_that_the_database_cannot_hold_is_parked_and_not_tried_for_ever(mechanism: Mechanism) -> None:
    counter, reaction = new_id(), mechanism.reaction()
    async with mechanism.running_consumer(reaction):
        await mechanism.send(mechanism.moved(counter, 2**70))
        await until(has_parked(mechanism, reaction, 1))


@pytest.mark.parametrize("key", [b"\x00\xff", b"", None], ids=["bytes", "empty", "none"])
async def test_odd_key_is_no_obstacle(mechanism: Mechanism, key: bytes | None) -> None:
    counter, reaction = new_id(), mechanism.reaction()
    async with mechanism.running_consumer(reaction):
        await mechanism.send(b"poison", key=key)
        await until(has_parked(mechanism, reaction, 1))
        await mechanism.send(mechanism.moved(counter, 1))
        await until(has_seen(mechanism, reaction, counter, [1]))


async def test_event_that_names_another_organisation_than_its_headers_is_parked(mechanism: Mechanism) -> None:
    counter, reaction = new_id(), mechanism.reaction()
    async with mechanism.running_consumer(reaction):
        await mechanism.send(mechanism.moved(counter, 1), organisation=new_id())
        await until(has_parked(mechanism, reaction, 1))
    assert await mechanism.effects(reaction.group, counter) == []


async def test_poison_parks_its_key_and_the_partition_moves_on(mechanism: Mechanism) -> None:
    ill, well = new_id(), new_id()
    reaction = poisoned_by(mechanism, ill, values={2})
    async with mechanism.running_consumer(reaction):
        for value in range(1, 5):
            await mechanism.send(mechanism.moved(ill, value))
            await mechanism.send(mechanism.moved(well, value))
        await until(has_seen(mechanism, reaction, well, [1, 2, 3, 4]))
        await until(has_parked(mechanism, reaction, 3))
    assert await mechanism.effects(reaction.group, ill) == [1]
    rows = await mechanism.parked(reaction.group)
    assert [mechanism.event_class.model_validate_json(row.payload).value for row in rows] == [2, 3, 4]
    assert "Poison" in rows[0].error
    assert "KeyIsParked" in rows[1].error


def poisoned_by(mechanism: Mechanism, counter_id: UUID, values: set[int]) -> Reaction:
    """A group that fails on some values of a counter; the test takes them out to heal it."""
    plain = mechanism.reaction()

    async def handle(session: AsyncSession, event: CounterMoved) -> None:
        await note_effect(session, plain.group, event)
        if event.counter_id == counter_id and event.value in values:
            raise Poison(f"not {event.value}")

    return Reaction(plain.group, {mechanism.event_class: handle})


async def test_retry_goes_from_the_head_to_the_first_that_fails(mechanism: Mechanism) -> None:
    ill, bad_values = new_id(), {1, 3}
    reaction = poisoned_by(mechanism, ill, bad_values)
    async with mechanism.running_consumer(reaction):
        for value in range(1, 5):
            await mechanism.send(mechanism.moved(ill, value))
        await until(has_parked(mechanism, reaction, 4))
    database = mechanism.database("worker")
    still = await parked.retry_key(database, reaction, str(ill))
    assert (still.handled, still.error) == (0, "Poison('not 1')")
    bad_values.remove(1)
    partly = await parked.retry_key(database, reaction, str(ill))
    assert (partly.handled, partly.error) == (2, "Poison('not 3')")
    bad_values.clear()
    assert (await parked.retry_key(database, reaction, str(ill))).handled == 2
    await database.close()
    assert await mechanism.effects(reaction.group, ill) == [1, 2, 3, 4]
    assert await mechanism.parked(reaction.group) == []


async def test_event_that_arrives_during_a_retry_stays_in_line(mechanism: Mechanism) -> None:
    ill, bad_values = new_id(), {1}
    reaction = poisoned_by(mechanism, ill, bad_values)
    async with mechanism.running_consumer(reaction):
        await mechanism.send(mechanism.moved(ill, 1))
        await until(has_parked(mechanism, reaction, 1))
        await mechanism.send(mechanism.moved(ill, 2))
        await until(has_parked(mechanism, reaction, 2))
        bad_values.clear()
        database = mechanism.database("worker")
        await asyncio.gather(parked.retry_key(database, reaction, str(ill)), mechanism.send(mechanism.moved(ill, 3)))
        await mechanism.send(mechanism.moved(ill, 4))

        async def is_through() -> bool:
            await parked.retry_key(database, reaction, str(ill))
            return len(await mechanism.effects(reaction.group, ill)) == 4

        await until(is_through)
        await database.close()
    assert await mechanism.effects(reaction.group, ill) == [1, 2, 3, 4]


async def test_discarded_event_never_comes_back_and_says_why(mechanism: Mechanism) -> None:
    ill, event_id = new_id(), new_id()
    reaction = poisoned_by(mechanism, ill, {1})
    database = mechanism.database("worker")
    async with mechanism.running_consumer(reaction):
        await mechanism.send(mechanism.moved(ill, 1), id=event_id)
        await mechanism.send(mechanism.moved(ill, 2))
        await until(has_parked(mechanism, reaction, 2))
        async with database.transaction() as session:
            await parked.discard(session, (await mechanism.parked(reaction.group))[0].id, "typed wrongly")
        assert (await parked.retry_key(database, reaction, str(ill))).handled == 1
        await mechanism.send(mechanism.moved(ill, 1), id=event_id)
        await mechanism.send(mechanism.moved(ill, 3))
        await until(has_seen(mechanism, reaction, ill, [2, 3]))
    await database.close()
    [decision] = await mechanism.rows("select * from parked_decisions where event_id = :id", id=event_id)
    assert (decision.decision, decision.reason) == ("discarded", "typed wrongly")
    assert await mechanism.parked(reaction.group) == []


async def test_passing_fault_is_tried_again_in_place(mechanism: Mechanism) -> None:
    counter, plain, attempts = new_id(), mechanism.reaction(), []

    async def handle(session: AsyncSession, event: CounterMoved) -> None:
        attempts.append(event.value)
        await note_effect(session, plain.group, event)
        if len(attempts) < 3:
            raise OSError("the neighbour is restarting")

    reaction = Reaction(plain.group, {mechanism.event_class: handle})
    async with mechanism.running_consumer(reaction):
        for value in (1, 2):
            await mechanism.send(mechanism.moved(counter, value))
        await until(has_seen(mechanism, reaction, counter, [1, 2]))
    assert await mechanism.parked(reaction.group) == []


async def test_lock_that_is_not_to_be_had_loses_nothing(mechanism: Mechanism) -> None:
    counter, reaction = new_id(), mechanism.reaction()
    async with mechanism.running_consumer(reaction):
        await mechanism.send(mechanism.moved(counter, 1))
        await until(has_seen(mechanism, reaction, counter, [1]))
        async with mechanism.engine("owner").begin() as connection:
            await connection.exec_driver_sql("lock table handled_events in access exclusive mode")
            await mechanism.send(mechanism.moved(counter, 2))
            await asyncio.sleep(4)
        await until(has_seen(mechanism, reaction, counter, [1, 2]))
    assert await mechanism.parked(reaction.group) == []


async def test_two_members_share_the_partitions_and_survive_each_other(mechanism: Mechanism) -> None:
    counters, reaction = [new_id() for _ in range(12)], mechanism.reaction()

    async def all_have_seen(last: int) -> bool:
        wanted = list(range(1, last + 1))
        return all([await mechanism.effects(reaction.group, counter) == wanted for counter in counters])

    async def move_all(value: int) -> None:
        for counter in counters:
            await mechanism.send(mechanism.moved(counter, value))

    async with mechanism.running_consumer(reaction) as first:
        await move_all(1)
        await until(lambda: all_have_seen(1))
        async with mechanism.running_consumer(reaction) as second:
            await until(lambda: asyncio.sleep(0, is_shared(first, second)))
            await move_all(2)
            await until(lambda: all_have_seen(2))
        await move_all(3)
        await until(lambda: all_have_seen(3))


def is_shared(first: Consumer, second: Consumer) -> bool:
    members = [member._consumer for member in (first, second)]
    return all(member is not None and len(member.assignment()) == 2 for member in members)


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Exit statuses of the process, which does not end here; the watch is a hundred times as impatient."""
    statuses: list[int] = []
    monkeypatch.setattr(consuming, "STALLED_SECONDS", 1.0)
    monkeypatch.setattr(consuming, "WATCH_SECONDS", 0.2)
    monkeypatch.setattr(os, "_exit", statuses.append)
    return statuses


async def test_lag_without_an_attempt_ends_the_process(mechanism: Mechanism, ended: list[int]) -> None:
    reaction, hangs = mechanism.reaction(), asyncio.Event()

    async def hang(session: AsyncSession, event: CounterMoved) -> None:
        await hangs.wait()

    async with mechanism.running_consumer(Reaction(reaction.group, {mechanism.event_class: hang})):
        await mechanism.send(mechanism.moved(new_id(), 1))
        await until(lambda: asyncio.sleep(0, ended))
        hangs.set()
    assert set(ended) == {consuming.STALLED_EXIT_STATUS}


async def test_attempts_that_fail_are_progress(mechanism: Mechanism, ended: list[int]) -> None:
    reaction = mechanism.reaction()

    async def fail(session: AsyncSession, event: CounterMoved) -> None:
        raise OSError("still away")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(consuming, "RETRY_SECONDS_MAX", 0.25)
        async with mechanism.running_consumer(Reaction(reaction.group, {mechanism.event_class: fail})):
            await mechanism.send(mechanism.moved(new_id(), 1))
            await asyncio.sleep(4)
    assert ended == []


async def test_no_lag_is_no_reason_to_end(mechanism: Mechanism, ended: list[int]) -> None:
    async with mechanism.running_consumer(mechanism.reaction()):
        await asyncio.sleep(3)
    assert ended == []


async def test_absent_broker_is_waited_for(mechanism: Mechanism, ended: list[int]) -> None:
    database = mechanism.database("worker")
    settings = ConsumerSettings(TopicSettings(BrokerAccess("127.0.0.1:1"), 4, 1), session_timeout_ms=2_000)
    consumer, stop = Consumer(mechanism.reaction(), database, settings), asyncio.Event()
    task = asyncio.create_task(consumer.run(stop))
    await asyncio.sleep(3)
    assert not task.done()
    assert not await consumer._is_ready()
    stop.set()
    await task
    await database.close()
    assert ended == []
