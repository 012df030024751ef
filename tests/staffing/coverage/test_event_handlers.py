"""Sessions and bookings arrive twice, late and in odd order; the coverage is right all the same."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from common.testing import deliver, example
from contracts.activities import (
    BookingCancelled,
    BookingConfirmed,
    SessionCancelled,
    SessionCompleted,
    SessionRescheduled,
    SessionScheduled,
)
from contracts.event import Event
from contracts.staffing import CoverageRestored, CoverageShort
from staffing.coverage import queries
from staffing.coverage.event_handlers import COVERAGE
from tests.staffing.conftest import announced, confirmed, hear, scheduled

EXAMPLES = (
    SessionScheduled,
    SessionRescheduled,
    SessionCancelled,
    SessionCompleted,
    BookingConfirmed,
    BookingCancelled,
)


@pytest.fixture
def organisation_id() -> UUID:
    """The organiser of the committed examples."""
    return example(SessionScheduled).organisation_id


async def coverage_of(session: AsyncSession, session_id: UUID) -> Row[Any]:
    row = await queries.find_coverage(session, session_id)
    assert row is not None
    return row


async def rows_of(session: AsyncSession) -> list[Any]:
    """Everything the group keeps, to compare before and after."""
    tables = ("known_sessions", "covered_bookings", "coverages", "outbox_events")
    return [(await session.execute(text(f"select * from {table} order by 1, 2"))).all() for table in tables]


@pytest.mark.parametrize("event_class", EXAMPLES)
async def test_the_same_event_twice_changes_nothing(transaction: AsyncSession, event_class: type[Event]) -> None:
    event = example(event_class)
    assert await deliver(transaction, COVERAGE, event) == "handled"
    once = await rows_of(transaction)
    assert await deliver(transaction, COVERAGE, event) == "repeated"
    assert await rows_of(transaction) == once


async def test_a_booking_makes_a_session_short_and_says_why(transaction: AsyncSession, organisation_id: UUID) -> None:
    session = scheduled(organisation_id)
    await hear(transaction, session, confirmed(session, *[9] * 13))
    (event,) = await announced(transaction)
    assert isinstance(event, CoverageShort)
    assert (event.supervisors_needed, event.qualified_needed, event.supervisors_present) == (2, 1, 0)
    assert (event.organisation_id, event.session_id, event.title) == (
        organisation_id,
        session.session_id,
        session.title,
    )
    assert event.rule == "be_holiday_centre"
    assert "one supervisor per group of 12" in event.explanation
    assert event.grounds is not None
    assert (event.grounds.older, event.grounds.group_size, event.grounds.status) == (13, 12, "verified_secondary")


async def test_short_is_told_again_only_when_the_need_grows(transaction: AsyncSession, organisation_id: UUID) -> None:
    session = scheduled(organisation_id)
    await hear(transaction, session, confirmed(session, 9), confirmed(session, 10), confirmed(session, *[11] * 11))
    assert [event.supervisors_needed for event in await announced(transaction)] == [1, 2]


async def test_cancelled_places_restore_a_session(transaction: AsyncSession, organisation_id: UUID) -> None:
    session = scheduled(organisation_id)
    booking = confirmed(session, 5, 7)
    gone = example(BookingCancelled, **{**booking.model_dump(), "version": 2, "places": ()})
    await hear(transaction, session, booking, gone)
    short, restored = await announced(transaction)
    assert isinstance(short, CoverageShort)
    assert isinstance(restored, CoverageRestored)
    assert restored.version == short.version + 1
    assert (await coverage_of(transaction, session.session_id)).supervisors_needed == 0


async def test_what_remains_of_a_waiting_booking_is_not_counted(
    transaction: AsyncSession, organisation_id: UUID
) -> None:
    session = scheduled(organisation_id)
    waiting = example(BookingCancelled, **confirmed(session, 5, 7).model_dump(), previous_state="waiting")
    await hear(transaction, session, waiting)
    assert await announced(transaction) == []


@pytest.mark.parametrize("order", permutations(range(4)))
async def test_every_order_leads_to_the_same_coverage(
    transaction: AsyncSession, organisation_id: UUID, order: tuple[int, ...]
) -> None:
    session = scheduled(organisation_id)
    first, second = confirmed(session, 5, *[9] * 7), confirmed(session, 9, 30)
    fewer = example(BookingCancelled, **{**first.model_dump(), "version": 2, "places": first.places[1:]})
    events = (session, first, second, fewer)
    await hear(transaction, *(events[index] for index in order))
    coverage = await coverage_of(transaction, session.session_id)
    assert (coverage.supervisors_needed, coverage.qualified_needed, coverage.is_short) == (1, 1, True)
    assert "8 children: 0 under 6, 8 from 6 on, 1 adults" in coverage.explanation


async def test_a_rescheduled_session_is_judged_by_its_new_length(
    transaction: AsyncSession, organisation_id: UUID
) -> None:
    session = scheduled(organisation_id, jurisdiction="FR", supervision="fr_periscolaire")
    longer = {
        **session.model_dump(),
        "version": 2,
        "ends_at": session.starts_at.replace(hour=17),
        "previous_starts_at": session.starts_at,
        "previous_ends_at": session.ends_at,
    }
    moved = example(SessionRescheduled, **longer)
    await hear(transaction, session, confirmed(session, *[5] * 10), moved)
    assert [event.supervisors_needed for event in await announced(transaction)] == [1, 2]
    late = session.model_copy(update={"title": "Old title"})
    await hear(transaction, late)
    coverage = await coverage_of(transaction, session.session_id)
    assert (coverage.supervisors_needed, coverage.title) == (2, session.title)


async def test_a_cancelled_session_announces_nothing(transaction: AsyncSession, organisation_id: UUID) -> None:
    session = scheduled(organisation_id)
    cancelled = example(SessionCancelled, **{**session.model_dump(), "version": 2, "reason": "Animatrice malade"})
    await hear(transaction, session, cancelled, confirmed(session, 4))
    assert await announced(transaction) == []
    assert (await coverage_of(transaction, session.session_id)).state == "cancelled"


async def test_a_past_session_announces_nothing_and_is_judged_all_the_same(
    transaction: AsyncSession, organisation_id: UUID
) -> None:
    session = scheduled(organisation_id, starts_at=datetime(2020, 10, 14, 12, tzinfo=UTC))
    await hear(transaction, session, confirmed(session, 4))
    assert await announced(transaction) == []
    assert (await coverage_of(transaction, session.session_id)).is_short


async def test_a_session_without_a_known_rule_demands_nothing_and_says_so(
    transaction: AsyncSession, organisation_id: UUID
) -> None:
    session = scheduled(organisation_id, jurisdiction="LU")
    await hear(transaction, session, confirmed(session, 4))
    coverage = await coverage_of(transaction, session.session_id)
    assert coverage.supervisors_needed == 0
    assert "No rule be_holiday_centre of LU is on record" in coverage.explanation
