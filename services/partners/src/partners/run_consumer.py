"""Kafka in: every consumer group of the service and what it does on each event."""

from __future__ import annotations

import asyncio

from access.projection import projection_of
from common.commands import run_consumers
from common.reactions import Reaction
from common.running import main
from contracts.partners import OrganisationChanged
from partners.database import worker_database
from partners.erasures.event_handlers import ERASURES
from partners.holds.event_handlers import HOLDS
from partners.memberships.event_handlers import end_memberships_of_ended_organisation
from partners.settings import Settings

REACTIONS = (
    projection_of("partners"),
    Reaction(group="partners.memberships", handlers={OrganisationChanged: end_memberships_of_ended_organisation}),
    HOLDS,
    ERASURES,
)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Consume until `stop` is set."""
    await run_consumers("partners", settings, worker_database, REACTIONS, stop)


if __name__ == "__main__":
    main("partners", Settings(), run)
