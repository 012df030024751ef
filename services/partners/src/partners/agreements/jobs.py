"""Agreements in time."""

from __future__ import annotations

from common.database import Database
from common.due_rows import DueRow, complete
from partners.agreements import use_cases


async def announce_renewal(database: Database, due: DueRow) -> None:
    """Announce that an agreement runs out soon."""
    async with database.transaction(due.context) as session:
        await use_cases.announce_renewal(session, due.subject_id)
        await complete(session, due.kind, due.subject_id)
