"""Offers in time: made when places become free, ended when nobody answers."""

from __future__ import annotations

from activities.waiting import use_cases
from common.database import Database
from common.due_rows import DueRow, complete


async def offer_free_places(database: Database, due: DueRow) -> None:
    """Offer the free places of a session."""
    async with database.transaction(due.context) as session:
        await use_cases.offer_free_places(session, due.subject_id)
        await complete(session, due.kind, due.subject_id)


async def expire_offer(database: Database, due: DueRow) -> None:
    """End an offer."""
    async with database.transaction(due.context) as session:
        await use_cases.expire_offer(session, due.subject_id)
        await complete(session, due.kind, due.subject_id)
