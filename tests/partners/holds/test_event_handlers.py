"""What the coordinator's events do here, each delivered twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from common.database import organisation_context
from common.testing import deliver, example, published, rolled_back
from contracts.activities import HoldConfirmed, HoldReleased, HoldRequested, ResourceWish
from contracts.event import Event
from contracts.partners import ReservationConfirmed, ReservationReleased, ResourcesHeld, ResourcesRefused
from partners.holds.event_handlers import HOLDS
from partners.reservations.tables import Reservation
from tests.conftest import ServiceDatabases
from tests.partners.lending import Lending, at


async def twice(lent: Lending, event: Event) -> None:
    for _ in range(2):
        await deliver(lent.session, HOLDS, event)


async def request_of(lent: Lending) -> HoldRequested:
    """The committed example, for a resource that is there."""
    bus = await lent.resource()
    wish = ResourceWish(
        resource_id=bus, owner_organisation_id=lent.owner_id, quantity=1, starts_at=at(10), ends_at=at(12)
    )
    event = example(HoldRequested, organisation_id=lent.lodger_id, resources=(wish,))
    assert isinstance(event, HoldRequested)
    return event


async def told(lent: Lending) -> list[str]:
    return [type(event).__name__ for event in await published(lent.session)]


async def test_request_confirmation_and_release_happen_once(lent: Lending) -> None:
    request = await request_of(lent)
    await twice(lent, request)
    assert await told(lent) == [ResourcesHeld.__name__]
    same: dict[str, Any] = {"organisation_id": lent.lodger_id}
    await twice(lent, example(HoldConfirmed, **same))
    assert await told(lent) == [ResourcesHeld.__name__, ReservationConfirmed.__name__]
    await twice(lent, example(HoldReleased, **same))
    assert (await told(lent))[2:] == [ReservationReleased.__name__]
    assert [one.state for one in await lent.session.scalars(select(Reservation))] == ["released"]


async def test_a_service_that_is_asked_for_nothing_does_not_answer(lent: Lending) -> None:
    await twice(lent, example(HoldRequested, organisation_id=lent.lodger_id, resources=()))
    assert await told(lent) == []


@pytest.mark.parametrize("confirmed_first", [True, False])
async def test_events_about_a_hold_that_was_never_heard_of_are_no_fault(
    databases_of: Callable[[str], ServiceDatabases], confirmed_first: bool
) -> None:
    request = example(HoldRequested)
    early = example(HoldConfirmed if confirmed_first else HoldReleased)
    async with rolled_back(
        databases_of("partners").engine("worker"), organisation_context(request.organisation_id, "test")
    ) as session:
        await deliver(session, HOLDS, early)
        await deliver(session, HOLDS, request)
        expected = [ResourcesRefused.__name__] if confirmed_first else []
        assert [type(event).__name__ for event in await published(session)] == expected
