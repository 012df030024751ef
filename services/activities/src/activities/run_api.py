"""HTTP in: the routes of every feature."""

from __future__ import annotations

import asyncio
from types import ModuleType

from access.serving import serve_api
from activities.agreements import api as agreements
from activities.attendance import api as attendance
from activities.attestations import api as attestations
from activities.bookings import api as bookings
from activities.calendars import api as calendars
from activities.cancellations import api as cancellations
from activities.consents import api as consents
from activities.database import api_database
from activities.erasures import api as erasures
from activities.evaluation import api as evaluation
from activities.guests import api as guests
from activities.history import api as history
from activities.holds import api as holds
from activities.incidents import api as incidents
from activities.openings import api as openings
from activities.participants import api as participants
from activities.programmes import api as programmes
from activities.safety import api as safety
from activities.sessions import api as sessions
from activities.settings import Settings
from activities.waiting import api as waiting
from common.running import main

# A request is compared with one route after another: the one that a crowd takes comes first.
FEATURES: tuple[ModuleType, ...] = (
    bookings,
    programmes,
    sessions,
    participants,
    cancellations,
    waiting,
    guests,
    attendance,
    evaluation,
    history,
    holds,
    erasures,
    safety,
    openings,
    incidents,
    consents,
    attestations,
    agreements,
    calendars,
)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve the API until `stop` is set."""
    await serve_api("activities", settings, FEATURES, api_database, stop)


if __name__ == "__main__":
    main("activities", Settings(), run, serves_http=True)
