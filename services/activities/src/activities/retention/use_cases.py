"""Forgetting people who do not come any more, by the same erasure that they could ask for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from activities.erasures.use_cases import erase_household_past_period
from activities.retention import queries
from activities.retention.domain import kept_since
from common.clock import now

AT_ONCE = 50


async def list_past_period(session: AsyncSession, organisation_id: UUID, rows_max: int = AT_ONCE) -> Sequence[UUID]:
    """Households of an association that are kept for too long; none where no rule is known."""
    today = now().date()
    years = await queries.find_years_kept(session, organisation_id, today)
    if years is None:
        return []
    return await queries.list_households_past_period(session, organisation_id, kept_since(today, years), rows_max)


async def forget_past_period(session: AsyncSession, organisation_id: UUID) -> int:
    """Ask for the erasure of some households that are kept for too long; returns how many.

    The transaction acts for the association.
    """
    households = await list_past_period(session, organisation_id)
    for household_id in households:
        await erase_household_past_period(session, organisation_id, household_id)
    return len(households)
