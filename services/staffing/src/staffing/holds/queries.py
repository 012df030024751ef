"""What is asked about holds."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from staffing.holds.tables import PeopleHold

LOCK = text("select pg_advisory_xact_lock(hashtextextended(cast(:hold_id as text), 0))")


async def lock_hold(session: AsyncSession, hold_id: UUID) -> PeopleHold | None:
    """The hold, if it is known; until the transaction ends nobody else makes or changes it."""
    await session.execute(LOCK, {"hold_id": str(hold_id)})
    statement = select(PeopleHold).where(PeopleHold.hold_id == hold_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
