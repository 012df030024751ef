"""The data of applicants are deleted when they are not needed any more."""

from __future__ import annotations

from common.database import Database
from common.due_rows import DueRow, complete
from staffing.recruitment import use_cases


async def forget_application(database: Database, due: DueRow) -> None:
    """Delete what is personal of one application."""
    async with database.transaction(due.context) as session:
        await use_cases.forget(session, due.subject_id)
        await complete(session, due.kind, due.subject_id)
