"""Questions about risk sheets and checklists."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.safety.tables import Checklist, ChecklistItem, Hazard, RiskSheet


async def find_risk_sheet(session: AsyncSession, activity_id: UUID) -> RiskSheet | None:
    """The risk sheet of an activity, once somebody has written one."""
    return await session.get(RiskSheet, activity_id, populate_existing=True)


async def list_hazards(session: AsyncSession, activity_id: UUID) -> Sequence[Hazard]:
    """The lines of a risk sheet in the order they were written."""
    statement = select(Hazard).where(Hazard.activity_id == activity_id).order_by(Hazard.position)
    return (await session.scalars(statement)).all()


async def find_checklist(session: AsyncSession, activity_id: UUID) -> Checklist | None:
    """The checklist of an activity, once somebody has written one."""
    return await session.get(Checklist, activity_id, populate_existing=True)


async def list_items(session: AsyncSession, activity_id: UUID) -> Sequence[ChecklistItem]:
    """What is looked at before each session, in order, without what was removed."""
    statement = (
        select(ChecklistItem)
        .where(ChecklistItem.activity_id == activity_id, ChecklistItem.removed_at.is_(None))
        .order_by(ChecklistItem.position)
    )
    return (await session.scalars(statement)).all()
