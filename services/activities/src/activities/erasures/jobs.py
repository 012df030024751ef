"""An erasure begins: noted outside the database first, so that no restore can undo it unseen."""

from __future__ import annotations

import asyncio

from activities.erasures import use_cases
from activities.erasures.outside import journal
from common.database import Database
from common.due_rows import DueRow, complete


async def begin_erasure(database: Database, due: DueRow) -> None:
    """Note the erasure in the journal, then ask for its first step."""
    async with database.transaction(due.context) as session:
        noted = await use_cases.journal_entry(session, due.subject_id)
    await asyncio.to_thread(journal.note, noted)
    async with database.transaction(due.context) as session:
        await use_cases.begin(session, due.subject_id)
        await complete(session, due.kind, due.subject_id)
