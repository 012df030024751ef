"""Time in: every kind of due row and the job that does it."""

from __future__ import annotations

import asyncio

from common.commands import run_jobs
from common.due_rows import Job
from common.running import main
from staffing.contracts import jobs as contracts
from staffing.coverage import jobs as coverage
from staffing.database import worker_database
from staffing.invariants import INVARIANTS
from staffing.proposals import jobs as proposals
from staffing.recruitment import jobs as recruitment
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
    await run_jobs("staffing", settings, worker_database, JOBS, stop, INVARIANTS)


if __name__ == "__main__":
    main("staffing", Settings(), run)
