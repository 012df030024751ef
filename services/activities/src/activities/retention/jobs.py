"""Time in: once an hour, who is kept for longer than the rules have it is forgotten."""

from __future__ import annotations

import asyncio

from activities.retention import queries, use_cases
from common.database import Database, organisation_context
from common.logging import get_logger
from common.reactions import is_passing
from common.waiting import pause

logger = get_logger(__name__)

LOOK_SECONDS = 3_600.0
ACTOR = "worker retention"


async def keep_periods(database: Database, stop: asyncio.Event) -> None:
    """Look at every association until `stop` is set; a fault of the surroundings is left to the next hour."""
    while not stop.is_set():
        try:
            await forget_everywhere(database)
        except Exception as error:
            if not is_passing(error):
                raise
            logger.warning("retention is left to the next hour", error=repr(error)[:300])
        await pause(stop, LOOK_SECONDS)


async def forget_everywhere(database: Database) -> int:
    """Ask for the erasures that are due, one transaction for each association; returns how many were asked for."""
    async with database.transaction() as session:
        associations = await queries.list_associations(session)
    asked = 0
    for organisation_id in associations:
        async with database.transaction(organisation_context(organisation_id, ACTOR)) as session:
            asked += await use_cases.forget_past_period(session, organisation_id)
    return asked
