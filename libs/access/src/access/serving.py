"""The api command: a service's routes behind the doorkeeper."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from types import ModuleType

from fastapi import FastAPI

from access.callers import guard
from common.database import Database
from common.health import health
from common.http import create_app
from common.running import serve
from common.settings import ServiceSettings


def create_guarded_app(
    service: str, settings: ServiceSettings, features: Iterable[ModuleType], database: Database
) -> FastAPI:
    """The application of a service; the database must be connected before the first request."""
    app = create_app(service, f"Maillage {service}", settings, features)
    guard(app, settings, database)
    return app


async def serve_api(
    service: str, settings: ServiceSettings, features: Iterable[ModuleType], database: Database, stop: asyncio.Event
) -> None:
    """Serve until `stop` is set."""
    database.connect(settings.api_database_url, settings.database_connections_max)
    health.register("api_database", database.answers)
    app = create_guarded_app(service, settings, features, database)
    await serve(app, settings, stop)
    await database.close()
