"""Which memberships are kept although they ended before a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

MEMBERSHIPS = text(
    """select id from memberships
        where organisation_id = :organisation_id
          and ((state = 'ended' and ended_at < cast(:since as date))
               or (state = 'invited' and expires_at < cast(:since as date)))
        order by id limit :rows_max"""
)


async def list_memberships_past(
    session: AsyncSession, organisation_id: UUID, since: date, rows_max: int
) -> Sequence[UUID]:
    """Memberships that ended, and invitations that expired, before a day."""
    values = {"organisation_id": organisation_id, "since": since, "rows_max": rows_max}
    found: Sequence[UUID] = (await session.scalars(MEMBERSHIPS, values)).all()
    return found
