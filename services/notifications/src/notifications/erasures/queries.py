"""Questions about last addresses."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.erasures.tables import Farewell


async def lock_farewell(session: AsyncSession, erasure_id: UUID) -> Farewell | None:
    """The last address of an erasure, until its receipt has left."""
    return await session.scalar(select(Farewell).where(Farewell.erasure_id == erasure_id).with_for_update())
