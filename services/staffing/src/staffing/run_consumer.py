"""Kafka in: every consumer group of the service and what it does on each event."""

from __future__ import annotations

import asyncio

from access.projection import projection_of
from common.commands import run_consumers
from common.running import main
from staffing.coverage.event_handlers import COVERAGE
from staffing.database import worker_database
from staffing.erasures.event_handlers import ERASURES
from staffing.holds.event_handlers import HOLDS
from staffing.settings import Settings

REACTIONS = (projection_of("staffing"), COVERAGE, HOLDS, ERASURES)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Consume until `stop` is set."""
    await run_consumers("staffing", settings, worker_database, REACTIONS, stop)


if __name__ == "__main__":
    main("staffing", Settings(), run)
