"""Kafka in: every consumer group of the service and what it does on each event."""

from __future__ import annotations

import asyncio

from access.projection import projection_of
from activities.agreements.event_handlers import AGREEMENTS
from activities.database import worker_database
from activities.erasures.event_handlers import ERASURES
from activities.holds.event_handlers import HOLDS
from activities.openings.event_handlers import OPENINGS
from activities.settings import Settings
from common.commands import run_consumers
from common.running import main

REACTIONS = (projection_of("activities"), HOLDS, ERASURES, OPENINGS, AGREEMENTS)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Consume until `stop` is set."""
    await run_consumers("activities", settings, worker_database, REACTIONS, stop)


if __name__ == "__main__":
    main("activities", Settings(), run)
