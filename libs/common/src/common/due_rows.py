"""Time in: what must happen at a time is a row, claimed by one worker at a time (SKIP LOCKED).

A claim is a lease: it counts an attempt and moves the row out of sight for a while, so that a worker that dies leaves
the row to another one. The job deletes the row in the transaction of its effect: `complete`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from common.database import Context, Database, organisation_context
from common.health import health
from common.logging import get_logger
from common.metrics import DUE_ROWS, DUE_ROWS_LATE_SECONDS
from common.reactions import is_passing
from common.tracing import span
from common.waiting import pause

logger = get_logger(__name__)

LEASE_SECONDS = 60
LEASE_USED = 0.9
CLAIM_ROWS_MAX = 20
JOBS_AT_ONCE = 4
POLL_SECONDS = 0.2
MEASURE_SECONDS = 5.0

DDL = (
    """create table due_rows (
        kind text not null, subject_id uuid not null, organisation_id uuid not null,
        due_at timestamptz not null, attempts integer not null default 0, last_error text,
        primary key (kind, subject_id))""",
    "create index due_rows_due_at_index on due_rows (due_at)",
    "grant select, insert, update, delete on due_rows to {service}_api, {service}_worker",
    "grant select on due_rows to {service}_auditor, {service}_backup",
)

SCHEDULE = text(
    """insert into due_rows (kind, subject_id, organisation_id, due_at)
       values (:kind, :subject_id, :organisation_id, :due_at)
       on conflict (kind, subject_id) do update set due_at = excluded.due_at, attempts = 0, last_error = null"""
)
COMPLETE = text("delete from due_rows where kind = :kind and subject_id = :subject_id")
CLAIM = text(
    """with due as materialized (
              select kind, subject_id from due_rows where due_at <= clock_timestamp() and kind = any(:kinds)
               order by due_at limit :rows_max for update skip locked)
       update due_rows set due_at = clock_timestamp() + make_interval(secs => :lease), attempts = attempts + 1
         from due where (due_rows.kind, due_rows.subject_id) = (due.kind, due.subject_id)
       returning due_rows.kind, due_rows.subject_id, organisation_id, attempts"""
)
POSTPONE = text(
    """update due_rows set due_at = clock_timestamp() + make_interval(secs => :delay), last_error = :error
        where kind = :kind and subject_id = :subject_id and attempts = :attempts"""
)
LATE = text("select coalesce(extract(epoch from clock_timestamp() - min(due_at)), 0) from due_rows")


@dataclass(frozen=True)
class DueRow:
    """A claimed row: what is due, for which subject of which organisation, and the how-manieth attempt this is."""

    kind: str
    subject_id: UUID
    organisation_id: UUID
    attempts: int

    @property
    def context(self) -> Context:
        """The context of a transaction that does this work."""
        return organisation_context(self.organisation_id, f"worker {self.kind}")


Job = Callable[[Database, DueRow], Awaitable[None]]


async def schedule(session: AsyncSession, kind: str, subject_id: UUID, organisation_id: UUID, due_at: datetime) -> None:
    """Make something due at a time; the same kind and subject again moves it."""
    values = {"kind": kind, "subject_id": subject_id, "organisation_id": organisation_id, "due_at": due_at}
    await session.execute(SCHEDULE, values)


async def complete(session: AsyncSession, kind: str, subject_id: UUID) -> None:
    """Forget a due row, in the transaction of its effect or because it is no longer wanted."""
    await session.execute(COMPLETE, {"kind": kind, "subject_id": subject_id})


class Worker:
    """Runs the jobs of one service; several workers may run beside each other."""

    def __init__(self, service: str, database: Database, jobs: Mapping[str, Job]) -> None:
        self._service, self._database, self._jobs = service, database, jobs
        self._measured_at = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Claim and run due rows until `stop` is set; a full claim is followed by the next at once."""
        health.register("worker_database", self._database.answers)
        while not stop.is_set():
            try:
                claimed = await self._claim()
                await self._run_all(claimed)
            except Exception as error:
                if not is_passing(error):
                    logger.exception("claiming failed")
                await pause(stop, 1.0)
                continue
            if len(claimed) < CLAIM_ROWS_MAX:
                await pause(stop, POLL_SECONDS)

    async def _claim(self) -> list[DueRow]:
        async with self._database.transaction() as session:
            values = {"lease": LEASE_SECONDS, "kinds": list(self._jobs), "rows_max": CLAIM_ROWS_MAX}
            rows = (await session.execute(CLAIM, values)).all()
            if time.monotonic() - self._measured_at > MEASURE_SECONDS:
                self._measured_at = time.monotonic()
                late = (await session.execute(LATE)).scalar_one()
                DUE_ROWS_LATE_SECONDS.labels(self._service).set(max(0.0, float(late)))
            return [DueRow(row.kind, row.subject_id, row.organisation_id, row.attempts) for row in rows]

    async def _run_all(self, due_rows: list[DueRow]) -> None:
        at_once = asyncio.Semaphore(JOBS_AT_ONCE)
        lease_ends_at = asyncio.get_running_loop().time() + LEASE_SECONDS * LEASE_USED

        async def run(due: DueRow) -> None:
            async with at_once:
                await self._run_one(due, lease_ends_at)

        await asyncio.gather(*(run(due) for due in due_rows))

    async def _run_one(self, due: DueRow, lease_ends_at: float) -> None:
        """Run one job within its lease; whatever it raises, the row stays and comes back later (1 s, 2 s … 10 min)."""
        try:
            with span(f"job {due.kind}"):
                async with asyncio.timeout_at(lease_ends_at):
                    await self._jobs[due.kind](self._database, due)
            DUE_ROWS.labels(due.kind, "done").inc()
        except Exception as error:
            DUE_ROWS.labels(due.kind, "retried").inc()
            logger.warning("job failed; it comes back", kind=due.kind, attempts=due.attempts, error=repr(error)[:300])
            await self._postpone(due, error)

    async def _postpone(self, due: DueRow, error: Exception) -> None:
        """Name the time of the next attempt; when even that fails, the end of the lease is that time."""
        delay = min(2 ** min(due.attempts - 1, 12), 600)
        told = repr(error).replace("\x00", "�")[:1_000]
        values = {"kind": due.kind, "subject_id": due.subject_id, "attempts": due.attempts}
        try:
            async with self._database.transaction() as session:
                await session.execute(POSTPONE, {**values, "delay": delay, "error": told})
        except Exception as fault:
            logger.warning("a failed job keeps its lease", kind=due.kind, error=repr(fault)[:300])
