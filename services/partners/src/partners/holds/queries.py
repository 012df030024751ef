"""What is asked about the holds that are known here."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from partners.holds.tables import KnownHold


async def lock_hold(session: AsyncSession, hold_id: UUID) -> KnownHold | None:
    """What is known of a hold, held until the transaction ends: its events and answers come one after the other."""
    statement = select(KnownHold).where(KnownHold.hold_id == hold_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
