"""Time in: every kind of due row and the job that does it."""

from __future__ import annotations

import asyncio

from access.retention import keep_periods
from common.commands import run_jobs
from common.due_rows import Job
from common.running import main, run_all
from partners.agreements.jobs import announce_renewal
from partners.agreements.use_cases import RENEWAL_DUE
from partners.database import worker_database
from partners.invariants import INVARIANTS
from partners.leases.jobs import announce_notice
from partners.leases.use_cases import NOTICE_DUE
from partners.meetings.jobs import announce_due_task
from partners.meetings.use_cases import TASK_DUE
from partners.retention.use_cases import KEPT
from partners.settings import Settings

JOBS: dict[str, Job] = {
    RENEWAL_DUE: announce_renewal,
    TASK_DUE: announce_due_task,
    NOTICE_DUE: announce_notice,
}


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Do what is due until `stop` is set."""
    worker_database.connect(settings.worker_database_url, settings.database_connections_max)
    jobs = run_jobs("partners", settings, worker_database, JOBS, stop, INVARIANTS)
    periods = keep_periods(worker_database, KEPT, stop)
    await run_all([asyncio.ensure_future(jobs), asyncio.ensure_future(periods)], stop)


if __name__ == "__main__":
    main("partners", Settings(), run)
