"""Short questions to a database, each on a connection of its own that is given back at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from common.database import plain_dsn

PATIENCE_SECONDS = 5.0
SETTINGS = {"statement_timeout": "10000", "lock_timeout": "1000", "application_name": "maillage doctor"}


@asynccontextmanager
async def connection_of(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection by the URL of a service's settings."""
    connection = await asyncpg.connect(plain_dsn(url), timeout=PATIENCE_SECONDS, server_settings=SETTINGS)
    try:
        yield connection
    finally:
        await connection.close(timeout=PATIENCE_SECONDS)


async def ask(url: str, question: str, *values: object) -> list[Any]:
    """The rows of one question."""
    async with connection_of(url) as connection:
        return list(await connection.fetch(question, *values))
