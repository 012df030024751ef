"""Time in: every kind of due row and the job that does it."""

from __future__ import annotations

import asyncio

from access.retention import keep_periods
from common.commands import run_jobs
from common.due_rows import Job
from common.running import main, run_all
from staffing.contracts import jobs as contracts
from staffing.coverage import jobs as coverage
from staffing.database import worker_database
from staffing.invariants import INVARIANTS
from staffing.proposals import jobs as proposals
from staffing.recruitment import jobs as recruitment
from staffing.retention.use_cases import KEPT
from staffing.settings import Settings
from staffing.shifts import jobs as shifts

JOBS: dict[str, Job] = {
    "reassess_coverage": coverage.reassess_coverage,
    "follow_session": shifts.follow_session,
    "render_document": contracts.render_document,
    "forget_application": recruitment.forget_application,
    "solve_proposal": proposals.solve_proposal,
}


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Do what is due until `stop` is set."""
    worker_database.connect(settings.worker_database_url, settings.database_connections_max)
    jobs = run_jobs("staffing", settings, worker_database, JOBS, stop, INVARIANTS)
    periods = keep_periods(worker_database, KEPT, stop)
    await run_all([asyncio.ensure_future(jobs), asyncio.ensure_future(periods)], stop)


if __name__ == "__main__":
    main("staffing", Settings(), run)
