"""Questions about what the associations of a federation lend each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

SUMS = text(
    """select owner_id, lodger_id, reservations, minutes, price_minor, currency
         from lending_of_federation(:federation_id, :starts_from, :starts_before)
        order by owner_id, lodger_id, currency"""
)


async def sum_lending(
    session: AsyncSession, federation_id: UUID, starts_from: datetime, starts_before: datetime
) -> Sequence[RowMapping]:
    """What each association of a federation lent each other one in a period: reservations, minutes, minor units."""
    values: dict[str, Any] = {
        "federation_id": federation_id, "starts_from": starts_from, "starts_before": starts_before,
    }  # fmt: skip
    return (await session.execute(SUMS, values)).mappings().all()
