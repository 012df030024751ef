"""Memberships that ended long ago go, with invitations that nobody accepted; tasks and minutes stay."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from access.projection import know_organisation
from access.retention import list_past_period
from access.roles import PLANNERS
from common.database import apply_context, organisation_context
from common.testing import example, rolled_back
from contracts.partners import OrganisationChanged
from partners.meetings import use_cases
from partners.meetings.tables import Task
from partners.memberships.domain import Role
from partners.retention.use_cases import KEPT
from tests.conftest import ServiceDatabases
from tests.partners.conftest import Founded
from tests.partners.memberships.conftest import invited, joined

(MEMBERSHIPS,) = KEPT
END = text("update memberships set state = 'ended', ended_at = now() - interval '3 years' where id = :id")
EXPIRE = text("update memberships set expires_at = now() - interval '3 years' where id = :id")


async def test_what_ended_long_ago_goes_and_its_tasks_are_nobodys(databases: ServiceDatabases, ours: Founded) -> None:
    gone, stays = await joined(databases, ours, Role.animator), await joined(databases, ours, Role.animator)
    never, _ = await invited(databases, ours, Role.coordinator)
    async with rolled_back(databases.engine("worker"), ours.director.context(PLANNERS)) as session:
        await apply_context(session, organisation_context(ours.association_id, "test"))
        state = example(OrganisationChanged, organisation_id=ours.association_id, jurisdiction="BE", version=10_000)
        await know_organisation(session, state)
        new = use_cases.NewTask("Envoyer le planning", gone.membership_id, date(2026, 11, 25))
        task = await use_cases.give_task(session, ours.association_id, new)
        assert not await list_past_period(session, ours.association_id, MEMBERSHIPS)
        await session.execute(END, {"id": gone.membership_id})
        await session.execute(EXPIRE, {"id": never})
        past = await list_past_period(session, ours.association_id, MEMBERSHIPS)
        assert sorted(past) == sorted([gone.membership_id, never])
        await MEMBERSHIPS.forget(session, ours.association_id, past)
        left = (await session.scalars(text("select id from memberships"))).all()
        assert stays.membership_id in left
        assert not {gone.membership_id, never} & set(left)
        kept = await session.get(Task, task.id, populate_existing=True)
        assert kept is not None
        assert (kept.title, kept.owner_membership_id) == ("Envoyer le planning", None)
        await use_cases.announce_due_task(session, task.id)
