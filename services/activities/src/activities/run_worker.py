"""Time in: every kind of due row and the job that does it."""

from __future__ import annotations

import asyncio

from activities.cancellations.jobs import cancel_bookings_of_session
from activities.database import worker_database
from activities.guests.jobs import end_guest_hold
from activities.guests.use_cases import END_GUEST_HOLD
from activities.holds.jobs import give_up_hold
from activities.holds.use_cases import GIVE_UP_HOLD
from activities.invariants import INVARIANTS
from activities.metrics import MEASUREMENTS
from activities.sessions.use_cases import CANCEL_BOOKINGS, OFFER_FREE_PLACES
from activities.settings import Settings
from activities.waiting.jobs import expire_offer, offer_free_places
from activities.waiting.use_cases import EXPIRE_OFFER
from common.commands import run_jobs
from common.due_rows import Job
from common.running import main

JOBS: dict[str, Job] = {
    CANCEL_BOOKINGS: cancel_bookings_of_session,
    OFFER_FREE_PLACES: offer_free_places,
    EXPIRE_OFFER: expire_offer,
    END_GUEST_HOLD: end_guest_hold,
    GIVE_UP_HOLD: give_up_hold,
}


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Do what is due until `stop` is set."""
    await run_jobs("activities", settings, worker_database, JOBS, stop, INVARIANTS, MEASUREMENTS)


if __name__ == "__main__":
    main("activities", Settings(), run)
