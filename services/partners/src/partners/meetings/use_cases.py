"""Writing meetings down, giving tasks, doing them, the reminder on a task's day, and forgetting who was there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import now
from common.due_rows import complete, schedule
from common.ids import new_id
from common.outbox import publish
from contracts.partners import TaskDue
from partners.meetings import queries
from partners.meetings.domain import (
    MeetingChangedMeanwhile,
    MeetingNotFound,
    NobodyToOwnIt,
    Record,
    TaskChangedMeanwhile,
    TaskIsDone,
    TaskNotFound,
    check_record,
    reminder_at,
    without_names,
)
from partners.meetings.tables import Meeting, MeetingAttendance, Task
from partners.memberships import queries as membership_queries
from partners.memberships.domain import MembershipState
from partners.organisations import use_cases as organisations

TASK_DUE = "task_due"


@dataclass(frozen=True)
class NewTask:
    """What somebody shall do until the end of a day."""

    title: str
    owner_membership_id: UUID
    due_on: date
    meeting_id: UUID | None = None


async def write_down_meeting(session: AsyncSession, organisation_id: UUID, record: Record) -> Meeting:
    """Write a meeting down. Raises UnfitMeeting, OrganisationNotFound for a partner that is unknown."""
    await _check(session, organisation_id, record)
    meeting = Meeting(id=new_id(), organisation_id=organisation_id, version=1)
    _write(meeting, record)
    session.add(meeting)
    await session.flush()
    _add_attendances(session, meeting, record)
    await session.flush()
    return meeting


async def rewrite_meeting(session: AsyncSession, meeting_id: UUID, version: int, record: Record) -> Meeting:
    """Replace what is written of a meeting. Raises MeetingNotFound, MeetingChangedMeanwhile, UnfitMeeting."""
    meeting = await queries.lock_meeting(session, meeting_id)
    if meeting is None:
        raise MeetingNotFound
    if meeting.version != version:
        raise MeetingChangedMeanwhile(f"It is at version {meeting.version} now.")
    await _check(session, meeting.organisation_id, record)
    _write(meeting, record)
    meeting.version += 1
    await session.execute(delete(MeetingAttendance).where(MeetingAttendance.meeting_id == meeting.id))
    _add_attendances(session, meeting, record)
    await session.flush()
    return meeting


async def give_task(session: AsyncSession, organisation_id: UUID, new: NewTask) -> Task:
    """Give a member a task, and set its reminder. Raises MeetingNotFound, NobodyToOwnIt."""
    if new.meeting_id is not None:
        meeting = await queries.find_meeting(session, new.meeting_id)
        if meeting is None or meeting.organisation_id != organisation_id:
            raise MeetingNotFound
    await _check_owner(session, organisation_id, new.owner_membership_id)
    task = Task(
        id=new_id(),
        organisation_id=organisation_id,
        version=1,
        meeting_id=new.meeting_id,
        title=new.title,
        owner_membership_id=new.owner_membership_id,
        due_on=new.due_on,
    )
    session.add(task)
    await session.flush()
    await _set_reminder(session, task)
    return task


async def change_task(
    session: AsyncSession, task_id: UUID, version: int, owner_membership_id: UUID, due_on: date
) -> Task:
    """Give an open task to somebody else. Raises TaskNotFound, TaskChangedMeanwhile, TaskIsDone, NobodyToOwnIt."""
    task = await _lock_task(session, task_id)
    if task.version != version:
        raise TaskChangedMeanwhile(f"It is at version {task.version} now.")
    if task.done_at is not None:
        raise TaskIsDone("Write down a new task instead.")
    await _check_owner(session, task.organisation_id, owner_membership_id)
    task.owner_membership_id, task.due_on = owner_membership_id, due_on
    task.version += 1
    await session.flush()
    await _set_reminder(session, task)
    return task


async def finish_task(session: AsyncSession, task_id: UUID) -> Task:
    """Say that a task is done; again changes nothing. Raises TaskNotFound."""
    task = await _lock_task(session, task_id)
    if task.done_at is None:
        task.done_at = now()
        task.version += 1
        await complete(session, TASK_DUE, task.id)
        await session.flush()
    return task


async def announce_due_task(session: AsyncSession, task_id: UUID) -> None:
    """Announce that a task is due today; what was done meanwhile, or is nobody's, stays silent."""
    task = await queries.lock_task(session, task_id)
    if task is None or task.done_at is not None or task.owner_membership_id is None:
        return
    meeting = await queries.find_meeting(session, task.meeting_id) if task.meeting_id else None
    event = TaskDue(
        organisation_id=task.organisation_id,
        task_id=task.id,
        version=task.version,
        title=task.title,
        due_on=task.due_on,
        owner_membership_id=task.owner_membership_id,
        meeting_title=meeting.title if meeting else None,
    )
    await publish(session, event)


