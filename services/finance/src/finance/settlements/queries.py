"""What settlements are asked."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from finance.settlements.domain import Gross
from finance.settlements.tables import SettlementLine


async def list_gross(session: AsyncSession, quarter: str | None, organisation_id: UUID | None) -> list[Gross]:
    """Sums by debtor, creditor, currency and quarter over the lines that the transaction may see."""
    group = (
        SettlementLine.debtor_id,
        SettlementLine.creditor_id,
        SettlementLine.currency,
        SettlementLine.quarter,
    )
    question = select(*group, func.sum(SettlementLine.amount_minor).label("amount"), func.count().label("lines"))
    if quarter is not None:
        question = question.where(SettlementLine.quarter == quarter)
    if organisation_id is not None:
        question = question.where(_concerns(organisation_id))
    rows = await session.execute(question.group_by(*group))
    return [Gross(row[0], row[1], row[2], row[3], int(row.amount), row.lines) for row in rows]


def _concerns(organisation_id: UUID) -> ColumnElement[bool]:
    return or_(SettlementLine.debtor_id == organisation_id, SettlementLine.creditor_id == organisation_id)


async def list_lines(
    session: AsyncSession,
    *,
    quarter: str | None,
    debtor_id: UUID | None,
    creditor_id: UUID | None,
    after_id: UUID | None,
    limit: int,
) -> Sequence[SettlementLine]:
    """Lines in the order in which they were recorded, one more than `limit` when there are more."""
    question = select(SettlementLine).order_by(SettlementLine.id).limit(limit + 1)
    if quarter is not None:
        question = question.where(SettlementLine.quarter == quarter)
    if debtor_id is not None:
        question = question.where(SettlementLine.debtor_id == debtor_id)
    if creditor_id is not None:
        question = question.where(SettlementLine.creditor_id == creditor_id)
    if after_id is not None:
        question = question.where(SettlementLine.id > after_id)
    return (await session.scalars(question)).all()
