"""The deadline of a hold."""

from __future__ import annotations

from activities.holds import use_cases
from common.database import Database
from common.due_rows import DueRow


async def give_up_hold(database: Database, due: DueRow) -> None:
    """Release everything when not all of it was held in time; the row goes with the decision."""
    async with database.transaction(due.context) as session:
        await use_cases.give_up(session, due.subject_id)
