"""The reminder of a task: set when it is given, moved with its day, told once, silent once it is done."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from access.roles import PLANNERS
from common.testing import published, rolled_back
from contracts.partners import TaskDue
from partners.meetings import use_cases
from partners.meetings.domain import NobodyToOwnIt
from partners.memberships.domain import Role
from tests.conftest import ServiceDatabases
from tests.partners.conftest import Founded
from tests.partners.memberships.conftest import invited, joined

DUE = text("select due_at from due_rows where kind = :kind and subject_id = :subject_id")


async def reminder_of(session: AsyncSession, task_id: UUID) -> str | None:
    due_at = await session.scalar(DUE, {"kind": use_cases.TASK_DUE, "subject_id": task_id})
    return due_at and due_at.isoformat()


async def test_a_task_reminds_its_owner_on_its_day(databases: ServiceDatabases, ours: Founded) -> None:
    owner = await joined(databases, ours, Role.animator)
    other = await joined(databases, ours, Role.coordinator)
    async with rolled_back(databases.engine("api"), ours.director.context(PLANNERS)) as session:
        new = use_cases.NewTask("Envoyer le planning", owner.membership_id, date(2026, 11, 25))
        task = await use_cases.give_task(session, ours.association_id, new)
        assert await reminder_of(session, task.id) == "2026-11-25T07:00:00+00:00"
        await use_cases.change_task(session, task.id, 1, other.membership_id, date(2026, 12, 1))
        assert await reminder_of(session, task.id) == "2026-12-01T07:00:00+00:00"
        await use_cases.announce_due_task(session, task.id)
        (event,) = await published(session)
        assert isinstance(event, TaskDue)
        assert (event.owner_membership_id, event.due_on) == (other.membership_id, date(2026, 12, 1))


async def test_what_is_done_reminds_nobody(databases: ServiceDatabases, ours: Founded) -> None:
    owner = await joined(databases, ours, Role.animator)
    async with rolled_back(databases.engine("api"), ours.director.context(PLANNERS)) as session:
        new = use_cases.NewTask("Envoyer le planning", owner.membership_id, date(2026, 11, 25))
        task = await use_cases.give_task(session, ours.association_id, new)
        first = await use_cases.finish_task(session, task.id)
        done_at, version = first.done_at, first.version
        again = await use_cases.finish_task(session, task.id)
        assert (again.done_at, again.version) == (done_at, version)
        assert await reminder_of(session, task.id) is None
        await use_cases.announce_due_task(session, task.id)
        assert await published(session) == []


async def test_only_active_members_of_the_association_own_tasks(
    databases: ServiceDatabases, ours: Founded, theirs: Founded
) -> None:
    membership_id, _code = await invited(databases, ours, Role.animator)
    stranger = await joined(databases, theirs, Role.animator)
    async with rolled_back(databases.engine("api"), ours.director.context(PLANNERS)) as session:
        for owner_id in (membership_id, stranger.membership_id):
            new = use_cases.NewTask("Envoyer le planning", owner_id, date(2026, 11, 25))
            with pytest.raises(NobodyToOwnIt):
                await use_cases.give_task(session, ours.association_id, new)
