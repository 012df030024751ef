"""Somebody is away: the days are kept, and in the same act his shifts are free and others are asked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.staffing import ShiftReleaseReason
from staffing.people import use_cases as people
from staffing.people.domain import LeaveKind, LeaveState
from staffing.people.queries import get_leave
from staffing.substitutes.use_cases import Search, free_shifts, lock_duties

if TYPE_CHECKING:
    from staffing.people.tables import Leave


async def report_absence(session: AsyncSession, person_id: UUID, days: tuple[date, date]) -> tuple[UUID, list[Search]]:
    """Somebody cannot come on these days, unforeseen. Gives the id of the leave.

    Raises PersonNotFound, DatesAreReversed.
    """
    shifts = await lock_duties(session, person_id, days)
    leave = await people.record_leave(session, person_id, LeaveKind.absence, days, LeaveState.approved)
    return leave.id, await free_shifts(session, shifts, person_id, ShiftReleaseReason.absent)


async def record_leave(
    session: AsyncSession, person_id: UUID, days: tuple[date, date], state: LeaveState
) -> tuple[Leave, list[Search]]:
    """Record leave; what is only asked for frees nothing yet. Raises PersonNotFound, DatesAreReversed."""
    if state is not LeaveState.approved:
        return await people.record_leave(session, person_id, LeaveKind.leave, days, state), []
    shifts = await lock_duties(session, person_id, days)
    leave = await people.record_leave(session, person_id, LeaveKind.leave, days, state)
    return leave, await free_shifts(session, shifts, person_id, ShiftReleaseReason.on_leave)


async def decide_leave(
    session: AsyncSession, leave_id: UUID, state: LeaveState, expected_version: int
) -> tuple[Leave, list[Search]]:
    """Approve, refuse or withdraw a leave; shifts that were freed stay so. Raises LeaveNotFound, LeaveIsDecided."""
    if state is not LeaveState.approved:
        return await people.decide_leave(session, leave_id, state, expected_version), []
    asked = await get_leave(session, leave_id)
    shifts = await lock_duties(session, asked.person_id, (asked.starts_on, asked.ends_on))
    leave = await people.decide_leave(session, leave_id, state, expected_version)
    return leave, await free_shifts(session, shifts, leave.person_id, ShiftReleaseReason.on_leave)
