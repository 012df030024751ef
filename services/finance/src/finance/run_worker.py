"""Time in: every kind of due row and the job that does it."""

from __future__ import annotations

import asyncio

from common.commands import run_jobs
from common.due_rows import Job
from common.running import main
from finance.database import worker_database
from finance.invariants import INVARIANTS
from finance.settings import Settings

JOBS: dict[str, Job] = {}


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Do what is due until `stop` is set."""
    await run_jobs("finance", settings, worker_database, JOBS, stop, INVARIANTS)


if __name__ == "__main__":
    main("finance", Settings(), run)
