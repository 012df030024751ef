"""What is asked about a week of everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from staffing.hours.domain import Span
from staffing.people.queries import list_active_people, list_last_leaves
from staffing.shifts.queries import list_busy
from staffing.wellbeing.domain import Load, load_of

BESIDE_WEEK = timedelta(days=1)


async def list_loads(
    session: AsyncSession, organisation_id: UUID, week: Span, zone: ZoneInfo
) -> Sequence[tuple[UUID, str, Load]]:
    """Everybody of an association with his week: who shows most signs first, then by hours."""
    first, last = week.starts_at.astimezone(zone).date(), (week.ends_at.astimezone(zone) - BESIDE_WEEK).date()
    people = await list_active_people(session, organisation_id, first, last)
    ids = [person.id for person in people]
    busy = await list_busy(session, ids, week.starts_at - BESIDE_WEEK, week.ends_at + BESIDE_WEEK)
    leaves = await list_last_leaves(session, ids, last)
    loads = [
        (
            person.id,
            person.display_name,
            load_of(busy.get(person.id, ()), week, zone, person.weekly_minutes_agreed, leaves.get(person.id)),
        )
        for person in people
    ]
    return sorted(loads, key=lambda item: (-len(item[2].signs), -item[2].minutes, item[0]))
