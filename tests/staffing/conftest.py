"""The service under test, and sessions as it knows them from events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from common.database import Database, organisation_context
from common.ids import new_id
from common.testing import deliver, example, published, rolled_back
from contracts.activities import BookingConfirmed, SessionScheduled
from contracts.staffing import CoverageEvent
from staffing.coverage.event_handlers import COVERAGE
from tests.conftest import ServiceDatabases


@pytest.fixture
def service() -> str:
    """The service whose databases and API the shared fixtures give."""
    return "staffing"


Plan = Callable[..., Awaitable[SessionScheduled]]


@pytest.fixture
async def plan(databases_of: Callable[[str], ServiceDatabases]) -> Plan:
    """Plans a session of an organisation with one booking for people of the given ages."""

    async def make(organisation_id: UUID, *ages: int, **changes: object) -> SessionScheduled:
        database = Database()
        database.connect(databases_of("staffing").urls["worker"], 1)
        event = scheduled(organisation_id, **changes)
        async with database.transaction(organisation_context(organisation_id, "test")) as session:
            await hear(session, event, confirmed(event, *ages))
        await database.close()
        return event

    return make


@pytest.fixture
async def transaction(
    databases_of: Callable[[str], ServiceDatabases], organisation_id: UUID
) -> AsyncIterator[AsyncSession]:
    """A transaction of the worker role for the organisation that leaves nothing behind."""
    engine = databases_of("staffing").engine("worker")
    async with rolled_back(engine, organisation_context(organisation_id, "test")) as session:
        yield session


def scheduled(organisation_id: UUID, **changes: Any) -> SessionScheduled:
    """A session of two hours in a month, under the Belgian holiday-centre rule unless changed."""
    starts_at = (datetime.now(UTC) + timedelta(days=30)).replace(hour=8, minute=0, second=0, microsecond=0)
    facts = {
        "organisation_id": organisation_id,
        "session_id": new_id(),
        "starts_at": starts_at,
        "ends_at": changes.get("starts_at", starts_at) + timedelta(hours=2),
        **changes,
    }
    event = example(SessionScheduled, **facts)
    assert isinstance(event, SessionScheduled)
    return event


def confirmed(session: SessionScheduled, *ages: int | None, **changes: Any) -> BookingConfirmed:
    """A confirmed booking of a session for people of these ages."""
    place = example(BookingConfirmed).model_dump()["places"][0]
    facts = {
        "organisation_id": session.organisation_id,
        "session_id": session.session_id,
        "booking_id": new_id(),
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "places": [{**place, "participant_id": new_id(), "age": age} for age in ages],
        **changes,
    }
    event = example(BookingConfirmed, **facts)
    assert isinstance(event, BookingConfirmed)
    return event


async def hear(session: AsyncSession, *events: Any) -> None:
    """Deliver events to the coverage group, in this order."""
    for event in events:
        assert await deliver(session, COVERAGE, event) == "handled"


async def announced(session: AsyncSession) -> list[CoverageEvent]:
    """What this transaction announced about coverage, in order."""
    return [event for event in await published(session) if isinstance(event, CoverageEvent)]
