"""Questions about attendance."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.attendance.tables import AnonymousCount, AttendanceMark, AttendanceSheet


async def find_sheet(session: AsyncSession, session_id: UUID) -> AttendanceSheet | None:
    """The list of a session, once somebody has written on it."""
    return await session.get(AttendanceSheet, session_id, populate_existing=True)


async def list_marks(session: AsyncSession, session_id: UUID) -> Sequence[AttendanceMark]:
    """The marks of a session that the caller may see, those of places given up since included."""
    statement = select(AttendanceMark).where(AttendanceMark.session_id == session_id)
    ordered = statement.order_by(AttendanceMark.participant_id).execution_options(populate_existing=True)
    return (await session.scalars(ordered)).all()


async def list_counts(session: AsyncSession, session_id: UUID) -> Sequence[AnonymousCount]:
    """The anonymous counts of a session, youngest first."""
    statement = select(AnonymousCount).where(AnonymousCount.session_id == session_id)
    return (await session.scalars(statement.order_by(AnonymousCount.from_age))).all()
