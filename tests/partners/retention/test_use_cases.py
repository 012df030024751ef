"""Memberships that ended long ago go, with invitations that nobody accepted; tasks and minutes stay."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from access.projection import know_organisation
from access.retention import list_past_period
from access.roles import PLANNERS
from common.clock import now
from common.database import apply_context, organisation_context
from common.testing import example, rolled_back
from contracts.partners import OrganisationChanged
from partners.keys.domain import NewHandover
from partners.keys.use_cases import enter_key, hand_over, take_back
from partners.meetings import use_cases
from partners.meetings.tables import Task
from partners.memberships.domain import Role
from partners.resources.use_cases import enter_resource
from partners.retention.use_cases import KEPT
from tests.conftest import ServiceDatabases
from tests.partners.conftest import Founded
from tests.partners.lending import plan
from tests.partners.memberships.conftest import invited, joined

MEMBERSHIPS, HANDOVERS = KEPT
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


async def test_who_had_a_key_is_forgotten_the_year_after_the_next(databases: ServiceDatabases, ours: Founded) -> None:
    async with rolled_back(databases.engine("worker"), ours.director.context(PLANNERS)) as session:
        await apply_context(session, organisation_context(ours.association_id, "test"))
        state = example(OrganisationChanged, organisation_id=ours.association_id, jurisdiction="BE", version=10_000)
        await know_organisation(session, state)
        hall = await enter_resource(session, ours.association_id, plan())
        long_ago, today = date(now().year - 2, 12, 31), now().date()
        for label, returned_on in (("old", long_ago), ("new", today), ("out", None)):
            key = await enter_key(session, hall.id, label, "")
            await hand_over(session, key.id, NewHandover("Nadia Peeters", None, long_ago, None))
            if returned_on is not None:
                await take_back(session, key.id, returned_on)
        past = await list_past_period(session, ours.association_id, HANDOVERS)
        assert len(past) == 1
        await HANDOVERS.forget(session, ours.association_id, past)
        left = (await session.scalars(text("select returned_on from key_handovers order by returned_on"))).all()
        assert left == [today, None]
