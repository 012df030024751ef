"""Tasks in time."""

from __future__ import annotations

from common.database import Database
from common.due_rows import DueRow, complete
from partners.meetings import use_cases


async def announce_due_task(database: Database, due: DueRow) -> None:
    """Announce that a task is due today."""
    async with database.transaction(due.context) as session:
        await use_cases.announce_due_task(session, due.subject_id)
        await complete(session, due.kind, due.subject_id)
