"""What may be forgotten is: event ids that can no longer come again, and answers that nobody asks for again."""

from __future__ import annotations

import asyncio

from sqlalchemy import text

from common.database import Database
from common.handled_events import HANDLED_RETENTION_DAYS
from common.idempotency import ANSWERS_RETENTION_DAYS
from common.logging import get_logger
from common.reactions import is_passing
from common.waiting import pause

logger = get_logger(__name__)

HOUSEKEEPING_SECONDS = 3_600.0
FORGET = (
    text(f"delete from handled_events where handled_at < now() - interval '{HANDLED_RETENTION_DAYS} days'"),
    text(f"delete from idempotency_keys where created_at < now() - interval '{ANSWERS_RETENTION_DAYS} days'"),
)


async def keep_house(database: Database, stop: asyncio.Event) -> None:
    """Forget once an hour until `stop` is set; a fault of the surroundings is left to the next hour."""
    while not stop.is_set():
        try:
            await forget_old(database)
        except Exception as error:
            if not is_passing(error):
                raise
            logger.warning("housekeeping is left to the next hour", error=repr(error)[:300])
        await pause(stop, HOUSEKEEPING_SECONDS)


async def forget_old(database: Database) -> None:
    """Delete what is older than its retention."""
    for statement in FORGET:
        async with database.transaction() as session:
            await session.execute(statement)
