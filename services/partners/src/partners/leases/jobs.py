"""Leases in time."""

from __future__ import annotations

from common.database import Database
from common.due_rows import DueRow, complete
from partners.leases import use_cases


async def announce_notice(database: Database, due: DueRow) -> None:
    """Announce that notice of a lease must be given soon, if at all."""
    async with database.transaction(due.context) as session:
        await use_cases.announce_notice(session, due.subject_id)
        await complete(session, due.kind, due.subject_id)
