"""HTTP in: the routes of every feature."""

from __future__ import annotations

import asyncio
from types import ModuleType

from access.serving import serve_api
from common.running import main
from activities.database import api_database
from activities.settings import Settings

FEATURES: tuple[ModuleType, ...] = ()


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve the API until `stop` is set."""
    await serve_api("activities", settings, FEATURES, api_database, stop)


if __name__ == "__main__":
    main("activities", Settings(), run, serves_http=True)
