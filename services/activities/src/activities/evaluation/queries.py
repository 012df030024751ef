"""Questions about what the associations of a federation achieved."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from activities.evaluation.domain import Counts

COUNTS = text(
    """select organisation_id, sessions, cancelled, capacity, booked, marked, present
         from count_of_federation(:federation_id, :starts_from, :starts_before) order by organisation_id"""
)


async def count_associations(
    session: AsyncSession, federation_id: UUID, starts_from: datetime, starts_before: datetime
) -> list[Counts]:
    """What each association of the federation held in a period, by published activities; counts only."""
    values = {"federation_id": federation_id, "starts_from": starts_from, "starts_before": starts_before}
    return [Counts(**row) for row in (await session.execute(COUNTS, values)).mappings()]
