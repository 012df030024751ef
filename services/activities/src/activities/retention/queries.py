"""Questions about who is kept for longer than the rules have it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from access.projection import known_organisations
from activities.retention.tables import RetentionRule

HOUSEHOLDS = "households"
# Who was recorded, booked, waited or was changed since then is near enough; an erasure that was asked for is enough.
PAST_PERIOD = text(
    """select h.id from households h
        where h.organisation_id = :organisation_id and h.created_at < cast(:since as date)
          and not exists (select from participants p join booked_places b on b.participant_id = p.id
                            join sessions s on s.id = b.session_id
                           where p.household_id = h.id and s.ends_at >= cast(:since as date))
          and not exists (select from bookings b join sessions s on s.id = b.session_id
                           where b.payer_id = h.id and s.ends_at >= cast(:since as date))
          and not exists (select from participants p
                           where p.household_id = h.id and p.created_at >= cast(:since as date))
          and not exists (select from erasures e where h.id = any(e.household_ids))
        order by h.id limit :rows_max"""
)


async def list_associations(session: AsyncSession) -> Sequence[UUID]:
    """Every association, in the order of ids."""
    statement = select(known_organisations.c.organisation_id).where(known_organisations.c.kind == "association")
    return (await session.scalars(statement.order_by(known_organisations.c.organisation_id))).all()


async def find_years_kept(session: AsyncSession, organisation_id: UUID, day: date) -> int | None:
    """For how many years an association's country has households kept by the rule of that day, if one is known."""
    country = select(func.split_part(known_organisations.c.jurisdiction, "-", 1)).where(
        known_organisations.c.organisation_id == organisation_id
    )
    rule = select(RetentionRule.years).where(
        RetentionRule.jurisdiction == country.scalar_subquery(),
        RetentionRule.record == HOUSEHOLDS,
        or_(RetentionRule.valid_from.is_(None), RetentionRule.valid_from <= day),
        or_(RetentionRule.valid_to.is_(None), RetentionRule.valid_to >= day),
    )
    return await session.scalar(rule)


async def list_households_past_period(
    session: AsyncSession, organisation_id: UUID, since: date, rows_max: int
) -> Sequence[UUID]:
    """Some households that nobody of came since a day, and whose erasure was not asked for yet."""
    values = {"organisation_id": organisation_id, "since": since, "rows_max": rows_max}
    return (await session.scalars(PAST_PERIOD, values)).all()
