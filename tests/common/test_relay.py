"""The relay against real PostgreSQL and a real broker: nothing lost, nothing out of order, whatever happens."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from uuid import UUID

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from common import relay as relay_module
from common.ids import new_id
from common.metrics import RELAY_ERRORS
from tests.common.mechanism import Mechanism, until
from tests.faults import id_cursor

pytestmark = pytest.mark.xdist_group("kafka")

END_OTHER_SESSIONS = text(
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user and pid <> pg_backend_pid()"
)


def by_counter(published: list[tuple[UUID, int]]) -> dict[UUID, list[int]]:
    values: dict[UUID, list[int]] = defaultdict(list)
    for counter_id, value in published:
        values[counter_id].append(value)
    return values


def first_occurrences(values: list[int]) -> list[int]:
    return list(dict.fromkeys(values))


async def is_published(mechanism: Mechanism, count: int) -> bool:
    return len(await mechanism.published()) >= count


async def test_transaction_that_commits_late_is_neither_lost_nor_waited_for(mechanism: Mechanism) -> None:
    slow, quick = new_id(), new_id()
    async with mechanism.running_relay(), AsyncSession(mechanism.engine("api")) as session:
        async with session.begin():
            await mechanism.move(slow, session=session)
            for _ in range(3):
                await mechanism.move(quick)
            await until(lambda: is_published(mechanism, 3))
            await mechanism.move(slow, session=session)
        await mechanism.move(slow)
        await until(lambda: is_published(mechanism, 6))
    assert by_counter(await mechanism.published()) == {slow: [1, 2, 3], quick: [1, 2, 3]}


async def test_id_cursor_would_lose_the_late_transaction(mechanism: Mechanism, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard is seen to fail: the same story with the reader of most blog posts."""
    for name in ("READ_PAGE", "MEASURE"):
        monkeypatch.setattr(relay_module, name, getattr(id_cursor, name))
    slow, quick = new_id(), new_id()
    async with mechanism.running_relay(), AsyncSession(mechanism.engine("api")) as session:
        async with session.begin():
            await mechanism.move(slow, session=session)
            await mechanism.move(quick)
            await until(lambda: is_published(mechanism, 1))
        await mechanism.move(quick)
        await until(lambda: is_published(mechanism, 2))
    assert by_counter(await mechanism.published()) == {quick: [1, 2]}


async def test_rolled_back_rows_are_never_published(mechanism: Mechanism) -> None:
    counter = new_id()
    async with mechanism.running_relay(), AsyncSession(mechanism.engine("api")) as session:
        await mechanism.move(counter)
        async with session.begin():
            await mechanism.move(counter, session=session)
            await session.rollback()
        async with session.begin():
            savepoint = await session.begin_nested()
            await mechanism.move(counter, session=session)
            await savepoint.rollback()
            await mechanism.move(counter, session=session)
        await until(lambda: is_published(mechanism, 2))
    assert by_counter(await mechanism.published()) == {counter: [1, 2]}


async def test_concurrent_writers_keep_the_order_of_each_aggregate(mechanism: Mechanism) -> None:
    counters = [new_id() for _ in range(5)]

    async def write(number: int) -> None:
        for turn in range(30):
            await mechanism.move(counters[turn % 5], counters[(turn + number) % 5 - 1])

    async with mechanism.running_relay():
        await asyncio.gather(*(write(number) for number in range(8)))
        written = (await mechanism.rows("select count(*) as count from outbox_events"))[0].count
        await until(lambda: is_published(mechanism, written))
    for values in by_counter(await mechanism.published()).values():
        assert values == list(range(1, len(values) + 1))


async def test_crash_between_send_and_cursor_only_repeats(
    mechanism: Mechanism, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "LEADER_RETRY_SECONDS_MAX", relay_module.LEADER_RETRY_SECONDS)
    counter = new_id()
    await mechanism.execute(f"revoke update on outbox_cursor from {mechanism.service}_relay")
    async with mechanism.running_relay():
        for _ in range(4):
            await mechanism.move(counter)
        await until(lambda: is_published(mechanism, 8))
        await mechanism.execute(f"grant update on outbox_cursor to {mechanism.service}_relay")
        await until(lambda: cursor_has_moved(mechanism))
    values = by_counter(await mechanism.published())[counter]
    assert first_occurrences(values) == [1, 2, 3, 4]
    assert len(values) > 4


async def cursor_has_moved(mechanism: Mechanism) -> bool:
    return (await mechanism.rows("select snapshot from outbox_cursor"))[0].snapshot != "3:3:"


async def test_second_relay_is_idle_until_the_lock_is_free(mechanism: Mechanism) -> None:
    counter = new_id()
    async with mechanism.running_relay():
        await mechanism.move(counter)
        await until(lambda: is_published(mechanism, 1))
        async with mechanism.running_relay() as second:
            for _ in range(3):
                await mechanism.move(counter)
            await until(lambda: is_published(mechanism, 4))
            assert second._producer is None
    async with mechanism.running_relay():
        await mechanism.move(counter)
        await until(lambda: is_published(mechanism, 5))
    assert by_counter(await mechanism.published()) == {counter: [1, 2, 3, 4, 5]}


