"""The finance service's database, as its own processes see it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from common.database import organisation_context
from common.testing import deliver, rolled_back
from contracts.event import Event
from finance.run_consumer import CHARGES


@pytest.fixture
def service() -> str:
    """The service under test."""
    return "finance"


@pytest.fixture
def worker_engine(databases_of: Callable) -> AsyncEngine:
    """Connections of the role that handles events."""
    return databases_of("finance").engine("worker")


@pytest.fixture
async def worker(worker_engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """A rolled-back transaction of the role that handles events; every delivery sets its own context."""
    async with rolled_back(worker_engine) as session:
        yield session


@pytest.fixture
def acting(databases_of: Callable) -> Callable[[UUID], AbstractAsyncContextManager[AsyncSession]]:
    """Opens a rolled-back transaction of the API's role for one organisation."""
    engine = databases_of("finance").engine("api")
    return lambda organisation_id: rolled_back(engine, organisation_context(organisation_id, "test"))


@pytest.fixture
def happen(worker_engine: AsyncEngine) -> Callable[..., Awaitable[None]]:
    """Lets events happen for good, one transaction each, as the consumer does."""

    async def handle(*events: Event) -> None:
        for event in events:
            async with AsyncSession(worker_engine) as session, session.begin():
                await deliver(session, CHARGES, event)

    return handle
