"""Forgetting what people were told long ago."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from access.retention import Kept
from notifications.retention import queries

AT_ONCE = 2_000
DELETE = text(
    """with gone as (delete from messages where id = any(:ids) returning id)
       delete from due_rows where subject_id in (select id from gone)"""
)


async def forget_messages(session: AsyncSession, _organisation_id: UUID, message_ids: Sequence[UUID]) -> None:
    """Delete messages; recipients go with the records that they belong to."""
    await session.execute(DELETE, {"ids": list(message_ids)})


KEPT = (Kept("messages", queries.list_messages_past, forget_messages, AT_ONCE),)
