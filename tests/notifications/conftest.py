"""The notifications service's worker on its real database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from common.database import Database
from common.testing import rolled_back
from tests.conftest import ServiceDatabases


@pytest.fixture
def service() -> str:
    return "notifications"


@pytest.fixture
async def session(databases_of: Callable[[str], ServiceDatabases]) -> AsyncIterator[AsyncSession]:
    """A transaction of the consumer's role that leaves nothing behind."""
    async with rolled_back(databases_of("notifications").engine("worker")) as session:
        yield session


@pytest.fixture
async def worker_database(databases_of: Callable[[str], ServiceDatabases]) -> AsyncIterator[Database]:
    """The worker's own connections, for what must commit."""
    database = Database()
    database.connect(databases_of("notifications").urls["worker"], 4)
    yield database
    await database.close()
