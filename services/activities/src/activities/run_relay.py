"""Outbox to Kafka, one leader."""

from __future__ import annotations

import asyncio

from activities.settings import Settings
from common.commands import run_outbox_relay
from common.running import main


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Publish until `stop` is set."""
    await run_outbox_relay("activities", settings, stop)


if __name__ == "__main__":
    main("activities", Settings(), run)
