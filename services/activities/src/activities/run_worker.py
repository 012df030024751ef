"""Time in: every kind of due row and the job that does it."""

from __future__ import annotations

import asyncio

from access.retention import keep_periods
from activities.attestations.jobs import render_attestation
from activities.attestations.use_cases import RENDER as RENDER_ATTESTATION
from activities.cancellations.jobs import cancel_bookings_of_session
from activities.database import worker_database
from activities.erasures.jobs import begin_erasure
from activities.erasures.outside import journal
from activities.erasures.use_cases import BEGIN_ERASURE
from activities.guests.jobs import end_guest_hold
from activities.guests.use_cases import END_GUEST_HOLD
from activities.holds.jobs import give_up_hold
from activities.holds.use_cases import GIVE_UP_HOLD
from activities.invariants import INVARIANTS
from activities.metrics import MEASUREMENTS
from activities.retention.use_cases import KEPT
from activities.sessions.use_cases import CANCEL_BOOKINGS, OFFER_FREE_PLACES
from activities.settings import Settings
from activities.waiting.jobs import expire_offer, offer_free_places
from activities.waiting.use_cases import EXPIRE_OFFER
from common.commands import run_jobs
from common.due_rows import Job
from common.running import main, run_all

JOBS: dict[str, Job] = {
    CANCEL_BOOKINGS: cancel_bookings_of_session,
    OFFER_FREE_PLACES: offer_free_places,
    EXPIRE_OFFER: expire_offer,
    END_GUEST_HOLD: end_guest_hold,
    GIVE_UP_HOLD: give_up_hold,
    BEGIN_ERASURE: begin_erasure,
    RENDER_ATTESTATION: render_attestation,
}


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Do what is due until `stop` is set."""
    journal.open(settings.erasures_journal_path)
    worker_database.connect(settings.worker_database_url, settings.database_connections_max)
    jobs = run_jobs("activities", settings, worker_database, JOBS, stop, INVARIANTS, MEASUREMENTS)
    periods = keep_periods(worker_database, KEPT, stop)
    await run_all([asyncio.ensure_future(jobs), asyncio.ensure_future(periods)], stop)


if __name__ == "__main__":
    main("activities", Settings(), run)
