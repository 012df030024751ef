"""Which messages are kept although they were written before a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

MESSAGES = text(
    """select id from messages
        where organisation_id = :organisation_id and created_at < cast(:since as date)
          and state not in ('pending', 'sending')
        order by id limit :rows_max"""
)


async def list_messages_past(
    session: AsyncSession, organisation_id: UUID, since: date, rows_max: int
) -> Sequence[UUID]:
    """Messages from before a day, whatever became of them; what is on its way is left to arrive."""
    values = {"organisation_id": organisation_id, "since": since, "rows_max": rows_max}
    found: Sequence[UUID] = (await session.scalars(MESSAGES, values)).all()
    return found
