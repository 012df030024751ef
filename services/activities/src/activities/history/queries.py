"""Questions about who changed what. The row policies show what was changed at one's own associations."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

CHANGES_MAX = 200
CHANGES = text(
    """select recorded_at, actor, action, subject_type, fields
         from audit_entries
        where subject_type in ('sessions', 'attendance_sheets') and subject_id = :session_id
        order by id desc limit :limit"""
)


async def list_changes(session: AsyncSession, session_id: UUID) -> Sequence[RowMapping]:
    """The latest changes of a session and of its attendance list, the newest first."""
    values = {"session_id": str(session_id), "limit": CHANGES_MAX}
    return (await session.execute(CHANGES, values)).mappings().all()
