"""A planner writes the risk sheet and the checklist of an activity, each as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from activities.programmes.queries import lock_activity
from activities.safety import queries
from activities.safety.domain import Item, Risk, check_items, check_reviewed
from activities.safety.tables import Checklist, ChecklistItem, Hazard, RiskSheet
from common.clock import now
from common.http import check_version


@dataclass(frozen=True)
class WrittenSheet:
    """A risk sheet as it stands; version 0 and no day before somebody has written it."""

    activity_id: UUID
    version: int
    reviewed_on: date | None
    risks: Sequence[Risk]


@dataclass(frozen=True)
class WrittenChecklist:
    """A checklist as it stands; version 0 before somebody has written it."""

    activity_id: UUID
    version: int
    items: Sequence[Item]


async def read_risk_sheet(session: AsyncSession, activity_id: UUID) -> WrittenSheet:
    """The risk sheet of an activity."""
    sheet = await queries.find_risk_sheet(session, activity_id)
    if sheet is None:
        return WrittenSheet(activity_id, 0, None, ())
    lines = await queries.list_hazards(session, activity_id)
    risks = [
        Risk(line.hazard, line.exposed, line.likelihood, line.severity, line.measure, line.responsible)
        for line in lines
    ]
    return WrittenSheet(activity_id, sheet.version, sheet.reviewed_on, risks)


async def write_risk_sheet(
    session: AsyncSession, activity_id: UUID, reviewed_on: date, risks: Sequence[Risk], expected_version: int
) -> WrittenSheet:
    """Replace the risk sheet, which whoever writes it has reviewed on that day. Raises ReviewedInTheFuture."""
    activity = await lock_activity(session, activity_id)
    check_reviewed(reviewed_on, now().date())
    sheet = await queries.find_risk_sheet(session, activity_id)
    check_version(expected_version, sheet.version if sheet else 0)
    if sheet is None:
        sheet = RiskSheet(activity_id=activity_id, organisation_id=activity.organisation_id, version=0)
        session.add(sheet)
    sheet.version, sheet.reviewed_on = expected_version + 1, reviewed_on
    await session.flush()
    await session.execute(delete(Hazard).where(Hazard.activity_id == activity_id))
    session.add_all(
        Hazard(organisation_id=activity.organisation_id, activity_id=activity_id, position=position, **asdict(risk))
        for position, risk in enumerate(risks)
    )
    await session.flush()
    return await read_risk_sheet(session, activity_id)


async def read_checklist(session: AsyncSession, activity_id: UUID) -> WrittenChecklist:
    """The checklist of an activity."""
    checklist = await queries.find_checklist(session, activity_id)
    items = await queries.list_items(session, activity_id)
    listed = [Item(item.id, item.task, item.is_required) for item in items]
    return WrittenChecklist(activity_id, checklist.version if checklist else 0, listed)


async def write_checklist(
    session: AsyncSession, activity_id: UUID, items: Sequence[Item], expected_version: int
) -> WrittenChecklist:
    """Replace the checklist; items that keep their id keep their ticks. Raises UnknownItem or ListedTwice."""
    activity = await lock_activity(session, activity_id)
    checklist = await queries.find_checklist(session, activity_id)
    check_version(expected_version, checklist.version if checklist else 0)
    known = {item.id: item for item in await queries.list_items(session, activity_id)}
    check_items(list(items), set(known))
    if checklist is None:
        checklist = Checklist(activity_id=activity_id, organisation_id=activity.organisation_id)
        session.add(checklist)
    checklist.version = expected_version + 1
    await session.flush()
    for gone in known.keys() - {item.id for item in items}:
        known[gone].removed_at = now()
    for position, wanted in enumerate(items):
        item = known.get(wanted.id) if wanted.id else None
        if item is None:
            item = ChecklistItem(organisation_id=activity.organisation_id, activity_id=activity_id)
            session.add(item)
        item.position, item.task, item.is_required = position, wanted.task, wanted.is_required
    await session.flush()
    return await read_checklist(session, activity_id)
