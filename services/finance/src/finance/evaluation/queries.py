"""Questions about the money of a federation's associations."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

SUMS = text(
    """select organisation_id, currency, planned_income_minor, promised_minor, earned_minor, planned_expense_minor,
              spent_minor
         from budgets_of_federation(:federation_id, :year) order by organisation_id, currency"""
)


async def sum_associations(session: AsyncSession, federation_id: UUID, year: int) -> Sequence[RowMapping]:
    """The budgets of each association in a year together, in minor units, for each currency."""
    return (await session.execute(SUMS, {"federation_id": federation_id, "year": year})).mappings().all()
