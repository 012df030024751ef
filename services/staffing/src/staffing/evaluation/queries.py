"""Questions about how well the associations of a federation are staffed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from staffing.evaluation.domain import Lent

COUNTS = text(
    """select organisation_id, supervised, short
         from coverage_of_federation(:federation_id, :starts_from, :starts_before) order by organisation_id"""
)

LENDING = text(
    """select lender_id, host_id, people, minutes
         from lending_of_federation(:federation_id, :starts_from, :starts_before) order by lender_id, host_id"""
)


async def count_associations(
    session: AsyncSession, federation_id: UUID, starts_from: datetime, starts_before: datetime
) -> Sequence[RowMapping]:
    """How many sessions of each association need supervisors in a period, and how many lack some."""
    values: dict[str, Any] = {
        "federation_id": federation_id, "starts_from": starts_from, "starts_before": starts_before,
    }  # fmt: skip
    return (await session.execute(COUNTS, values)).mappings().all()


async def sum_lending(
    session: AsyncSession, federation_id: UUID, starts_from: datetime, starts_before: datetime
) -> list[Lent]:
    """How many people each association of a federation lent each other one in a period, and for how long."""
    values: dict[str, Any] = {
        "federation_id": federation_id, "starts_from": starts_from, "starts_before": starts_before,
    }  # fmt: skip
    return [Lent(**row) for row in (await session.execute(LENDING, values)).mappings()]
