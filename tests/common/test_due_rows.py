"""Due rows on real PostgreSQL: each done once in effect, by one worker at a time, whoever dies meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Row, text

from common import due_rows
from common.database import Database
from common.due_rows import DueRow, Job, Worker, complete, schedule
from common.ids import new_id
from common.metrics import DUE_ROWS
from tests.common.mechanism import ORGANISATION, Mechanism, running, until

KIND = "ring"


@pytest.fixture
async def mechanism(mechanism_database: Mechanism) -> Mechanism:
    """No broker is needed here."""
    await mechanism_database.execute("delete from due_rows")
    return mechanism_database


@asynccontextmanager
async def working(mechanism: Mechanism, job: Job) -> AsyncIterator[Worker]:
    database = mechanism.database("worker")
    worker = Worker(mechanism.service, database, {KIND: job})
    async with running(worker.run):
        yield worker
    await database.close()


async def make_due(mechanism: Mechanism, *subject_ids: UUID, in_seconds: float = -1) -> None:
    database = mechanism.database("api")
    due_at = datetime.now(UTC) + timedelta(seconds=in_seconds)
    async with database.transaction() as session:
        for subject_id in subject_ids:
            await schedule(session, KIND, subject_id, ORGANISATION, due_at)
    await database.close()


async def row_of(mechanism: Mechanism, subject_id: UUID) -> Row | None:
    rows = await mechanism.rows(
        "select *, extract(epoch from due_at - clock_timestamp()) as seconds from due_rows where subject_id = :id",
        id=subject_id,
    )
    return rows[0] if rows else None


async def ring(database: Database, due: DueRow) -> None:
    """The effect is a row; it and the end of the due row are one transaction."""
    async with database.transaction(due.context) as session:
        effect = text("insert into effects (consumer_group, counter_id, value) values (:kind, :subject, :attempts)")
        await session.execute(effect, {"kind": due.kind, "subject": due.subject_id, "attempts": due.attempts})
        await complete(session, due.kind, due.subject_id)


async def test_two_workers_do_every_row_once(mechanism: Mechanism) -> None:
    subjects = [new_id() for _ in range(120)]
    await make_due(mechanism, *subjects)
    async with working(mechanism, ring), working(mechanism, ring):

        async def none_is_left() -> bool:
            return (await mechanism.rows("select count(*) as count from due_rows"))[0].count == 0

        await until(none_is_left)
    for subject in subjects:
        assert await mechanism.effects(KIND, subject) == [1]


async def test_row_of_the_future_is_left_alone(mechanism: Mechanism) -> None:
    later, now = new_id(), new_id()
    await make_due(mechanism, later, in_seconds=60)
    async with working(mechanism, ring):
        await make_due(mechanism, now)
        await until(lambda: mechanism.effects(KIND, now))
    assert await mechanism.effects(KIND, later) == []


async def test_kind_without_a_job_is_left_alone(mechanism: Mechanism) -> None:
    subject, known = new_id(), new_id()
    await make_due(mechanism, subject)
    await mechanism.execute("update due_rows set kind = 'sing'")
    async with working(mechanism, ring):
        await make_due(mechanism, known)
        await until(lambda: mechanism.effects(KIND, known))
    left = await row_of(mechanism, subject)
    assert left is not None
    assert left.attempts == 0


async def test_failed_job_comes_back_later_and_later(mechanism: Mechanism) -> None:
    subject, delays = new_id(), []
    await make_due(mechanism, subject)

    async def fail(_database: Database, due: DueRow) -> None:
        raise RuntimeError(f"attempt {due.attempts} \x00")

    async with working(mechanism, fail):
        for attempts in (1, 2, 3):

            async def is_postponed(wanted: int = attempts) -> bool:
                row = await row_of(mechanism, subject)
                return row is not None and row.attempts == wanted and row.last_error is not None and row.seconds < 59

            await until(is_postponed)
            row = await row_of(mechanism, subject)
            assert row is not None
            delays.append(row.seconds)
            assert f"attempt {attempts}" in row.last_error
            await mechanism.execute("update due_rows set due_at = now(), last_error = null")
    assert [delay <= limit for delay, limit in zip(delays, (1, 2, 4), strict=True)] == [True] * 3
    assert delays[0] < delays[1] < delays[2]


async def test_delay_is_at_most_ten_minutes(mechanism: Mechanism) -> None:
    subject = new_id()
    await make_due(mechanism, subject)
    await mechanism.execute("update due_rows set attempts = 40")

    async def fail(_database: Database, due: DueRow) -> None:
        raise RuntimeError

    async def is_postponed() -> bool:
        row = await row_of(mechanism, subject)
        return row is not None and row.last_error is not None

    async with working(mechanism, fail):
        await until(is_postponed)
    row = await row_of(mechanism, subject)
    assert row is not None
    assert 590 < row.seconds <= 600


async def test_row_of_a_dead_worker_comes_back_after_its_lease(
    mechanism: Mechanism, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due_rows, "LEASE_SECONDS", 1)
    subject, database = new_id(), mechanism.database("worker")
    await make_due(mechanism, subject)
    claimed = await Worker(mechanism.service, database, {KIND: ring})._claim()
    assert [due.subject_id for due in claimed] == [subject]
    async with working(mechanism, ring):
        await until(lambda: mechanism.effects(KIND, subject))
    await database.close()
    assert await mechanism.effects(KIND, subject) == [2]


async def test_effect_that_is_rolled_back_keeps_the_row(mechanism: Mechanism) -> None:
    subject = new_id()
    await make_due(mechanism, subject)

    async def ring_and_fall(database: Database, due: DueRow) -> None:
        async with database.transaction(due.context) as session:
            await complete(session, due.kind, due.subject_id)
            if due.attempts == 1:
                raise RuntimeError("fell")
        await ring(database, due)

    async with working(mechanism, ring_and_fall):
        await until(lambda: mechanism.effects(KIND, subject))
    assert await mechanism.effects(KIND, subject) == [2]
    assert await row_of(mechanism, subject) is None
    (metric,) = DUE_ROWS.collect()
    counted = {sample.labels["outcome"] for sample in metric.samples if sample.labels["kind"] == KIND}
    assert counted == set(metric.documentation.partition(": ")[2].split(", ")), "the help text names every outcome"


async def test_job_never_outlives_its_lease(mechanism: Mechanism, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else another worker does the same row beside it."""
    monkeypatch.setattr(due_rows, "LEASE_SECONDS", 1)
    subject, running_now, most_at_once = new_id(), 0, 0
    await make_due(mechanism, subject)

    async def hang(_database: Database, due: DueRow) -> None:
        nonlocal running_now, most_at_once
        running_now += 1
        most_at_once = max(most_at_once, running_now)
        try:
            await asyncio.sleep(30)
        finally:
            running_now -= 1

    async def was_tried_again() -> bool:
        row = await row_of(mechanism, subject)
        return row is not None and row.attempts >= 3

    async with working(mechanism, hang), working(mechanism, hang):
        await until(was_tried_again)
        await mechanism.execute("delete from due_rows")
    assert most_at_once == 1


async def test_row_that_was_moved_meanwhile_is_not_postponed(mechanism: Mechanism) -> None:
    subject = new_id()
    await make_due(mechanism, subject)

    async def move_and_fail(database: Database, due: DueRow) -> None:
        async with database.transaction(due.context) as session:
            await schedule(session, KIND, subject, ORGANISATION, datetime.now(UTC) + timedelta(hours=1))
        raise RuntimeError

    async def is_moved() -> bool:
        row = await row_of(mechanism, subject)
        return row is not None and row.attempts == 0 and row.seconds > 3000

    async with working(mechanism, move_and_fail):
        await until(is_moved)
    assert await is_moved()


async def test_worker_outlives_a_failing_claim(mechanism: Mechanism) -> None:
    subject = new_id()
    await mechanism.execute(f"revoke update on due_rows from {mechanism.service}_worker")
    async with working(mechanism, ring):
        await make_due(mechanism, subject)
        await asyncio.sleep(0.5)
        await mechanism.execute(f"grant update on due_rows to {mechanism.service}_worker")
        await until(lambda: mechanism.effects(KIND, subject))
