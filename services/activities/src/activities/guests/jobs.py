"""Held places in time: given back when nobody follows the link."""

from __future__ import annotations

from activities.guests import use_cases
from common.database import Database
from common.due_rows import DueRow, complete


async def end_guest_hold(database: Database, due: DueRow) -> None:
    """Give the places of a hold back."""
    async with database.transaction(due.context) as session:
        await use_cases.end_hold(session, due.subject_id)
        await complete(session, due.kind, due.subject_id)
