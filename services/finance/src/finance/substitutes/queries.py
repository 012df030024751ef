"""What is asked about the cost of substitutes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from finance.substitutes.tables import SubstituteCost


async def lock_cost(session: AsyncSession, assignment_id: UUID) -> SubstituteCost | None:
    """What was booked for an assignment, held until the transaction ends."""
    statement = select(SubstituteCost).where(SubstituteCost.assignment_id == assignment_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
