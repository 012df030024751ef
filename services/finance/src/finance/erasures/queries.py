"""For how long the books are kept."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from access.projection import known_organisations
from finance.erasures.tables import RetentionRule

ACCOUNTING = "accounting"


async def find_years_kept(session: AsyncSession, organisation_id: UUID, day: date) -> int | None:
    """For how many years the books of an association's country are kept by the rule of that day, if one is known."""
    country = select(func.split_part(known_organisations.c.jurisdiction, "-", 1)).where(
        known_organisations.c.organisation_id == organisation_id
    )
    rule = select(RetentionRule.years).where(
        RetentionRule.jurisdiction == country.scalar_subquery(),
        RetentionRule.record == ACCOUNTING,
        or_(RetentionRule.valid_from.is_(None), RetentionRule.valid_from <= day),
        or_(RetentionRule.valid_to.is_(None), RetentionRule.valid_to >= day),
    )
    return await session.scalar(rule)
