"""A service's database as its worker sees it, for commands that act on events from outside."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from common.database import Database
from maillage.running import find_running_stack


@asynccontextmanager
async def worker_database(service: str, directory: Path) -> AsyncIterator[Database]:
    """By `<SERVICE>_WORKER_DATABASE_URL` where it is set, as in a container; else by the stack that runs here.

    Raises NotRunning when there is neither.
    """
    variable = f"{service.upper()}_WORKER_DATABASE_URL"
    url = os.environ.get(variable) or find_running_stack(directory).environments[service][variable]
    database = Database()
    database.connect(url, connections_max=1)
    try:
        yield database
    finally:
        await database.close()