async def take_tasks_back(session: AsyncSession, organisation_id: UUID, membership_ids: Collection[UUID]) -> int:
    """Leave the tasks of these members to be given to somebody else, without a reminder; returns how many."""
    tasks = await queries.lock_tasks_of(session, organisation_id, membership_ids)
    for task in tasks:
        task.owner_membership_id = None
        task.version += 1
        await complete(session, TASK_DUE, task.id)
    await session.flush()
    return len(tasks)


async def forget_names(session: AsyncSession, organisation_id: UUID, names: Collection[str]) -> int:
    """Take these names out of what an association wrote of meetings and tasks; returns how many changed."""
    if not names:
        return 0
    changed = 0
    for meeting in await queries.lock_meetings_of(session, organisation_id):
        present = await queries.list_attendances(session, meeting.id)
        changed += _forget_in(meeting, present, names)
    for task in await queries.lock_tasks_of(session, organisation_id):
        title = without_names(task.title, names)
        if title != task.title:
            task.title = title
            task.version += 1
            changed += 1
    await session.flush()
    return changed


def _forget_in(meeting: Meeting, present: Iterable[MeetingAttendance], names: Collection[str]) -> bool:
    """Whether anything of the meeting named them."""
    written = [meeting.title, meeting.agenda, meeting.minutes, *meeting.decisions]
    left = [without_names(one, names) for one in written]
    named = [(one, without_names(one.name, names)) for one in present]
    if left == written and all(one.name == name for one, name in named):
        return False
    meeting.title, meeting.agenda, meeting.minutes, *decisions = left
    meeting.decisions = decisions
    for one, name in named:
        one.name = name
    meeting.version += 1
    return True


async def _check(session: AsyncSession, organisation_id: UUID, record: Record) -> None:
    check_record(organisation_id, record)
    named = {*record.partner_ids, *(one.for_organisation_id for one in record.attendances)}
    for named_id in sorted(named - {organisation_id}):
        await organisations.get_organisation(session, named_id)


def _write(meeting: Meeting, record: Record) -> None:
    meeting.kind, meeting.title, meeting.place = record.kind, record.title, record.place
    meeting.starts_at, meeting.ends_at = record.starts_at, record.ends_at
    meeting.partner_ids, meeting.decisions = list(record.partner_ids), list(record.decisions)
    meeting.agenda, meeting.minutes = record.agenda, record.minutes


def _add_attendances(session: AsyncSession, meeting: Meeting, record: Record) -> None:
    session.add_all(
        MeetingAttendance(
            id=new_id(),
            organisation_id=meeting.organisation_id,
            meeting_id=meeting.id,
            position=position,
            name=one.name,
            for_organisation_id=one.for_organisation_id,
        )
        for position, one in enumerate(record.attendances)
    )


async def _check_owner(session: AsyncSession, organisation_id: UUID, membership_id: UUID) -> None:
    member = await membership_queries.find_membership(session, membership_id)
    is_ours = member is not None and member.organisation_id == organisation_id
    if member is None or not is_ours or member.state != MembershipState.active:
        raise NobodyToOwnIt("Choose somebody who is an active member of your association.")


async def _set_reminder(session: AsyncSession, task: Task) -> None:
    keeper = await organisations.get_organisation(session, task.organisation_id)
    remind_at = reminder_at(task.due_on, keeper.time_zone)
    await schedule(session, TASK_DUE, task.id, task.organisation_id, remind_at)


async def _lock_task(session: AsyncSession, task_id: UUID) -> Task:
    task = await queries.lock_task(session, task_id)
    if task is None:
        raise TaskNotFound
    return task
