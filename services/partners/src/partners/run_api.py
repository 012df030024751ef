"""HTTP in: the routes of every feature."""

from __future__ import annotations

import asyncio
from types import ModuleType

from access.serving import serve_api
from common.running import main
from partners.agreements import api as agreements
from partners.calendars import api as calendars
from partners.database import api_database
from partners.evaluation import api as evaluation
from partners.holds import api as holds
from partners.keys import api as keys
from partners.leases import api as leases
from partners.logos import api as logos
from partners.meetings import api as meetings
from partners.memberships import api as memberships
from partners.organisations import api as organisations
from partners.photos import api as photos
from partners.reservations import api as reservations
from partners.resources import api as resources
from partners.settings import Settings

FEATURES: tuple[ModuleType, ...] = (
    organisations,
    memberships,
    agreements,
    meetings,
    resources,
    photos,
    logos,
    calendars,
    leases,
    keys,
    reservations,
    holds,
    evaluation,
)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve the API until `stop` is set."""
    await serve_api("partners", settings, FEATURES, api_database, stop)


if __name__ == "__main__":
    main("partners", Settings(), run, serves_http=True)
