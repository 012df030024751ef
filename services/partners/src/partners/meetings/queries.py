"""What is asked about meetings and tasks. Rows are visible to their association."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from partners.meetings.tables import Meeting, MeetingAttendance, Task


@dataclass(frozen=True)
class TaskFilter:
    """Which tasks are wanted; what is None does not matter."""

    organisation_id: UUID | None = None
    meeting_id: UUID | None = None
    is_done: bool | None = None


async def find_meeting(session: AsyncSession, meeting_id: UUID) -> Meeting | None:
    """The meeting, where the context may see it."""
    return await session.scalar(select(Meeting).where(Meeting.id == meeting_id))


async def lock_meeting(session: AsyncSession, meeting_id: UUID) -> Meeting | None:
    """The meeting as it is now, held until the transaction ends."""
    statement = select(Meeting).where(Meeting.id == meeting_id).with_for_update()
    return await session.scalar(statement.execution_options(populate_existing=True))


async def list_meetings(
    session: AsyncSession, organisation_id: UUID | None, after: UUID | None, rows_max: int
) -> Sequence[Meeting]:
    """Meetings in order of their ids, of one association when it is named."""
    statement = select(Meeting).order_by(Meeting.id).limit(rows_max)
    if organisation_id is not None:
        statement = statement.where(Meeting.organisation_id == organisation_id)
    if after is not None:
        statement = statement.where(Meeting.id > after)
    return (await session.scalars(statement)).all()


async def list_attendances(session: AsyncSession, meeting_id: UUID) -> Sequence[MeetingAttendance]:
    """Who was there, in the order in which it was written down."""
    statement = select(MeetingAttendance).where(MeetingAttendance.meeting_id == meeting_id)
    return (await session.scalars(statement.order_by(MeetingAttendance.position))).all()


async def find_task(session: AsyncSession, task_id: UUID) -> Task | None:
    """The task, where the context may see it."""
    return await session.scalar(select(Task).where(Task.id == task_id))


async def lock_task(session: AsyncSession, task_id: UUID) -> Task | None:
    """The task as it is now, held until the transaction ends."""
    statement = select(Task).where(Task.id == task_id).with_for_update()
    return await session.scalar(statement.execution_options(populate_existing=True))


async def lock_meetings_of(session: AsyncSession, organisation_id: UUID) -> Sequence[Meeting]:
    """All meetings of an association, held until the transaction ends, in the order of ids."""
    statement = select(Meeting).where(Meeting.organisation_id == organisation_id).order_by(Meeting.id)
    return (await session.scalars(statement.with_for_update().execution_options(populate_existing=True))).all()


async def lock_tasks_of(
    session: AsyncSession, organisation_id: UUID, membership_ids: Collection[UUID] | None = None
) -> Sequence[Task]:
    """All tasks of an association, or those of some members, held until the transaction ends, in the order of ids."""
    statement = select(Task).where(Task.organisation_id == organisation_id).order_by(Task.id)
    if membership_ids is not None:
        statement = statement.where(Task.owner_membership_id.in_(membership_ids))
    return (await session.scalars(statement.with_for_update().execution_options(populate_existing=True))).all()


async def list_tasks(session: AsyncSession, wanted: TaskFilter, after: UUID | None, rows_max: int) -> Sequence[Task]:
    """Tasks in order of their ids."""
    statement = select(Task).order_by(Task.id).limit(rows_max)
    if wanted.organisation_id is not None:
        statement = statement.where(Task.organisation_id == wanted.organisation_id)
    if wanted.meeting_id is not None:
        statement = statement.where(Task.meeting_id == wanted.meeting_id)
    if wanted.is_done is not None:
        statement = statement.where(Task.done_at.is_not(None) if wanted.is_done else Task.done_at.is_(None))
    if after is not None:
        statement = statement.where(Task.id > after)
    return (await session.scalars(statement)).all()
