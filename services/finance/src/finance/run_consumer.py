"""Kafka in: every consumer group of the service and what it does on each event."""

from __future__ import annotations

import asyncio

from access.projection import projection_of
from common.commands import run_consumers
from common.reactions import Reaction
from common.running import main
from contracts.activities import (
    AttendanceRecorded,
    BookingCancelled,
    BookingConfirmed,
    SessionCancelled,
    SessionCompleted,
    SessionRescheduled,
    SessionScheduled,
)
from finance.charges.event_handlers import (
    adjust_for_attendance,
    charge_confirmed_booking,
    earn_completed_session,
    know_cancelled_session,
    know_planned_session,
    reverse_cancelled_places,
)
from finance.database import worker_database
from finance.erasures.event_handlers import ERASURES
from finance.lending.event_handlers import LENDING
from finance.settings import Settings
from finance.substitutes.event_handlers import SUBSTITUTES

CHARGES = Reaction(
    group="finance.charges",
    handlers={
        BookingConfirmed: charge_confirmed_booking,
        BookingCancelled: reverse_cancelled_places,
        AttendanceRecorded: adjust_for_attendance,
        SessionScheduled: know_planned_session,
        SessionRescheduled: know_planned_session,
        SessionCancelled: know_cancelled_session,
        SessionCompleted: earn_completed_session,
    },
)
REACTIONS = (projection_of("finance"), CHARGES, LENDING, SUBSTITUTES, ERASURES)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Consume until `stop` is set."""
    await run_consumers("finance", settings, worker_database, REACTIONS, stop)


if __name__ == "__main__":
    main("finance", Settings(), run)
