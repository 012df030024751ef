"""Sessions to come are assessed again when a supervision rule of theirs was added or changed."""

from __future__ import annotations

from common.database import Database
from common.due_rows import DueRow, complete
from staffing.coverage import use_cases


async def reassess_coverage(database: Database, due: DueRow) -> None:
    """Assess one session; the trigger on `supervision_rules` makes the rows."""
    async with database.transaction(due.context) as session:
        await use_cases.reassess_coverage(session, due.subject_id)
        await complete(session, due.kind, due.subject_id)
