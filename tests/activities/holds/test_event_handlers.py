"""What the holders answer, each event from its committed example and delivered twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from activities.holds.domain import HoldState, PersonWish, ResourceWish, Wishes
from activities.holds.event_handlers import HOLDS
from activities.holds.tables import Hold
from activities.holds.use_cases import SessionNeeds, ask_for_everything
from common.database import organisation_context
from common.testing import deliver, example, published, rolled_back
from contracts.activities import HoldConfirmed, HoldReleased, HoldRequested
from contracts.event import Event
from contracts.partners import ResourcesHeld, ResourcesRefused
from contracts.staffing import PeopleHeld, PeopleRefused
from tests.conftest import ServiceDatabases

REQUEST = example(HoldRequested)
assert isinstance(REQUEST, HoldRequested)
RESOURCE, PERSON = REQUEST.resources[0], REQUEST.people[0]
WISHES = Wishes(
    [ResourceWish(RESOURCE.resource_id, RESOURCE.owner_organisation_id)], [PersonWish(PERSON.role, PERSON.count)]
)


@pytest.fixture
async def session(databases_of: Callable[[str], ServiceDatabases]) -> AsyncIterator[AsyncSession]:
    """A rolled-back transaction of the role that handles events."""
    context = organisation_context(REQUEST.organisation_id, "test")
    async with rolled_back(databases_of("activities").engine("worker"), context) as opened:
        yield opened


async def asked(session: AsyncSession) -> Hold:
    """A hold of the session that the examples are about."""
    needs = SessionNeeds(
        REQUEST.session_id,
        REQUEST.organisation_id,
        REQUEST.title,
        REQUEST.starts_at,
        REQUEST.ends_at,
        REQUEST.time_zone,
        REQUEST.site_id,
    )
    hold = await ask_for_everything(session, needs, WISHES)
    assert hold is not None
    return hold


async def happen(session: AsyncSession, hold: Hold, *classes: type[Event]) -> list[str]:
    """Each example about this hold, twice; gives what was published since it was asked for."""
    for event_class in classes:
        for _ in range(2):
            await deliver(session, HOLDS, example(event_class, hold_id=hold.id))
    return [type(event).__name__ for event in await published(session)][1:]


@pytest.mark.parametrize("order", [(ResourcesHeld, PeopleHeld), (PeopleHeld, ResourcesHeld)])
async def test_all_held_is_confirmed_once_in_any_order(session: AsyncSession, order: tuple[type[Event], ...]) -> None:
    hold = await asked(session)
    assert await happen(session, hold, *order) == [HoldConfirmed.__name__]
    assert hold.state == HoldState.confirmed
    assert {about: len(facts) for about, facts in hold.held.items()} == {"resources": 2, "people": 2}


@pytest.mark.parametrize("order", [(ResourcesHeld, PeopleRefused), (PeopleHeld, ResourcesRefused)])
async def test_one_refusal_releases_once(session: AsyncSession, order: tuple[type[Event], ...]) -> None:
    hold = await asked(session)
    assert await happen(session, hold, *order) == [HoldReleased.__name__]
    assert (hold.state, bool(hold.refusals[0]["alternatives"])) == (HoldState.refused, True)


async def test_held_after_a_refusal_is_told_to_give_back(session: AsyncSession) -> None:
    hold = await asked(session)
    told = await happen(session, hold, ResourcesRefused, PeopleHeld)
    assert told == [HoldReleased.__name__, HoldReleased.__name__]
