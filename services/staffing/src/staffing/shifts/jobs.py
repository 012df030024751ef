"""Shifts follow their session when it moves or is called off."""

from __future__ import annotations

from common.database import Database
from common.due_rows import DueRow, complete
from staffing.shifts import use_cases


async def follow_session(database: Database, due: DueRow) -> None:
    """Let the shifts of one session follow it; the trigger on `known_sessions` makes the rows."""
    async with database.transaction(due.context) as session:
        await use_cases.follow_session(session, due.subject_id)
        await complete(session, due.kind, due.subject_id)
