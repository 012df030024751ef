"""HTTP in: the routes of every feature."""

from __future__ import annotations

import asyncio
from types import ModuleType

from access.serving import serve_api
from common.running import main
from notifications.database import api_database
from notifications.messages import api as messages_api
from notifications.recipients import api as recipients_api
from notifications.settings import Settings

FEATURES: tuple[ModuleType, ...] = (messages_api, recipients_api)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve the API until `stop` is set."""
    await serve_api("notifications", settings, FEATURES, api_database, stop)


if __name__ == "__main__":
    main("notifications", Settings(), run, serves_http=True)
