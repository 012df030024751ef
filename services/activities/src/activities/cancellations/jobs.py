"""Bookings of a session that was called off, cancelled a few at a time."""

from __future__ import annotations

from activities.cancellations.use_cases import cancel_some_of_session
from common.database import Database
from common.due_rows import DueRow, complete


async def cancel_bookings_of_session(database: Database, due: DueRow) -> None:
    """Cancel what is left, some per transaction, so that a thousand bookings hold no lock for long."""
    left = True
    while left:
        async with database.transaction(due.context) as session:
            left = await cancel_some_of_session(session, due.subject_id)
            if not left:
                await complete(session, due.kind, due.subject_id)
