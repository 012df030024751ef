"""Memberships follow the end of their organisation."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from common.database import apply_context, organisation_context
from common.reactions import Reaction
from common.testing import deliver, example, published, rolled_back
from contracts.partners import MembershipChanged, OrganisationChanged
from partners.memberships import queries
from partners.memberships.domain import MembershipState, Role
from partners.run_consumer import REACTIONS
from tests.conftest import ServiceDatabases
from tests.partners.conftest import Founded
from tests.partners.memberships.conftest import invited, joined


def memberships_reaction() -> Reaction:
    """The consumer group as the consumer runs it."""
    return next(reaction for reaction in REACTIONS if reaction.group == "partners.memberships")


async def count_ended(session: AsyncSession, ours: Founded) -> int:
    """How many memberships of the association have ended."""
    await apply_context(session, organisation_context(ours.association_id, "test"))
    return len(await queries.list_memberships(session, ours.association_id, MembershipState.ended, None, 10))


async def test_memberships_end_with_their_organisation_once(
    databases: ServiceDatabases, ours: Founded, theirs: Founded
) -> None:
    await joined(databases, ours, Role.director)
    await invited(databases, ours, Role.animator)
    await joined(databases, theirs, Role.director)
    ended = example(
        OrganisationChanged,
        organisation_id=ours.association_id,
        version=2,
        ended_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    async with rolled_back(databases.engine("worker")) as session:
        assert await deliver(session, memberships_reaction(), ended) == "handled"
        assert await deliver(session, memberships_reaction(), ended) == "repeated"
        assert await count_ended(session, ours) == 2
        told = [event for event in await published(session) if isinstance(event, MembershipChanged)]
        assert [event.state for event in told] == ["ended", "ended"]


async def test_a_later_repetition_with_another_id_changes_nothing(databases: ServiceDatabases, ours: Founded) -> None:
    await joined(databases, ours, Role.director)
    changes = {"organisation_id": ours.association_id, "ended_at": datetime(2026, 11, 22, tzinfo=UTC)}
    async with rolled_back(databases.engine("worker")) as session:
        await deliver(session, memberships_reaction(), example(OrganisationChanged, version=2, **changes))
        told = len(await published(session))
        await deliver(session, memberships_reaction(), example(OrganisationChanged, version=3, **changes))
        assert len(await published(session)) == told


async def test_other_changes_of_an_organisation_end_nothing(databases: ServiceDatabases, ours: Founded) -> None:
    await joined(databases, ours, Role.director)
    async with rolled_back(databases.engine("worker")) as session:
        event = example(OrganisationChanged, organisation_id=ours.association_id)
        assert await deliver(session, memberships_reaction(), event) == "handled"
        assert await count_ended(session, ours) == 0
        assert await published(session) == []