async def test_leader_whose_session_ended_makes_place(mechanism: Mechanism) -> None:
    counter = new_id()
    async with mechanism.running_relay():
        await mechanism.move(counter)
        await until(lambda: is_published(mechanism, 1))
        async with mechanism.engine("relay").connect() as same_role:
            await same_role.execute(END_OTHER_SESSIONS)
        await mechanism.move(counter)
        async with mechanism.running_relay():
            await until(lambda: is_published(mechanism, 2))
    assert by_counter(await mechanism.published()) == {counter: [1, 2]}


async def test_broker_error_is_survived_by_a_fresh_producer(mechanism: Mechanism) -> None:
    counter = new_id()
    await let_records_be(mechanism, bytes_max=100)
    async with mechanism.running_relay() as relay:
        await until(lambda: asyncio.sleep(0, relay._producer))
        first, failed_before = relay._producer, RELAY_ERRORS.labels(mechanism.service)._value.get()
        await mechanism.move(counter)
        await mechanism.move(counter)
        await until(lambda: asyncio.sleep(0, RELAY_ERRORS.labels(mechanism.service)._value.get() > failed_before))
        await let_records_be(mechanism, bytes_max=1_000_000)
        await until(lambda: is_published(mechanism, 2))
        assert relay._producer not in {None, first}
    assert first_occurrences(by_counter(await mechanism.published())[counter]) == [1, 2]


async def let_records_be(mechanism: Mechanism, bytes_max: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=mechanism.bootstrap_servers)
    await admin.start()
    configs = {"max.message.bytes": str(bytes_max)}
    await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, mechanism.topic, configs)])
    await admin.close()


async def test_after_a_forgetful_broker_everything_is_published_again(mechanism: Mechanism) -> None:
    counter = new_id()
    for _ in range(3):
        await mechanism.move(counter)
    for starts in (1, 2):
        async with mechanism.running_relay(is_volatile=True):
            await until(lambda times=starts: is_published(mechanism, 3 * times))
    assert by_counter(await mechanism.published()) == {counter: [1, 2, 3] * 2}


async def test_replay_that_failed_half_way_is_not_forgotten(mechanism: Mechanism) -> None:
    counter = new_id()
    await mechanism.move(counter)
    async with mechanism.running_relay():
        await until(lambda: cursor_has_moved(mechanism))
    await let_records_be(mechanism, bytes_max=100)
    async with mechanism.running_relay(is_volatile=True) as relay:
        await until(lambda: asyncio.sleep(0, relay._pause_seconds > relay_module.LEADER_RETRY_SECONDS))
        await let_records_be(mechanism, bytes_max=1_000_000)
        await until(lambda: is_published(mechanism, 2))
    assert by_counter(await mechanism.published()) == {counter: [1, 1]}


async def test_more_than_a_page_in_one_transaction_is_published_in_order(mechanism: Mechanism) -> None:
    counters = [new_id() for _ in range(2)]
    async with AsyncSession(mechanism.engine("api")) as session, session.begin():
        for _ in range(300):
            await mechanism.move(*counters, session=session)
    async with mechanism.running_relay():
        await until(lambda: is_published(mechanism, 600))
    assert by_counter(await mechanism.published()) == {key: list(range(1, 301)) for key in counters}


async def test_day_partitions_go_after_publication_and_never_before(mechanism: Mechanism) -> None:
    for day, is_published_already in (("20200101", True), ("20200102", False)):
        await mechanism.execute(
            f"create table outbox_events_{day} partition of outbox_events"
            f" for values from ('{day}') to (date '{day}' + 1)"
        )
        await mechanism.execute(
            "insert into outbox_events (event_id, wire_type, topic, key, organisation_id, payload, written_on)"
            f" values (gen_random_uuid(), 't', 't', gen_random_uuid(), gen_random_uuid(), '{{}}', '{day}')"
        )
        if is_published_already:
            await mechanism.execute("update outbox_cursor set snapshot = pg_current_snapshot()::text")
    await mechanism.execute("select outbox_keep_partitions()")
    assert await names_of_partitions(mechanism, "20200101") == []
    assert await names_of_partitions(mechanism, "20200102") == ["outbox_events_20200102"]
    await mechanism.execute("update outbox_cursor set snapshot = pg_current_snapshot()::text")
    await mechanism.execute("select outbox_keep_partitions()")
    assert await names_of_partitions(mechanism, "2020") == []
    assert len(await names_of_partitions(mechanism, "20")) >= 4


async def names_of_partitions(mechanism: Mechanism, of: str) -> list[str]:
    rows = await mechanism.rows(
        "select relname from pg_class where relkind = 'r' and relname like :name order by 1",
        name=f"outbox_events_{of}%",
    )
    return [row.relname for row in rows]
